"""A merchant's own program is filled by itself: everything once, whatever the line does."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import Settings

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import TransactionError, transaction
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Merchant
from payments.actions.credit_invoice import credit_invoice
from payments.actions.link_bookkeeping import (
    Administration,
    AdministrationInvalid,
    link_bookkeeping,
    unlink_bookkeeping,
)
from payments.actions.push_to_books import GIVEN_UP_AFTER, plan_pushes, push, resolve_push
from payments.gateways import GatewayError
from payments.gateways.bookkeeper import Bill, NotTakenError, RefusedError
from payments.gateways.moneybird import Moneybird
from payments.models import BankAccount, BookkeepingLink, BookkeepingPush
from payments.secrets import SecretUnreadableError, locked, unlocked
from payments.states import PushState
from tests.payments.books import sell
from tests.payments.fake_moneybird import (
    ACCOUNT,
    ADMINISTRATION,
    CONTACT,
    TAX_RATE,
    TOKEN,
    FakeMoneybird,
    Fault,
    running,
)
from tests.payments.fees import NEXT_MONTH, accrue, invoice_all, plan
from tests.payments.settling import our_account
from tests.support.proofs import prove
from tests.support.world import NOW, World

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 12, 2, 6, 0, tzinfo=UTC)
OURS = Administration(
    administration=ADMINISTRATION, financial_account=ACCOUNT, contact=CONTACT, tax_rate=TAX_RATE
)
THERE = Moneybird(
    administration=ADMINISTRATION,
    financial_account=ACCOUNT,
    contact=CONTACT,
    tax_rate=TAX_RATE,
    token=TOKEN,
)
BILL = Bill(number="2026-00009", day=date(2026, 12, 1), due=date(2026, 12, 15), lines=())


@pytest.fixture
def moneybird(settings: Settings) -> Iterator[FakeMoneybird]:
    with running() as fake:
        settings.OK_MONEYBIRD_URL = fake.url
        yield fake


@pytest.fixture
def linked(world: World, account: BankAccount) -> Merchant:
    """Bakkerij Bol keeps its books there, has sold twice, and was invoiced."""
    link(world.bol.merchant)
    plan()
    our_account()
    for amount in (1_840, 995):
        sell(world.till, account, amount)
    accrue()
    invoice_all()
    plan_pushes(now=LATER)
    return world.bol.merchant


def link(merchant: Merchant, token: str = TOKEN) -> None:
    link_bookkeeping(
        merchant_id=merchant.pk,
        administration=OURS,
        token=token,
        since=date(2026, 11, 1),
        now=NOW,
        actor=SYSTEM,
    )


def pushes() -> list[BookkeepingPush]:
    with operator_scope("the test looks"):
        return list(BookkeepingPush.objects.order_by("kind", "subject"))


def states() -> dict[str, str]:
    return {f"{one.kind} {one.subject}": one.state for one in pushes()}


def push_all(now: datetime = LATER, there: Moneybird = THERE) -> None:
    for one in pushes():
        push(push_id=one.pk, bookkeeper=there, now=now, actor=SYSTEM)


def resolve_all(now: datetime) -> None:
    for one in pushes():
        resolve_push(push_id=one.pk, bookkeeper=THERE, now=now, actor=SYSTEM)


@pytest.mark.usefixtures("linked")
def test_invoices_and_days_lie_there_once_to_the_cent(moneybird: FakeMoneybird) -> None:
    push_all()
    push_all()
    plan_pushes(now=LATER)
    assert states() == {
        "invoice 2026-00001": "sent",
        "statement 2026-11-17": "sent",
        "statement 2026-12-01": "sent",
    }
    (bill,) = moneybird.bills
    assert (bill["reference"], bill["date"], bill["due_date"]) == (
        "2026-00001",
        "2026-12-01",
        "2026-12-15",
    )
    assert bill["details_attributes"]["0"] == {
        "description": "Betalingen in de winkel",
        "price": "0.17",
        "tax_rate_id": TAX_RATE,
    }
    first, second = moneybird.statements
    assert (first["official_date"], first["official_balance"]) == ("2026-11-17", "28.35")
    assert (second["official_date"], second["official_balance"]) == ("2026-12-01", "28.14")
    assert [one["amount"] for one in moneybird.mutations] == ["18.40", "9.95", "-0.21"]
    assert all(one["account_servicer_transaction_id"] for one in moneybird.mutations)
    prove()


def test_a_credit_note_lies_there_below_zero(linked: Merchant, moneybird: FakeMoneybird) -> None:
    credit_invoice(number="2026-00001", reason="Fout", now=NEXT_MONTH, actor=SYSTEM)
    plan_pushes(now=LATER)
    push_all()
    prices = [one["details_attributes"]["0"]["price"] for one in moneybird.bills]
    assert prices == ["0.17", "-0.17"]


@pytest.mark.usefixtures("linked")
@pytest.mark.parametrize("fault", [Fault.SILENT_AFTER, Fault.BROKEN_AFTER])
def test_what_was_taken_in_silence_is_found_and_not_sent_again(
    moneybird: FakeMoneybird, fault: Fault
) -> None:
    moneybird.faults.extend([fault] * 3)
    push_all()
    assert set(states().values()) == {"unknown"}
    push_all(LATER + timedelta(hours=1))
    assert (len(moneybird.bills), len(moneybird.statements)) == (1, 2)
    resolve_all(LATER + timedelta(hours=1))
    assert set(states().values()) == {"sent"}
    assert (len(moneybird.bills), len(moneybird.statements)) == (1, 2)
    assert all(one.external_id for one in pushes())


@pytest.mark.usefixtures("linked")
def test_what_was_not_taken_is_sent_when_that_is_known(moneybird: FakeMoneybird) -> None:
    moneybird.faults.extend([Fault.BROKEN] * 3)
    push_all()
    assert set(states().values()) == {"unknown"}
    later = LATER + timedelta(hours=1)
    moneybird.faults.append(Fault.NONSENSE)
    resolve_all(later)
    assert sorted(states().values()) == ["due", "due", "unknown"]
    resolve_all(later + timedelta(hours=1))
    push_all(later + timedelta(hours=1))
    assert set(states().values()) == {"sent"}
    assert (len(moneybird.bills), len(moneybird.statements)) == (1, 2)


@pytest.mark.usefixtures("linked")
def test_a_busy_program_is_asked_later_and_longer_each_time(moneybird: FakeMoneybird) -> None:
    moneybird.faults.extend([Fault.BUSY] * 4)
    push_all()
    assert set(states().values()) == {"due"}
    push_all(LATER + timedelta(seconds=59))
    assert len(moneybird.calls) == 3
    push_all(LATER + timedelta(seconds=60))
    assert sorted(one.attempts for one in pushes()) == [1, 1, 2]
    push_all(LATER + timedelta(minutes=5))
    assert set(states().values()) == {"sent"}


@pytest.mark.usefixtures("linked")
def test_a_program_that_is_away_took_nothing(settings: Settings) -> None:
    settings.OK_MONEYBIRD_URL = "http://127.0.0.1:9/api/v2"
    push_all()
    assert set(states().values()) == {"due"}


def test_a_refusal_waits_for_the_merchant_and_goes_on_when_linked_anew(
    linked: Merchant, moneybird: FakeMoneybird
) -> None:
    push_all(there=replace(THERE, token="stale"))
    assert set(states().values()) == {"refused"}
    assert "401" in pushes()[0].last_error
    push_all()
    assert set(states().values()) == {"refused"}
    link(linked)
    push_all()
    assert set(states().values()) == {"sent"}
    assert len(moneybird.bills) == 1


@pytest.mark.usefixtures("linked", "moneybird")
def test_a_sender_that_died_is_looked_up() -> None:
    first = pushes()[0]
    with operator_scope("the test breaks"):
        BookkeepingPush.objects.filter(pk=first.pk).update(
            state=PushState.SENDING, claimed_at=LATER
        )
    resolve_all(LATER + GIVEN_UP_AFTER - timedelta(seconds=1))
    assert pushes()[0].state == "sending"
    resolve_all(LATER + GIVEN_UP_AFTER)
    assert pushes()[0].state == "due"


def test_a_token_lies_in_the_database_as_nobody_can_read_it(
    linked: Merchant, settings: Settings
) -> None:
    with operator_scope("the test looks"):
        kept = bytes(BookkeepingLink.objects.get(merchant=linked).token)
    assert TOKEN.encode() not in kept
    assert unlocked(kept) == TOKEN
    assert locked(TOKEN) != kept
    assert TOKEN not in repr(THERE)
    settings.OK_API_KEY_PEPPER = "another pepper than the one it was kept under"
    with pytest.raises(SecretUnreadableError):
        unlocked(kept)


@pytest.mark.parametrize("wrong", ["", "12a", "1" * 21, "../1"])
def test_a_number_that_is_none_is_refused(world: World, wrong: str) -> None:
    with pytest.raises(AdministrationInvalid):
        link_bookkeeping(
            merchant_id=world.bol.merchant.pk,
            administration=replace(OURS, administration=wrong),
            token=TOKEN,
            since=date(2026, 11, 1),
            now=NOW,
            actor=SYSTEM,
        )
    with pytest.raises(AdministrationInvalid):
        link(world.bol.merchant, token=" ")


def test_unlinked_nothing_is_planned_any_more(world: World, account: BankAccount) -> None:
    link(world.bol.merchant)
    unlink_bookkeeping(merchant_id=world.bol.merchant.pk, actor=SYSTEM)
    unlink_bookkeeping(merchant_id=world.bol.merchant.pk, actor=SYSTEM)
    sell(world.till, account, 1_840)
    plan_pushes(now=LATER)
    assert pushes() == []


def test_a_day_that_goes_on_is_not_sent(world: World, account: BankAccount) -> None:
    link(world.bol.merchant)
    sell(world.till, account, 1_840)
    plan_pushes(now=NOW)
    assert pushes() == []


def test_nothing_is_called_inside_a_transaction(moneybird: FakeMoneybird) -> None:
    with pytest.raises(TransactionError), transaction():
        THERE.add_bill(BILL)
    assert moneybird.calls == []


@pytest.mark.parametrize(
    ("fault", "error"),
    [(Fault.BUSY, NotTakenError), (Fault.BROKEN, GatewayError), (Fault.NONSENSE, GatewayError)],
)
def test_each_answer_has_its_meaning(
    moneybird: FakeMoneybird, fault: Fault, error: type[GatewayError]
) -> None:
    moneybird.faults.append(fault)
    with pytest.raises(error) as said:
        THERE.find_bill(BILL)
    assert type(said.value) is error
    with pytest.raises(RefusedError):
        replace(THERE, contact="1").add_bill(BILL)
    assert THERE.find_bill(BILL) is None
