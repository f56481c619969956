"""A payout or refund that the bank timed out on is paid once: nobody guesses what became of it."""

from datetime import date, datetime, timedelta

import pytest
from django.db import InternalError, connection
from django.db.utils import IntegrityError
from django.test import Client

from okplatform.kernel import clock, relay
from okplatform.kernel.audit import SYSTEM, Actor
from okplatform.kernel.models import AuditEntry
from okplatform.kernel.tenancy import operator_scope
from payments.actions.give_up_transfer import LineMayBeIt, TransferNotInDoubt, give_up_transfer
from payments.actions.settle_doubts import settle_doubts
from payments.actions.take_status_report import StatusTaken, take_status_report
from payments.bankfiles.pain002 import Status, StatusReport
from payments.calendar import certain_on
from payments.deciding import ReasonMissing
from payments.invariants.doubts import transfers_are_made_once
from payments.models import (
    BankAccount,
    Evidence,
    ExpectationKind,
    HouseAccount,
    OutgoingFile,
    Payout,
    PayoutTerms,
    Refund,
)
from payments.whereabouts import whereabouts
from tests.payments.bank import Bank, line
from tests.payments.books import held, owed_to, sell
from tests.payments.refunding import IN_TIME, coming_to, give_back, order, refunds
from tests.payments.settling import (
    OUR_IBAN,
    bank_books,
    bank_returns,
    booked,
    collect,
    expectation_of,
    in_transit,
    our_account,
    pay_out,
    payouts,
    sign,
)
from tests.support.proofs import prove
from tests.support.races import AT_ONCE, all_at_once
from tests.support.world import NOW, World

pytestmark = pytest.mark.django_db

FINANCE = Actor(kind="person", id="7")
TOMORROW = NOW + timedelta(days=1)
LONG_AFTER = NOW + timedelta(days=14)


@pytest.fixture
def ours(world: World) -> HouseAccount:
    return our_account()


@pytest.fixture
def payout(world: World, account: BankAccount, ours: HouseAccount) -> Payout:
    """Return one that was ordered, and is with the bank."""
    sell(world.till, account, 1_840)
    pay_out(TOMORROW)
    (ordered,) = payouts()
    return ordered


def rejected(file: OutgoingFile, *, order: str = "", why: str = "") -> StatusReport:
    return StatusReport(
        message_id=file.message_id,
        batch_id="",
        end_to_end_id=order,
        status=Status.REJECTED,
        reason=why,
    )


def answer(transfer: Payout | Refund, code: str, *, whole_file: bool = False) -> StatusTaken:
    """Let the bank reject a transfer, and sum that up as many banks do."""
    file = OutgoingFile.objects.get(pk=transfer.outgoing_file_id or 0)
    reports = [rejected(file, order=transfer.end_to_end_id, why=code)]
    if whole_file:
        reports.append(rejected(file))
    return take_status_report(reports=reports, now=TOMORROW, actor=SYSTEM)


def statement(bank: Bank, first: date, last: date, *lines: object) -> None:
    bank.settle(*lines, first_day=first, last_day=last)  # type: ignore[arg-type]


def settle(now: datetime = LONG_AFTER) -> int:
    settled = settle_doubts(now=now, actor=SYSTEM)
    prove()
    return settled


def give_up(payout: Payout, reason: str = "Mrs De Wit at the bank") -> None:
    give_up_transfer(
        kind=ExpectationKind.PAYOUT,
        transfer_id=payout.pk,
        evidence=Evidence.PERSON,
        reason=reason,
        now=TOMORROW,
        actor=FINANCE,
    )


def state() -> list[tuple[str, str, str]]:
    return [(one.state, one.doubt, one.given_up_by) for one in payouts()]


@pytest.mark.parametrize("code", ["AB05", "AB06", "AB07", "AB08", "AB10"])
def test_a_payout_that_the_bank_timed_out_on_is_neither_paid_nor_owed_again(
    world: World, payout: Payout, ours: HouseAccount, code: str
) -> None:
    assert answer(payout, code, whole_file=True) == StatusTaken(doubted=1, known=1)
    assert state() == [("unknown", code, "")]
    assert expectation_of(payout).state == "open"
    assert held(owed_to(world.till)) == 0
    assert held(in_transit(ours, paying=True)) == 1_840
    with operator_scope("the test looks"):
        assert not PayoutTerms.objects.exclude(paused_reason="").exists()
    money = whereabouts(merchant_id=payout.merchant_id, mode="live")
    assert (money.in_doubt.count, money.in_doubt.amount, money.total) == (1, 1_840, 1_840)
    # The same answer again, and the days that pass, change nothing.
    assert answer(payout, code) == StatusTaken(known=1)
    assert settle() == 0
    pay_out(LONG_AFTER)
    assert state() == [("unknown", code, "")]


