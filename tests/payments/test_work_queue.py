"""What the rules do not know, a person decides: once, and so that it adds up."""

import pytest

from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.kernel.models import AuditEntry
from payments.actions.decide_entry import EntryDecided, decide_entry
from payments.deciding import (
    EntryUnknown,
    ExpectationUnknown,
    ReasonMissing,
    Share,
    ShareDoesNotFit,
    SharesDoNotAddUp,
)
from payments.models import BankEntry, Expectation, Match, Posting, Suggestion
from payments.queries import suggestions_for, work_queue
from tests.payments.bank import BOBS, Bank, line, open_bank, states, told
from tests.support.proofs import prove
from tests.support.world import NOW

pytestmark = pytest.mark.django_db

FINANCE = Actor(kind="person", id="7")


@pytest.fixture
def bank() -> Bank:
    return open_bank()


def queued(bank: Bank, amount: int = 1_000, **said: str) -> BankEntry:
    (entry,) = bank.settle(line(amount, **said))
    assert entry.state == "queued"
    return entry


def decide(entry: BankEntry, *shares: tuple[Expectation | None, int]) -> str:
    decide_entry(
        entry_id=entry.pk,
        shares=[Share(each.pk if each else None, amount) for each, amount in shares],
        reason="asked around",
        now=NOW,
        actor=FINANCE,
    )
    entry.refresh_from_db()
    assert entry.rule == "person"
    assert not Suggestion.objects.filter(entry=entry).exists()
    prove()
    return entry.state


def state(expectation: Expectation) -> tuple[str, int]:
    expectation.refresh_from_db()
    return expectation.state, expectation.outstanding


def test_a_person_says_what_a_line_came_for(bank: Bank) -> None:
    entry = queued(bank)
    expected = bank.expect(1_000)
    assert decide(entry, (expected, 1_000)) == "matched"
    assert state(expected) == ("fulfilled", 0)
    assert bank.holds("collections_in_transit") == 1_000
    assert list(told()) == [("fulfilled", expected.subject_id, "")]
    audited = AuditEntry.objects.get(action="bank_entry_decided")
    assert (audited.actor_id, audited.object_id) == ("7", str(entry.pk))
    assert audited.data == {"shares": [[expected.pk, 1_000]], "reason": "asked around"}


def test_one_line_may_have_come_for_many_of_both_kinds(bank: Bank) -> None:
    entry = queued(bank, 700)
    collection, payout = bank.expect(1_000), bank.expect(-300)
    assert decide(entry, (collection, 1_000), (payout, -300)) == "split"
    assert (state(collection)[0], state(payout)[0]) == ("fulfilled", "fulfilled")
    assert bank.holds("client_money") == -700
    assert (bank.holds("collections_in_transit"), bank.holds("payouts_in_transit")) == (1_000, -300)
    assert Posting.objects.count() == 1


def test_a_part_leaves_the_rest_outstanding_and_the_next_line_completes_it(bank: Bank) -> None:
    expected = bank.expect(1_000, "OK-C-1")
    entry = queued(bank, 600, end_to_end_id="OK-C-1")
    assert decide(entry, (expected, 600)) == "matched"
    assert state(expected) == ("open", 400)
    assert list(told()) == []
    (rest,) = bank.settle(line(400, "OK-C-1"))
    assert states([rest]) == [("matched", "end_to_end_id")]
    assert state(expected) == ("fulfilled", 0)
    assert len(list(told())) == 1


def test_what_is_too_much_goes_to_suspense(bank: Bank) -> None:
    expected = bank.expect(1_000, "OK-C-1")
    entry = queued(bank, 1_050, end_to_end_id="OK-C-1")
    assert decide(entry, (expected, 1_000), (None, 50)) == "split"
    assert bank.holds("suspense") == 50
    assert state(expected) == ("fulfilled", 0)


@pytest.mark.parametrize("amount", [1_000, -1_000])
def test_what_nobody_knows_goes_to_suspense(bank: Bank, amount: int) -> None:
    entry = queued(bank, amount)
    assert decide(entry, (None, amount)) == "suspense"
    assert (bank.holds("client_money"), bank.holds("suspense")) == (-amount, amount)
    assert not Match.objects.exists()


