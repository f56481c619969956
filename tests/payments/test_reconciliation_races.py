"""64 at once: a file comes in once, a line is matched once, and one person decides."""

import pytest

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from payments.actions.decide_entry import EntryDecided, decide_entry
from payments.actions.expect import unexpect
from payments.deciding import Share
from payments.models import BankEntry, ExpectationKind, Posting
from tests.payments.bank import Bank, deliver, line, match, open_bank
from tests.support.proofs import prove
from tests.support.races import AT_ONCE, all_at_once
from tests.support.world import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


@pytest.fixture
def bank() -> Bank:
    return open_bank()


def test_one_file_64_times_is_imported_once(bank: Bank) -> None:
    lines = list(bank.read(line(1_000), line(2_000)))

    said = all_at_once(lambda _number: str(deliver(iter(lines), name="same").was_known))

    assert said == {"False": 1, "True": AT_ONCE - 1}
    assert BankEntry.objects.count() == 2
    prove()


def test_one_statement_matched_64_times_is_booked_once(bank: Bank) -> None:
    bank.expect(1_000, "OK-C-1")
    (statement_id,) = bank.say(line(1_000, "OK-C-1")).statement_ids

    said = all_at_once(lambda _number: str(match(statement_id).matched))

    assert said == {"1": 1, "0": AT_ONCE - 1}
    assert Posting.objects.count() == 1
    prove()


def test_of_64_who_decide_one_does(bank: Bank) -> None:
    (entry,) = bank.settle(line(1_000))

    def decide(_number: int) -> str:
        try:
            decide_entry(
                entry_id=entry.pk,
                shares=[Share(None, 1_000)],
                reason="whose?",
                now=NOW,
                actor=SYSTEM,
            )
        except EntryDecided as refusal:
            return refusal.code
        return "decided"

    assert all_at_once(decide) == {"decided": 1, "entry_decided": AT_ONCE - 1}
    assert bank.holds("suspense") == 1_000
    prove()


def test_what_is_cancelled_while_its_line_is_matched_is_one_or_the_other(bank: Bank) -> None:
    expected = bank.expect(1_000, "OK-C-1")
    (statement_id,) = bank.say(line(1_000, "OK-C-1")).statement_ids

    def act(number: int) -> str:
        if number % 2:
            return f"matched {match(statement_id).matched}"
        with transaction():
            subject = expected.subject_id
            done = unexpect(kind=ExpectationKind.COLLECTION, subject_id=subject, now=NOW)
        return f"cancelled {done}"

    said = all_at_once(act)

    expected.refresh_from_db()
    is_matched = expected.state == "fulfilled"
    assert (said["matched 1"], said["cancelled True"]) == (is_matched, not is_matched)
    prove()