def test_the_banks_line_says_that_it_happened(world: World, payout: Payout) -> None:
    answer(payout, "AB06")
    bank_books(payout)
    assert state() == [("paid", "AB06", "")]
    assert settle() == 0
    with pytest.raises(TransferNotInDoubt):
        give_up(payout)
    pay_out(LONG_AFTER)
    assert len(payouts()) == 1
    assert held(owed_to(world.till)) == 0
    prove()


def test_what_happened_may_still_come_back(world: World, payout: Payout) -> None:
    answer(payout, "AB06")
    bank_returns(payout, "AC04", same_day=True)
    assert state() == [("returned", "AB06", "")]
    assert held(owed_to(world.till)) == 1_840
    prove()


def test_a_reason_that_is_certain_ends_the_doubt(world: World, payout: Payout) -> None:
    answer(payout, "AB06")
    assert answer(payout, "AC04") == StatusTaken(rejected=1)
    assert state() == [("returned", "AB06", "")]
    assert held(owed_to(world.till)) == 1_840
    prove()


def test_statements_without_it_say_that_it_did_not_happen_and_it_is_paid_anew(
    world: World, payout: Payout, ours: HouseAccount
) -> None:
    answer(payout, "AB06")
    last = certain_on(payout.due_on)
    bank = Bank(ours)
    statement(bank, payout.due_on, last - timedelta(days=1))
    assert settle() == 0, "the last day is not told yet"
    statement(bank, last, last)
    assert settle_doubts(now=NOW, actor=SYSTEM) == 0, "the day is not over"
    assert settle() == 1
    assert state() == [("returned", "AB06", "statement")]
    assert expectation_of(payout).state == "cancelled"
    assert held(owed_to(world.till)) == 1_840
    audited = AuditEntry.objects.get(action="transfer_given_up")
    assert audited.data == {"by": "statement", "reason": ""}

    pay_out(LONG_AFTER + timedelta(days=1))
    first, again = payouts()
    assert (first.state, again.state, again.amount) == ("returned", "ordered", 1_840)
    assert settle() == 0


def test_a_gap_between_statements_makes_nothing_certain(payout: Payout, ours: HouseAccount) -> None:
    answer(payout, "AB06")
    last = certain_on(payout.due_on)
    bank = Bank(ours)
    statement(bank, payout.due_on, payout.due_on)
    bank.balance -= 1_840
    statement(bank, payout.due_on + timedelta(days=1), last)
    assert settle() == 0
    assert state() == [("unknown", "AB06", "")]


@pytest.mark.parametrize("amount", [-1_840, -5_000])
def test_while_a_line_may_be_it_nobody_gives_it_up(
    world: World, payout: Payout, ours: HouseAccount, amount: int
) -> None:
    answer(payout, "AB06")
    stranger = line(amount, "NOTPROVIDED", iban=OUR_IBAN, booked_on=payout.due_on)
    statement(Bank(ours), payout.due_on, certain_on(payout.due_on), stranger)
    assert settle_doubts(now=LONG_AFTER, actor=SYSTEM) == 0
    with pytest.raises(LineMayBeIt):
        give_up(payout)
    assert state() == [("unknown", "AB06", "")]
    assert held(owed_to(world.till)) == 0


def test_a_line_that_is_another_thing_for_certain_holds_nothing_up(
    world: World, payout: Payout, ours: HouseAccount
) -> None:
    answer(payout, "AB06")
    came_back = line(-5_000, "E2E-9", reason="MD06", booked_on=payout.due_on)
    other = Bank(ours).expect(-4_000, "E2E-8")
    differs = line(-4_500, other.end_to_end_id, booked_on=payout.due_on)
    statement(Bank(ours), payout.due_on, certain_on(payout.due_on), came_back, differs)
    assert settle_doubts(now=LONG_AFTER, actor=SYSTEM) == 1


def test_a_person_decides_and_says_why(world: World, payout: Payout) -> None:
    answer(payout, "AB06")
    with pytest.raises(ReasonMissing):
        give_up(payout, " ")
    give_up(payout)
    assert state() == [("returned", "AB06", "person")]
    assert held(owed_to(world.till)) == 1_840
    audited = AuditEntry.objects.get(action="transfer_given_up")
    assert (audited.actor_id, audited.data["reason"]) == ("7", "Mrs De Wit at the bank")
    with pytest.raises(TransferNotInDoubt):
        give_up(payout)
    prove()


