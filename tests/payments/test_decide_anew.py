"""What was decided about a bank line is taken back, or booked out of suspense by a posting."""

import pytest
from django.db import InternalError, connection
from django.db.utils import IntegrityError

from okplatform.kernel import clock, relay
from okplatform.kernel.audit import SYSTEM, Actor
from okplatform.kernel.errors import Refusal
from okplatform.kernel.models import AuditEntry
from okplatform.kernel.tenancy import operator_scope
from payments.actions.decide_entry import decide_entry
from payments.actions.redecide_entry import DecisionStands, EntryNotDecided, redecide_entry
from payments.deciding import (
    EntryUnknown,
    ReasonMissing,
    Share,
    ShareDoesNotFit,
    SharesDoNotAddUp,
)
from payments.models import (
    BankAccount,
    BankEntry,
    Collection,
    EntryDecision,
    Expectation,
    Match,
    Payout,
    Posting,
)
from tests.payments.bank import Bank, line, open_bank, told
from tests.payments.books import held, sell
from tests.payments.settling import (
    SENDING_DAY,
    bank_books,
    bank_returns,
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


@pytest.fixture
def bank() -> Bank:
    return open_bank()


def anew(entry: BankEntry, *shares: tuple[Expectation | None, int]) -> str:
    """Decide anew; everything still adds up."""
    redecide_entry(
        entry_id=entry.pk,
        shares=[Share(each.pk if each else None, amount) for each, amount in shares],
        reason="it was another's",
        now=NOW,
        actor=FINANCE,
    )
    entry.refresh_from_db()
    prove()
    return entry.state


def state(expectation: Expectation) -> tuple[str, int]:
    expectation.refresh_from_db()
    return expectation.state, expectation.outstanding


def test_a_match_is_taken_back_and_its_money_waits_in_suspense(bank: Bank) -> None:
    expected = bank.expect(1_000, "OK-C-1")
    (entry,) = bank.settle(line(1_000, "OK-C-1"))

    assert anew(entry, (None, 1_000)) == "suspense"

    assert state(expected) == ("open", 1_000)
    assert (bank.holds("collections_in_transit"), bank.holds("suspense")) == (0, 1_000)
    assert bank.holds("client_money") == -1_000
    assert [event for event, *_ in told()] == ["fulfilled", "reopened"]
    assert not Match.objects.exists()
    (decision,) = EntryDecision.objects.all()
    assert (decision.number, decision.shares, decision.actor_id) == (1, [[None, 1_000]], "7")
    audited = AuditEntry.objects.get(action="bank_entry_redecided")
    assert audited.data["before"] == {"collections_in_transit": 1_000}
    assert audited.data["reason"] == "it was another's"


def test_what_stood_in_suspense_is_booked_out_to_what_it_came_for(bank: Bank) -> None:
    (entry,) = bank.settle(line(1_000))
    decide_entry(
        entry_id=entry.pk, shares=[Share(None, 1_000)], reason="whose?", now=NOW, actor=FINANCE
    )
    expected = bank.expect(1_000)

    assert anew(entry, (expected, 1_000)) == "matched"

    assert state(expected) == ("fulfilled", 0)
    assert (bank.holds("collections_in_transit"), bank.holds("suspense")) == (1_000, 0)
    assert sorted(Posting.objects.values_list("kind", "reference")) == [
        ("bank_line", str(entry.pk)),
        ("bank_line_rebooked", f"{entry.pk}-2"),
    ]


def test_one_may_change_ones_mind_more_than_once(bank: Bank) -> None:
    wrong, right = bank.expect(600, "OK-C-1"), bank.expect(1_000, "OK-C-2")
    (entry,) = bank.settle(line(1_000))
    decide_entry(
        entry_id=entry.pk,
        shares=[Share(wrong.pk, 600), Share(None, 400)],
        reason="?",
        now=NOW,
        actor=FINANCE,
    )
    assert anew(entry, (right, 1_000)) == "matched"
    assert anew(entry, (None, 1_000)) == "suspense"
    assert anew(entry, (right, 400), (wrong, 600)) == "split"
    assert (state(wrong), state(right)) == (("fulfilled", 0), ("open", 600))
    assert EntryDecision.objects.count() == 4


def test_between_two_of_a_kind_nothing_moves_in_the_ledger(bank: Bank) -> None:
    wrong, right = bank.expect(1_000, "OK-C-1"), bank.expect(1_000, "OK-C-2")
    (entry,) = bank.settle(line(1_000, "OK-C-1"))
    assert anew(entry, (right, 1_000)) == "matched"
    assert (state(wrong), state(right)) == (("open", 1_000), ("fulfilled", 0))
    assert Posting.objects.count() == 1


def test_a_payout_that_was_not_paid_after_all_is_on_its_way_again(
    world: World, account: BankAccount
) -> None:
    ours = our_account()
    sell(world.till, account, 1_840)
    pay_out(SENDING_DAY.replace(day=18))
    (payout,) = payouts()
    bank_books(payout)
    assert payouts()[0].state == "paid"

    anew(BankEntry.objects.get(), (None, -1_840))
    relay.drain(now=clock.now())

    with operator_scope("the test looks"):
        again = Payout.objects.get()
    assert (again.state, again.paid_on) == ("ordered", None)
    assert held(in_transit(ours, paying=True)) == 1_840
    anew(BankEntry.objects.get(), (expectation_of(payout), -1_840))
    relay.drain(now=clock.now())
    assert payouts()[0].state == "paid"
    prove()


def test_a_collection_that_was_anothers_is_on_its_way_again(
    world: World, account: BankAccount
) -> None:
    our_account()
    sign(account)
    sell(world.till, account, 1_840)
    collection = collect()
    bank_books(collection)

    anew(BankEntry.objects.get(), (None, 1_840))
    relay.drain(now=clock.now())

    again = Collection.objects.get()
    assert (again.state, again.settled_on) == ("sent", None)
    prove()


def refused(refusal: type[Refusal], entry_id: int, *shares: Share, reason: str = "why") -> None:
    """Decide anew in vain: nothing has changed."""

    def facts() -> list[object]:
        return [
            list(Expectation.objects.order_by("pk").values_list("state", "outstanding")),
            list(BankEntry.objects.order_by("pk").values_list("state", "rule")),
            (Posting.objects.count(), Match.objects.count(), EntryDecision.objects.count()),
        ]

    before = facts()
    with pytest.raises(refusal):
        redecide_entry(entry_id=entry_id, shares=shares, reason=reason, now=NOW, actor=FINANCE)
    assert facts() == before


def test_what_came_back_stays_decided(world: World, account: BankAccount) -> None:
    our_account()
    sign(account)
    sell(world.till, account, 1_840)
    collection = collect()
    bank_returns(collection, "MD06", same_day=True)
    came, went = BankEntry.objects.order_by("pk")
    refused(DecisionStands, came.pk, Share(None, 1_840))
    refused(DecisionStands, went.pk, Share(None, -1_840))


def test_what_cannot_be_decided_anew_is_refused(bank: Bank) -> None:
    expected = bank.expect(1_000, "OK-C-1")
    matched, queued = bank.settle(line(1_000, "OK-C-1"), line(5))
    (notice,) = bank.settle(line(5), kind="camt.054")
    refused(EntryUnknown, 0, Share(None, 5))
    refused(EntryNotDecided, queued.pk, Share(None, 5))
    refused(EntryNotDecided, notice.pk, Share(None, 5))
    refused(ReasonMissing, matched.pk, Share(None, 1_000), reason=" ")
    refused(SharesDoNotAddUp, matched.pk, Share(None, 999))
    refused(ShareDoesNotFit, matched.pk, Share(expected.pk, 1_001), Share(None, -1))


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM payments_match",
        "UPDATE payments_bank_entry SET state = 'queued', rule = ''",
        "UPDATE payments_bank_entry SET state = 'notice', rule = ''",
        "UPDATE payments_entry_decision SET reason = ''",
        "DELETE FROM payments_entry_decision",
    ],
)
def test_no_other_road_leads_back(bank: Bank, sql: str) -> None:
    bank.expect(1_000, "OK-C-1")
    (entry,) = bank.settle(line(1_000, "OK-C-1"))
    anew(entry, (bank.expect(1_000), 1_000))
    with pytest.raises((IntegrityError, InternalError)), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_64_who_take_one_decision_back_leave_one_suspense() -> None:
    bank = open_bank()
    bank.expect(1_000, "OK-C-1")
    (entry,) = bank.settle(line(1_000, "OK-C-1"))

    def take_back(number: int) -> str:
        redecide_entry(
            entry_id=entry.pk,
            shares=[Share(None, 1_000)],
            reason=f"the {number}th",
            now=NOW,
            actor=SYSTEM,
        )
        return "done"

    assert all_at_once(take_back) == {"done": AT_ONCE}
    assert bank.holds("suspense") == 1_000
    assert Posting.objects.count() == 2
    prove()
