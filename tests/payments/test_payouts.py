"""Paying merchants what they are owed: how much, when, once, and what of one that came back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError

from okplatform.kernel import clock, relay
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from okplatform.kernel.models import Event, OutboxItem
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import operator_scope
from payments.actions.set_payout_terms import PayoutAmountsWrong, set_payout_terms
from payments.calendar import Schedule
from payments.gateways.payee_names import NoPayeeNames
from payments.ledger import AccountRef, post
from payments.models import BankAccount, HouseAccount, Payout, PayoutItem, PayoutTerms
from tests.payments.books import held, owed_by, owed_to, sell
from tests.payments.settling import (
    at_the_bank,
    bank_books,
    bank_returns,
    expectation_of,
    in_transit,
    instruction,
    our_account,
    pay_out,
    payouts,
)
from tests.support.proofs import prove
from tests.support.world import NOW, Place, World

TOMORROW = NOW + timedelta(days=1)
MERCHANTS_IBAN = "NL91ABNA0417164300"


@pytest.fixture
def ours(world: World) -> HouseAccount:
    return our_account()


@pytest.fixture
def paid(world: World, account: BankAccount, ours: HouseAccount) -> Payout:
    """What Bakkerij Bol sold on Tuesday, ordered on Wednesday."""
    sell(world.till, account, 1_840)
    sell(world.till, account, 260)
    pay_out(TOMORROW)
    (payout,) = payouts()
    return payout


def wants(place: Place, schedule: Schedule, *, threshold: int = 1, reserve: int = 0) -> None:
    set_payout_terms(
        merchant_id=place.merchant.pk,
        iban=MERCHANTS_IBAN,
        holder="Bakkerij Bol B.V.",
        schedule=schedule,
        threshold=threshold,
        reserve=reserve,
        names=NoPayeeNames(),
        now=NOW,
        actor=SYSTEM,
    )


def owe_back(place: Place, account: BankAccount, amount: int, reference: str) -> None:
    """Book what a refund books."""
    with transaction():
        post(
            kind="refund",
            reference=reference,
            mode=Mode.LIVE,
            entries=[(owed_to(place), -amount), (owed_by(account), amount)],
            now=NOW,
        )


def test_a_merchant_without_terms_is_paid_daily_to_the_iban_it_signed_with(
    world: World, paid: Payout
) -> None:
    assert (paid.amount, paid.state, paid.due_on) == (2_100, "ordered", date(2026, 11, 18))
    assert (paid.iban, paid.holder) == (MERCHANTS_IBAN, "Bakkerij Bol")
    assert paid.cut_at == datetime(2026, 11, 17, 23, 0, tzinfo=UTC)


def test_todays_sales_wait_for_tomorrow(
    world: World, account: BankAccount, ours: HouseAccount
) -> None:
    sell(world.till, account, 1_840)
    assert pay_out(NOW) == []
    assert payouts() == []
    assert held(owed_to(world.till)) == 1_840


def test_ordering_books_it_and_expects_it(world: World, paid: Payout, ours: HouseAccount) -> None:
    assert held(owed_to(world.till)) == 0
    assert held(in_transit(ours, paying=True)) == 2_100
    expected = expectation_of(paid)
    assert (expected.amount, expected.iban, expected.state) == (-2_100, MERCHANTS_IBAN, "open")
    told = Event.objects.get(type="payments.payout_ordered")
    assert (told.merchant_id, told.mode) == (world.till.merchant.pk, "live")
    assert (told.payload["amount"], told.payload["items"]) == (2_100, 2)
    prove()


def test_each_payout_drills_down_to_its_sales(
    world: World, account: BankAccount, ours: HouseAccount
) -> None:
    sales = {str(sell(world.till, account, amount)) for amount in (1_840, 260)}
    pay_out(TOMORROW)
    with operator_scope("the test looks"):
        items = PayoutItem.objects.select_related("posting")
        assert {(item.posting.kind, item.posting.reference) for item in items} == {
            ("sale_paid", sale) for sale in sales
        }
        assert sum(item.amount for item in items) == payouts()[0].amount


def test_the_file_says_what_was_ordered(paid: Payout) -> None:
    read = instruction(paid.outgoing_file_id)
    assert (read.file.kind, read.file.transactions, read.file.total) == ("pain.001", 1, 2_100)
    assert read.texts("InstdAmt") == ["21.00"]
    assert read.texts("EndToEndId") == [paid.end_to_end_id]
    assert read.texts("PmtInfId") == [expectation_of(paid).batch_id]
    assert MERCHANTS_IBAN in read.texts("IBAN")


def test_a_sale_is_paid_out_once(world: World, account: BankAccount, paid: Payout) -> None:
    assert pay_out(TOMORROW) == []
    sell(world.till, account, 500)
    pay_out(TOMORROW)
    assert [payout.amount for payout in payouts()] == [2_100, 500]


def test_two_merchants_are_paid_by_one_file(
    world: World, account: BankAccount, ours: HouseAccount
) -> None:
    sell(world.till, account, 100)
    sell(world.gouda, account, 200)
    (file_id,) = pay_out(TOMORROW)
    assert instruction(file_id).file.total == 300
    assert {payout.merchant_id: payout.amount for payout in payouts()} == {
        world.till.merchant.pk: 100,
        world.gouda.merchant.pk: 200,
    }


def test_who_wants_it_at_once_has_it_at_once(
    world: World, account: BankAccount, ours: HouseAccount
) -> None:
    wants(world.till, Schedule.INSTANT)
    sell(world.till, account, 100)
    sell(world.gouda, account, 200)
    pay_out(NOW + timedelta(seconds=1))
    assert [(payout.amount, payout.holder) for payout in payouts()] == [(100, "Bakkerij Bol B.V.")]


@pytest.mark.parametrize(
    ("schedule", "too_soon", "due"),
    [
        (Schedule.HOURLY, NOW + timedelta(minutes=59), NOW + timedelta(hours=1)),
        (Schedule.DAILY, NOW + timedelta(hours=8), NOW + timedelta(hours=9)),
        (Schedule.WEEKLY, NOW + timedelta(days=5, hours=8), NOW + timedelta(days=5, hours=9)),
    ],
)
def test_a_schedule_pays_from_its_cut_on(
    world: World,
    account: BankAccount,
    ours: HouseAccount,
    schedule: Schedule,
    too_soon: datetime,
    due: datetime,
) -> None:
    wants(world.till, schedule)
    sell(world.till, account, 100)
    assert pay_out(too_soon) == []
    assert len(pay_out(due)) == 1


def test_less_than_the_threshold_waits_until_there_is_more(
    world: World, account: BankAccount, ours: HouseAccount
) -> None:
    wants(world.till, Schedule.INSTANT, threshold=1_000)
    sell(world.till, account, 999)
    assert pay_out(TOMORROW) == []
    sell(world.till, account, 1)
    pay_out(TOMORROW)
    assert [payout.amount for payout in payouts()] == [1_000]


def test_the_reserve_stays_behind(world: World, account: BankAccount, ours: HouseAccount) -> None:
    wants(world.till, Schedule.INSTANT, reserve=500)
    for amount in (1_000, 400, 300):
        sell(world.till, account, amount)
    pay_out(TOMORROW)
    assert [payout.amount for payout in payouts()] == [1_000]
    assert held(owed_to(world.till)) == 700
    prove()


def test_what_the_merchant_owes_is_taken_off(
    world: World, account: BankAccount, ours: HouseAccount
) -> None:
    sell(world.till, account, 1_000)
    owe_back(world.till, account, 300, "r1")
    pay_out(TOMORROW)
    assert [payout.amount for payout in payouts()] == [700]
    assert held(owed_to(world.till)) == 0


def test_who_owes_more_than_it_is_owed_is_not_paid(
    world: World, account: BankAccount, ours: HouseAccount
) -> None:
    sell(world.till, account, 1_000)
    wants(world.till, Schedule.INSTANT)
    pay_out(TOMORROW)
    sell(world.till, account, 200)
    owe_back(world.till, account, 200, "r1")
    assert pay_out(TOMORROW) == []
    assert len(payouts()) == 1


def test_what_left_our_account_is_paid(paid: Payout, ours: HouseAccount) -> None:
    bank_books(paid)
    (payout,) = payouts()
    assert (payout.state, payout.paid_on is not None) == ("paid", True)
    assert (held(in_transit(ours, paying=True)), held(at_the_bank(ours))) == (0, 2_100)
    assert Event.objects.filter(type="payments.payout_paid").count() == 1
    # What settling it told is handled too.
    relay.drain(now=clock.now())
    assert not OutboxItem.objects.exists()
    prove()


def test_what_came_back_is_owed_again_and_nothing_goes_out_until_the_account_is_set(
    world: World, paid: Payout, ours: HouseAccount
) -> None:
    bank_books(paid)
    bank_returns(paid, "AC04")
    (payout,) = payouts()
    assert (payout.state, payout.reason) == ("returned", "AC04")
    assert held(owed_to(world.till)) == 2_100
    assert (held(in_transit(ours, paying=True)), held(at_the_bank(ours))) == (0, 0)
    assert pay_out(TOMORROW + timedelta(days=7)) == []
    with operator_scope("the test looks"):
        assert PayoutTerms.objects.get().paused_reason == "AC04"
    prove()


def test_what_came_back_is_paid_anew_once_the_account_is_set(
    world: World, paid: Payout, ours: HouseAccount
) -> None:
    bank_returns(paid, "AC04", same_day=True)
    wants(world.till, Schedule.DAILY)
    pay_out(datetime(2030, 1, 1, 12, 0, tzinfo=UTC))
    first, second = payouts()
    assert (first.state, second.state, second.amount) == ("returned", "ordered", 2_100)
    with operator_scope("the test looks"):
        (item,) = PayoutItem.objects.filter(payout=second).select_related("posting")
        assert PayoutItem.objects.filter(payout=first).count() == 2
    assert (item.posting.kind, item.posting.reference) == ("payout_returned", str(first.pk))
    prove()


def test_an_account_that_no_file_can_name_keeps_nobody_else_waiting(
    world: World, account: BankAccount, ours: HouseAccount
) -> None:
    wants(world.till, Schedule.DAILY)
    with operator_scope("a restored dump"):
        PayoutTerms.objects.update(iban="NL00ABNA0417164300")
    sell(world.till, account, 100)
    sell(world.gouda, account, 200)
    pay_out(TOMORROW)
    assert [payout.merchant_id for payout in payouts()] == [world.gouda.merchant.pk]
    assert held(owed_to(world.till)) == 100


@pytest.mark.parametrize(("threshold", "reserve"), [(0, 0), (-1, 0), (1, -1)])
def test_terms_have_sound_amounts(world: World, threshold: int, reserve: int) -> None:
    with pytest.raises(PayoutAmountsWrong):
        wants(world.till, Schedule.DAILY, threshold=threshold, reserve=reserve)
    with operator_scope("the test looks"):
        assert not PayoutTerms.objects.exists()


def test_an_item_stays_in_its_payout(paid: Payout) -> None:
    with (
        operator_scope("the test tries"),
        pytest.raises(IntegrityError, match="stays in its payout"),
        transaction(),
    ):
        PayoutItem.objects.update(payout=None)


def test_a_merchant_is_never_paid_anothers_sales(
    world: World, account: BankAccount, paid: Payout
) -> None:
    sell(world.gouda, account, 100)
    pay_out(NOW)
    with (
        operator_scope("the test tries"),
        pytest.raises(IntegrityError, match="payout_item_of_same_merchant"),
        transaction(),
    ):
        PayoutItem.objects.filter(payout=None).update(payout=paid)


def test_rehearsals_are_paid_from_the_test_account(
    world: World, account: BankAccount, ours: HouseAccount
) -> None:
    sell(world.till, account, 100)
    other = our_account(Mode.TEST)
    pay_out(TOMORROW)
    assert [payout.house_account_id for payout in payouts()] == [ours.pk]
    assert held(AccountRef("payouts_in_transit", other.pk, "EUR"), Mode.TEST) == 0