def test_what_the_bank_took_after_all_breaks_the_proof(payout: Payout, ours: HouseAccount) -> None:
    answer(payout, "AB06")
    give_up(payout)
    Bank(ours).settle(line(-1_840, payout.end_to_end_id))
    with operator_scope("the test looks"):
        (breach,) = transfers_are_made_once().breaches
    assert "took it" in breach


def test_a_refund_waits_in_the_same_way_and_goes_to_the_same_account(
    world: World, account: BankAccount, ours: HouseAccount
) -> None:
    sign(account)
    sale = sell(world.till, account, 1_840)
    bank_books(collect())
    give_back(world.till, sale, 500)
    order(IN_TIME)
    (refund,) = refunds()
    assert answer(refund, "AB08") == StatusTaken(doubted=1)
    assert [one.state for one in refunds()] == ["unknown"]
    order(IN_TIME + timedelta(days=30))
    assert len(refunds()) == 1
    assert held(coming_to(account)) == 0

    give_up_transfer(
        kind=ExpectationKind.REFUND,
        transfer_id=refund.pk,
        evidence=Evidence.PERSON,
        reason="the bank says so",
        now=IN_TIME,
        actor=FINANCE,
    )
    assert [one.state for one in refunds()] == ["returned", "waiting"]
    assert held(coming_to(account)) == 500
    prove()
    order(IN_TIME)
    first, again = refunds()
    assert (again.state, again.iban) == ("ordered", first.iban)
    prove()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE payments_payout SET state = 'ordered'",
        "UPDATE payments_payout SET doubt = '', doubted_on = NULL",
        "UPDATE payments_payout SET given_up_by = 'person'",
    ],
)
def test_postgresql_keeps_a_doubt(payout: Payout, sql: str) -> None:
    answer(payout, "AB06")
    with pytest.raises((IntegrityError, InternalError)), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_of_64_who_give_one_up_while_its_line_comes_at_most_one_pays_again(
    world: World, account: BankAccount
) -> None:
    ours = our_account()
    sell(world.till, account, 1_840)
    pay_out(TOMORROW)
    (payout,) = payouts()
    answer(payout, "AB06")

    def act(number: int) -> str:
        if number == AT_ONCE // 2:
            Bank(ours).settle(booked(payout))
            return "came"
        try:
            give_up(payout)
        except (TransferNotInDoubt, LineMayBeIt):
            return "not any more"
        return "given up"

    ended = all_at_once(act)
    relay.drain(now=clock.now())
    assert ended["came"] == 1
    assert ended["given up"] <= 1
    (left,) = payouts()
    assert left.state == ("returned" if ended["given up"] else "paid")
    assert held(owed_to(world.till)) == (1_840 if ended["given up"] else 0)


def test_the_office_shows_what_is_in_doubt_and_what_is_late(
    client: Client, world: World, payout: Payout
) -> None:
    client.force_login(world.anna)
    client.cookies["django_language"] = "en"
    page = "/office/doubts/"
    assert "Nothing is in doubt" in client.get(page).content.decode()
    answer(payout, "AB06")
    shown = client.get(page).content.decode()
    assert payout.end_to_end_id in shown
    assert "AB06" in shown
    address = f"{page}payout/{payout.pk}/"
    refused = client.post(address, {"reason": ""}, follow=True)
    assert "Say why" in refused.content.decode()
    assert state() == [("unknown", "AB06", "")]
    done = client.post(address, {"reason": "the bank says so"}, follow=True)
    assert "It is owed again, and paid anew." in done.content.decode()
    assert state() == [("returned", "AB06", "person")]
    assert client.post(f"{page}invoice/1/", {"reason": "x"}).status_code == 404


def test_nobody_else_decides_about_doubts(client: Client, world: World, payout: Payout) -> None:
    answer(payout, "AB06")
    address = f"/office/doubts/payout/{payout.pk}/"
    assert client.get("/office/doubts/").status_code == 302
    for person in (world.alice, world.olga, world.charlie):
        client.force_login(person)
        assert client.get("/office/doubts/").status_code == 404
        assert client.post(address, {"reason": "mine"}).status_code == 404
    assert state() == [("unknown", "AB06", "")]
