"""A line that paid a refund or an invoice is decided anew: what it settled waits again."""

from datetime import date

import pytest

from okplatform.kernel import clock, relay
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.models import AuditEntry
from payments.actions.credit_invoice import credit_invoice
from payments.actions.redecide_entry import DecisionStands, redecide_entry
from payments.chart import EUR, INVOICES_OPEN, SUSPENSE
from payments.deciding import Share
from payments.ledger import AccountRef
from payments.models import (
    BankAccount,
    BankEntry,
    Expectation,
    HouseAccount,
    Invoice,
    Match,
    Posting,
    Refund,
)
from tests.payments.bank import line
from tests.payments.books import held, owed_to, sell
from tests.payments.fees import MONTHLY, NEXT_MONTH, give, invoice_all, invoice_of, plan
from tests.payments.refunding import IN_TIME, bank_pays, give_back, on_its_way, order, refunds
from tests.payments.settling import bank_books, bank_says, collect, our_account, sign
from tests.support.proofs import prove
from tests.support.races import AT_ONCE, all_at_once
from tests.support.world import NOW, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(world: World) -> HouseAccount:
    return our_account()


@pytest.fixture
def refund(world: World, account: BankAccount, ours: HouseAccount) -> Refund:
    """Return one that the bank has paid."""
    sign(account)
    sale = sell(world.till, account, 1_840)
    bank_books(collect())
    give_back(world.till, sale, 500)
    order(IN_TIME)
    (ordered,) = refunds()
    bank_pays(ours, ordered)
    return refunds()[0]


@pytest.fixture
def invoice(world: World, ours: HouseAccount) -> Invoice:
    """Return one of € 18.15 that its merchant has paid by bank."""
    return paid_invoice(world, ours)


def paid_invoice(world: World, ours: HouseAccount) -> Invoice:
    plan("groei", MONTHLY, is_default=False)
    give(world.bol.merchant, "groei", date(2026, 11, 1))
    (issued,) = invoice_all()
    bank_says(ours, line(1_815, f"OKI{issued.pk}"))
    return invoice_of(issued.pk)


def last_line() -> BankEntry:
    return BankEntry.objects.latest("pk")


def anew(share: Share) -> None:
    redecide_entry(
        entry_id=last_line().pk, shares=[share], reason="another's", now=NOW, actor=SYSTEM
    )


def hand_over() -> None:
    relay.drain(now=clock.now())
    prove()


def open_at(ours: HouseAccount) -> int:
    return held(AccountRef(INVOICES_OPEN.kind, ours.pk, EUR))


def suspense_of(ours: HouseAccount) -> int:
    return held(AccountRef(SUSPENSE.kind, ours.pk, EUR))


def test_a_refund_that_was_not_paid_after_all_is_on_its_way_again(
    refund: Refund, ours: HouseAccount
) -> None:
    assert (refund.state, held(on_its_way(ours))) == ("paid", 0)
    expected = Expectation.objects.get(kind="refund")

    anew(Share(None, -500))
    hand_over()

    (again,) = refunds()
    assert (again.state, again.paid_on) == ("ordered", None)
    expected.refresh_from_db()
    assert (expected.state, expected.outstanding) == ("open", -500)
    assert (held(on_its_way(ours)), suspense_of(ours)) == (500, -500)
    assert AuditEntry.objects.filter(action="refund_unsettled").count() == 1
    assert not Match.objects.filter(expectation=expected).exists()
    # It is not ordered a second time, and its own line pays it.
    order(IN_TIME)
    assert len(refunds()) == 1
    anew(Share(expected.pk, -500))
    hand_over()
    assert [one.state for one in refunds()] == ["paid"]
    assert (held(on_its_way(ours)), suspense_of(ours)) == (0, 0)


def test_a_refund_that_came_back_since_stays_decided(refund: Refund, ours: HouseAccount) -> None:
    paid_by = last_line().pk
    bank_pays(ours, refund, reason="AC04")
    before = Posting.objects.count()
    for entry, amount in ((paid_by, -500), (last_line().pk, 500)):
        with pytest.raises(DecisionStands):
            redecide_entry(
                entry_id=entry, shares=[Share(None, amount)], reason="?", now=NOW, actor=SYSTEM
            )
    assert Posting.objects.count() == before
    assert [one.state for one in refunds()] == ["returned", "waiting"]
    prove()


def test_an_invoice_that_was_not_paid_after_all_is_open_again(
    invoice: Invoice, ours: HouseAccount
) -> None:
    assert (invoice.open, open_at(ours)) == (0, 0)

    anew(Share(None, 1_815))
    hand_over()

    assert invoice_of(invoice.pk).open == 1_815
    assert (open_at(ours), suspense_of(ours)) == (-1_815, 1_815)
    assert AuditEntry.objects.filter(action="invoice_unsettled").count() == 1
    anew(Share(Expectation.objects.get(kind="invoice").pk, 1_815))
    hand_over()
    assert invoice_of(invoice.pk).open == 0
    assert (open_at(ours), suspense_of(ours)) == (0, 0)


def credit(invoice: Invoice) -> None:
    credit_invoice(number=invoice.number, reason="too much", now=NEXT_MONTH, actor=SYSTEM)


def test_what_paid_an_invoice_that_was_credited_stays_decided(
    world: World, invoice: Invoice, ours: HouseAccount
) -> None:
    credit(invoice)
    with pytest.raises(DecisionStands):
        anew(Share(None, 1_815))
    assert held(owed_to(world.till)) == 1_815
    assert suspense_of(ours) == 0
    prove()


def test_an_invoice_is_credited_by_what_is_expected_before_the_event_is_handed_over(
    world: World, invoice: Invoice, ours: HouseAccount
) -> None:
    anew(Share(None, 1_815))
    credit(invoice)
    assert held(owed_to(world.till)) == 0, "nothing was paid, so nothing is owed"
    assert open_at(ours) == 0
    hand_over()


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_of_taking_back_and_crediting_at_once_the_second_sees_the_first(world: World) -> None:
    ours = our_account()
    invoice = paid_invoice(world, ours)

    def act(number: int) -> str:
        try:
            if number == AT_ONCE // 2:
                credit(invoice)
                return "credited"
            anew(Share(None, 1_815))
        except DecisionStands:
            return "stands"
        return "taken back"

    ended = all_at_once(act)
    hand_over()
    assert ended["credited"] == 1
    was_taken_back = ended["taken back"] > 0
    assert held(owed_to(world.till)) == (0 if was_taken_back else 1_815)
    assert suspense_of(ours) == (1_815 if was_taken_back else 0)