def test_a_return_that_the_bank_did_not_call_one_is_returned_by_hand(bank: Bank) -> None:
    expected = bank.expect(1_000, "OK-C-1")
    bank.settle(line(1_000, "OK-C-1"))
    entry = queued(bank, -1_000, end_to_end_id="OK-C-1")
    assert decide(entry, (expected, -1_000)) == "matched"
    assert state(expected) == ("returned", 0)
    assert list(told())[-1] == ("returned", expected.subject_id, "")


def refused(refusal: type[Refusal], entry_id: int, *shares: Share, reason: str = "because") -> None:
    """Decide in vain: nothing has changed."""
    before = list(Expectation.objects.values_list("state", "outstanding"))
    booked, matched = Posting.objects.count(), Match.objects.count()
    states_before = list(BankEntry.objects.order_by("pk").values_list("state", flat=True))
    with pytest.raises(refusal):
        decide_entry(entry_id=entry_id, shares=shares, reason=reason, now=NOW, actor=FINANCE)
    assert list(Expectation.objects.values_list("state", "outstanding")) == before
    assert (Posting.objects.count(), Match.objects.count()) == (booked, matched)
    after = list(BankEntry.objects.order_by("pk").values_list("state", flat=True))
    assert after == states_before


def test_a_line_is_decided_once(bank: Bank) -> None:
    entry = queued(bank)
    decide(entry, (None, 1_000))
    refused(EntryDecided, entry.pk, Share(None, 1_000))
    (matched,) = bank.settle(line(5, bank.expect(5).end_to_end_id))
    refused(EntryDecided, matched.pk, Share(None, 5))
    (notice,) = bank.settle(line(5), kind="camt.054")
    refused(EntryDecided, notice.pk, Share(None, 5))
    refused(EntryUnknown, 0, Share(None, 5))


def test_shares_that_are_not_the_line_are_refused(bank: Bank) -> None:
    entry, expected = queued(bank, iban=BOBS), bank.expect(1_000)
    one = Share(expected.pk, 500)
    refused(SharesDoNotAddUp, entry.pk)
    refused(SharesDoNotAddUp, entry.pk, Share(None, 999))
    refused(SharesDoNotAddUp, entry.pk, one, one)
    refused(SharesDoNotAddUp, entry.pk, Share(expected.pk, 1_000), Share(None, 0))


def test_what_goes_to_suspense_says_why(bank: Bank) -> None:
    refused(ReasonMissing, queued(bank).pk, Share(None, 1_000), reason=" ")


def test_a_share_is_at_most_what_is_still_to_come(bank: Bank) -> None:
    entry = queued(bank)
    small, out = bank.expect(999), bank.expect(-1_500)
    refused(ShareDoesNotFit, entry.pk, Share(small.pk, 1_000))
    refused(ShareDoesNotFit, entry.pk, Share(out.pk, 1_000))
    bank.settle(line(999, small.end_to_end_id))
    refused(ShareDoesNotFit, entry.pk, Share(small.pk, 1_000))
    refused(ExpectationUnknown, entry.pk, Share(0, 1_000))


def test_a_line_cannot_come_for_what_another_account_expects(bank: Bank) -> None:
    entry = queued(bank)
    elsewhere = open_bank(iban=BOBS, mode="test").expect(1_000)
    refused(ExpectationUnknown, entry.pk, Share(elsewhere.pk, 1_000))


def test_the_queue_shows_the_oldest_first_with_what_it_may_be(bank: Bank) -> None:
    expected = bank.expect(1_000, "OK-C-1")
    first = queued(bank, 900, end_to_end_id="OK-C-1")
    second = queued(bank, 77, iban=BOBS)
    assert list(work_queue(mode="live")) == [first, second]
    assert list(work_queue(mode="test")) == []
    (suggestion,) = suggestions_for([first.pk, second.pk])[first.pk]
    assert (suggestion.expectation, suggestion.rule) == (expected, "end_to_end_id")
    assert second.pk not in suggestions_for([second.pk])
    decide(first, (expected, 900))
    assert list(work_queue(mode="live")) == [second]
