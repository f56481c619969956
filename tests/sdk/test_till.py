"""The till kit on a line that misbehaves: each sale ends with a verdict, and it is the true one."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import cast
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django.live_server_helper import LiveServer

from merchants.certification.gateways.line import BadLine, Mischief, Passage, bad_line
from ok_till import Client, JournalInUseError, NoAnswerError, Patience, RefusedError, Till
from ok_till.journal import Journal
from ok_till.models import SaleBody
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from okplatform.trade.models import Sale
from payments.models import Payment
from tests.support.counter import basket, paying, settle_events, show, with_bank_account
from tests.support.phone import Phone
from tests.support.proofs import prove
from tests.support.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

PATIENT = Patience(first=0.05, later=0.05, give_up=60.0)
IMPATIENT = Patience(first=0.05, later=0.05, give_up=0.2)
ANSWER_WITHIN = 0.7
LATE_SECONDS = 1.0

TillMaker = Callable[..., tuple[Till, BadLine]]


class InTurn:
    """Does one mischief after the other, and then none."""

    def __init__(self, *mischiefs: Mischief) -> None:
        self.left = list(mischiefs)

    def __call__(self, _passage: Passage) -> Mischief:
        return self.left.pop(0) if self.left else Mischief.NONE


@pytest.fixture
def phone(alice: Person) -> Phone:
    return with_bank_account(alice)


@pytest.fixture
def till_on(live_server: LiveServer, world: World, tmp_path: Path) -> Iterator[TillMaker]:
    """Make a till at the end of a line that does these mischiefs in turn."""
    key = world.till.key
    with ExitStack() as open_lines:

        def make(
            *mischiefs: Mischief, journal: str = "till.journal", patience: Patience = PATIENT
        ) -> tuple[Till, BadLine]:
            address, line = open_lines.enter_context(
                bad_line(live_server.url, InTurn(*mischiefs), late_seconds=LATE_SECONDS)
            )
            client = Client(address, key, answer_within=ANSWER_WITHIN)
            till = Till(client, tmp_path / journal, patience=patience)
            open_lines.callback(till.close)
            return till, line

        yield make


def goods(code: str | None = None, *tenders: str) -> SaleBody:
    body = basket(code=code) if code else basket()
    if tenders:
        body["payment"] = paying(*tenders)
    return cast("SaleBody", body)


def check_sold(*, sales: int, payments: int) -> None:
    settle_events()
    with operator_scope("a test counts all"):
        assert Sale.objects.filter(state="closed").count() == sales
        assert Payment.objects.count() == payments
    prove()


@pytest.mark.parametrize("mischief", Mischief)
def test_whatever_the_line_does_to_the_first_call_the_sale_is_paid_once(
    mischief: Mischief, till_on: TillMaker, phone: Phone
) -> None:
    till, line = till_on(mischief)

    outcome = till.sell(goods(show(phone), "ok"))

    assert outcome.goods_may_leave
    assert outcome.answer is not None
    assert outcome.answer["tenders"][0]["kind"] == "ok"
    assert till.journal.open() == []
    assert line.did(mischief) >= 1
    till.close()
    check_sold(sales=1, payments=1)


@pytest.mark.long
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(mischiefs=st.lists(st.sampled_from(Mischief), max_size=6))
def test_whatever_the_line_does_in_turn_the_till_and_the_books_agree(
    mischiefs: list[Mischief], till_on: TillMaker
) -> None:
    till, line = till_on(*mischiefs, journal=f"{uuid4()}.journal")

    outcome = till.sell(goods(None, "cash"))

    assert outcome.verdict in ("happened", "did_not_happen")
    with operator_scope("a test looks at one"):
        state = Sale.objects.get(uuid=outcome.uuid).state
    assert state == ("closed" if outcome.goods_may_leave else "cancelled")
    assert till.journal.verdicts() == {outcome.uuid: outcome.verdict}
    till.close()
    assert line.settle(seconds=30)  # nothing is under way when the next example is drawn


def test_a_dead_line_ends_in_a_stopped_sale_and_what_was_late_never_pays(
    till_on: TillMaker, phone: Phone
) -> None:
    dead = [Mischief.REQUEST_LATE] + [Mischief.REQUEST_LOST] * 9
    till, line = till_on(*dead, patience=IMPATIENT)

    outcome = till.sell(goods(show(phone), "ok"))

    assert outcome.verdict == "did_not_happen"
    assert "DELETE" in {method for method, _mischief in line.done}
    line.later.shutdown(wait=True)  # the first call has arrived now
    check_sold(sales=0, payments=0)


def test_a_refused_code_stops_the_sale_and_says_why(till_on: TillMaker) -> None:
    till, _line = till_on()

    with pytest.raises(RefusedError) as refused:
        till.sell(goods("0200000000010000000002", "ok"))

    assert refused.value.code in ("code_unknown", "code_invalid", "code_malformed")
    assert refused.value.sentence
    assert set(till.journal.verdicts().values()) == {"did_not_happen"}
    check_sold(sales=0, payments=0)


def test_quoted_first_and_changed_it_is_paid_at_the_price_that_was_shown(
    till_on: TillMaker, phone: Phone
) -> None:
    till, _line = till_on(Mischief.ANSWER_LOST, Mischief.NONE, Mischief.DOUBLED)
    sale = till.new_sale()

    quoted = sale.quote(goods(show(phone)))
    outcome = sale.pay({"tenders": [{"kind": "ok"}], "amount_due": quoted["due"]})

    assert outcome.goods_may_leave
    assert outcome.answer is not None
    assert outcome.answer["due"] == quoted["due"]
    check_sold(sales=1, payments=1)


def test_another_price_than_was_shown_pays_nothing_and_the_sale_goes_on(
    till_on: TillMaker,
) -> None:
    till, _line = till_on()
    sale = till.new_sale()
    quoted = sale.quote(goods())

    with pytest.raises(RefusedError) as refused:
        sale.pay({"tenders": [{"kind": "cash"}], "amount_due": quoted["due"] - 1})

    assert refused.value.code == "amount_changed"
    assert refused.value.verdict == "still_open"
    outcome = sale.pay({"tenders": [{"kind": "cash"}], "amount_due": quoted["due"]})
    assert outcome.goods_may_leave
    check_sold(sales=1, payments=0)


def test_after_power_loss_what_was_paid_is_told_and_what_was_not_is_stopped(
    till_on: TillMaker, tmp_path: Path, world: World
) -> None:
    sold, _line = till_on()
    uuid = sold.new_sale().uuid
    body = {**goods(None, "cash"), "revision": 1}
    entry = sold.journal.begin(uuid, body, at=1.0)
    sold.send(entry)  # and the power went before the answer was written down
    lost = str(uuid4())
    sold.journal.begin(lost, body, at=2.0)  # and this one never left
    sold.close()

    again, _line = till_on(Mischief.ANSWER_LOST)
    outcomes = {outcome.uuid: outcome.verdict for outcome in again.recover()}

    assert outcomes == {uuid: "happened", lost: "did_not_happen"}
    assert again.recover() == []
    with pytest.raises(RefusedError):
        again.send(again.journal.begin(lost, body, at=3.0))  # a late original
    check_sold(sales=1, payments=0)


def test_a_stopped_sale_is_stopped_and_a_paid_one_stays_paid(till_on: TillMaker) -> None:
    till, _line = till_on()
    left, kept = till.new_sale(), till.new_sale()
    left.quote(goods())
    kept.quote(goods())
    till.client.call(
        "POST",
        f"/api/v1/sales/{kept.uuid}/payment",
        {"revision": 1, "tenders": [{"kind": "pin"}]},
    )

    assert left.stop().verdict == "did_not_happen"
    assert kept.stop().verdict == "happened"
    check_sold(sales=1, payments=0)


def test_a_quote_on_a_dead_line_says_so_and_pays_nothing(till_on: TillMaker) -> None:
    till, _line = till_on(*[Mischief.REQUEST_LOST] * 60, patience=IMPATIENT)
    with pytest.raises(NoAnswerError):
        till.new_sale().quote(goods())
    check_sold(sales=0, payments=0)


def test_a_key_that_stands_no_more_is_a_refusal_not_a_guess(
    till_on: TillMaker, live_server: LiveServer, tmp_path: Path
) -> None:
    till = Till(
        Client(live_server.url, "ok_live_none"), tmp_path / "other.journal", patience=IMPATIENT
    )
    with pytest.raises(RefusedError) as refused:
        till.sell(goods(None, "cash"))
    assert refused.value.code == "key_invalid"
    assert len(till.journal.open()) == 1, "nobody said how it ended"
    till.close()


def test_one_journal_is_for_one_till(tmp_path: Path) -> None:
    first = Journal(tmp_path / "till.journal")
    with pytest.raises(JournalInUseError):
        Journal(tmp_path / "till.journal")
    first.close()
    Journal(tmp_path / "till.journal").close()
