"""verify sees each breach of what the bank said and what came for what."""

import pytest

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from payments.actions.decide_entry import decide_entry
from payments.actions.expect import unexpect
from payments.deciding import Share
from payments.models import ExpectationKind
from tests.payments.bank import Bank, line, open_bank
from tests.payments.books import breaches
from tests.payments.invariants.test_ledger import Breach, prove
from tests.support.world import NOW

pytestmark = pytest.mark.django_db

NAMES = (
    "statements_are_whole",
    "bank_lines_are_accounted_for",
    "banks_agree_with_the_ledger",
    "bank_lines_stand_where_they_belong",
    "expectations_add_up",
)


@pytest.fixture(autouse=True)
def bank() -> Bank:
    """Everything that may become of a line, in two statements and a notice."""
    bank = open_bank()
    bank.expect(1_000, "OK-C-1")
    bank.expect(2_000, "OK-C-2")
    bank.expect(-500, "OK-P-1")
    bank.expect(70, "OK-C-3")
    for amount in (10, 20):
        bank.expect(amount, batch_id="B-1")
    with transaction():
        cancelled = bank.subjects - 2
        unexpect(kind=ExpectationKind.COLLECTION, subject_id=cancelled, now=NOW)
    bank.settle(line(1_000, "OK-C-1"), line(2_000, "OK-C-2"), line(30, batch_id="B-1"))
    bank.say(line(-1_000, "OK-C-1", reason="AM04"), kind="camt.054")
    *_, unknown, waiting = bank.settle(
        line(-1_000, "OK-C-1", reason="AM04"), line(-500, "OK-P-1"), line(44), line(55)
    )
    decide_entry(
        entry_id=unknown.pk, shares=[Share(None, 44)], reason="whose?", now=NOW, actor=SYSTEM
    )
    assert waiting.state == "queued"
    return bank


@pytest.mark.parametrize("name", [*NAMES, "ledger_is_guarded", "postings_are_whole"])
def test_a_sound_bank_is_proved(name: str) -> None:
    assert prove(name).rows
    assert prove(name).breaches == []


FEET, LINES, LEDGER, PLACES, ADD_UP = ({name} for name in NAMES)

BREACHES = {
    "a line was lost": Breach("DELETE FROM payments_bank_entry WHERE amount = 55", FEET | LEDGER),
    "a line was changed": Breach(
        "UPDATE payments_bank_entry SET amount = 56 WHERE amount = 55", FEET | LEDGER
    ),
    "a booked line was put back": Breach(
        "UPDATE payments_bank_entry SET state = 'queued', rule = '' WHERE amount = 44",
        LINES | LEDGER | PLACES,
    ),
    "a line left the queue and was not booked": Breach(
        "UPDATE payments_bank_entry SET state = 'suspense', rule = 'person', doubt = ''"
        " WHERE amount = 55",
        LINES | LEDGER | PLACES,
    ),
    "a line was made a notice": Breach(
        "UPDATE payments_bank_entry SET state = 'notice', doubt = '' WHERE amount = 55",
        LINES | LEDGER,
    ),
    "a notice went to the queue": Breach(
        "UPDATE payments_bank_entry SET state = 'queued' WHERE state = 'notice'", LINES | LEDGER
    ),
    "a match was deleted": Breach(
        "DELETE FROM payments_match WHERE amount = 2000", LINES | PLACES | ADD_UP
    ),
    "a match has another amount": Breach(
        "UPDATE payments_match SET amount = 1999 WHERE amount = 2000", LINES | PLACES | ADD_UP
    ),
    "a match came for another": Breach(
        "UPDATE payments_match SET expectation_id = (SELECT id FROM payments_expectation"
        " WHERE end_to_end_id = 'OK-C-3') WHERE amount = 2000",
        ADD_UP,
    ),
    "a statement is missing": Breach(
        "UPDATE payments_bank_statement SET opening = opening + 1, closing = closing + 1"
        " WHERE number = '3'",
        LEDGER,
    ),
    "a statement counts other lines": Breach(
        "UPDATE payments_bank_statement SET lines = 9 WHERE number = '3'", FEET
    ),
    "a line was booked twice": Breach(
        "UPDATE payments_posting SET mode = 'test' WHERE reference ="
        " (SELECT id::text FROM payments_bank_entry WHERE amount = 44)",
        LINES | {"books_are_live_or_test"},
    ),
    "a line of nobody was booked": Breach(
        "UPDATE payments_posting SET reference = '0' WHERE reference ="
        " (SELECT id::text FROM payments_bank_entry WHERE amount = 44)",
        LINES,
    ),
    "a line was booked to another account": Breach(
        "UPDATE payments_account SET kind = 'moved' WHERE kind = 'suspense'", PLACES
    ),
    "the bank's money was changed": Breach(
        "UPDATE payments_entry SET amount = amount - 1 WHERE amount = -44",
        LINES | LEDGER | {"postings_sum_to_zero"},
    ),
    "an expectation is called fulfilled": Breach(
        "UPDATE payments_expectation SET state = 'fulfilled', outstanding = 0"
        " WHERE state = 'cancelled'",
        ADD_UP,
    ),
    "an expectation is open again": Breach(
        "UPDATE payments_expectation SET state = 'open', outstanding = amount"
        " WHERE end_to_end_id = 'OK-C-2'",
        ADD_UP,
    ),
    "a return was forgotten": Breach(
        "UPDATE payments_expectation SET state = 'fulfilled' WHERE state = 'returned'", ADD_UP
    ),
    "a guard is gone": Breach(
        "DROP TRIGGER bank_entry_stays_as_said ON payments_bank_entry", {"ledger_is_guarded"}
    ),
}


@pytest.mark.parametrize("name", BREACHES)
def test_a_breach_is_found(name: str) -> None:
    BREACHES[name].plant()
    assert set(breaches()) == BREACHES[name].found_by
