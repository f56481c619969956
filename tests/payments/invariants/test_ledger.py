"""verify sees each breach that a switched-off trigger, or a bad restore, would let in."""

from dataclasses import dataclass

import pytest

from okplatform.kernel.db import call
from okplatform.kernel.invariants import Proof, all_invariants
from payments.models import BankAccount
from tests.payments.books import Points, bank_account, breaches, sell
from tests.support.world import World

alice = Points(member=7)


@dataclass(frozen=True)
class Breach:
    """Some SQL, and the proofs that must find what it does."""

    sql: str
    found_by: set[str]

    def plant(self) -> None:
        sql = self.sql
        for word, meaning in WORDS.items():
            sql = sql.replace(word, meaning)
        call("SET LOCAL session_replication_role = replica")
        call(sql)
        call("SET LOCAL session_replication_role = origin")


def prove(name: str) -> Proof:
    return next(each.prove() for each in all_invariants() if each.name == name)


@pytest.fixture
def books(world: World, account: BankAccount) -> None:
    """A sale of € 18.40, 18 points, and a rehearsal's bank account."""
    sell(world.till, account, 1_840)
    alice.book("sale-1", 18)
    bank_account(world.tessa)


NAMES = (
    "postings_sum_to_zero",
    "postings_are_whole",
    "balances_are_their_entries",
    "floors_hold",
    "books_are_live_or_test",
    "payments_are_booked",
    "ledger_is_guarded",
)


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize("name", NAMES)
def test_sound_books_are_proved(name: str) -> None:
    assert prove(name).rows
    assert prove(name).breaches == []


# What the breaches below stand for in capitals.
WORDS = {
    "PAID": "posting_id = (SELECT id FROM payments_posting WHERE kind = 'sale_paid')",
    "EARNED": "posting_id = (SELECT id FROM payments_posting WHERE kind = 'points_earned')",
    "THIS_MONTH": "payments_entry_' || to_char(now() AT TIME ZONE 'UTC', 'YYYY_MM')",
}

BREACHES = {
    "an entry was changed": Breach(
        "UPDATE payments_entry SET amount = amount + 1 WHERE EARNED AND number = 1",
        {"postings_sum_to_zero"},
    ),
    "an entry was deleted": Breach(
        "DELETE FROM payments_entry WHERE EARNED AND number = 2",
        {"postings_sum_to_zero", "postings_are_whole"},
    ),
    "a posting lost all its entries": Breach(
        "DELETE FROM payments_entry WHERE EARNED", {"postings_are_whole"}
    ),
    "a posting was deleted": Breach(
        "DELETE FROM payments_posting WHERE kind = 'points_earned'", {"postings_are_whole"}
    ),
    "entries were added later": Breach(
        "INSERT INTO payments_entry (posting_id, number, account_id, amount, xid)"
        " SELECT posting_id, number + 2, account_id, amount, '7' FROM payments_entry"
        " WHERE EARNED",
        {"postings_are_whole"},
    ),
    "an amount moved to another asset": Breach(
        "UPDATE payments_entry SET account_id = (SELECT id FROM payments_account"
        " WHERE kind = 'merchant_payable') WHERE amount = 18",
        {"postings_sum_to_zero"},
    ),
    "a balance was changed": Breach(
        "INSERT INTO payments_balance SELECT id, 5, '0' FROM payments_account"
        " WHERE kind = 'member_points'",
        {"balances_are_their_entries"},
    ),
    "a balance of nobody": Breach(
        "INSERT INTO payments_balance VALUES (0, 5, '0')", {"balances_are_their_entries"}
    ),
    "a fold that passed an account by": Breach(
        "INSERT INTO payments_fold SELECT 1, max(xid::text::bigint + 1)::text::xid8"
        " FROM payments_entry",
        {"balances_are_their_entries"},
    ),
    "a watermark of another server": Breach(
        "INSERT INTO payments_fold VALUES (1, '9000000000000')", {"balances_are_their_entries"}
    ),
    "an account below its floor": Breach(
        "UPDATE payments_account SET floor = 19 WHERE kind = 'member_points'", {"floors_hold"}
    ),
    "a test account in a live posting": Breach(
        "UPDATE payments_account SET mode = 'test' WHERE kind = 'member_points'",
        {"books_are_live_or_test"},
    ),
    "a live payment of a test sale": Breach(
        "UPDATE trade_sale SET mode = 'test'", {"books_are_live_or_test"}
    ),
    "a live payment from a test account": Breach(
        "UPDATE payments_payment SET bank_account_id ="
        " (SELECT id FROM payments_bank_account WHERE mode = 'test')",
        {"books_are_live_or_test", "payments_are_booked"},
    ),
    "a test account of a live person": Breach(
        "UPDATE payments_bank_account SET mode = 'live' WHERE mode = 'test'",
        {"books_are_live_or_test"},
    ),
    "a payment of another amount": Breach(
        "UPDATE payments_payment SET amount = 1", {"payments_are_booked"}
    ),
    "a tender of another amount": Breach(
        "UPDATE trade_tender SET amount = 1", {"payments_are_booked"}
    ),
    "a payment without its tender": Breach("DELETE FROM trade_tender", {"payments_are_booked"}),
    "a tender without its payment": Breach("DELETE FROM payments_payment", {"payments_are_booked"}),
    "a payment booked twice": Breach(
        "UPDATE payments_posting SET kind = 'sale_paid', reference = (SELECT reference"
        " FROM payments_posting WHERE kind = 'sale_paid'), mode = 'test'"
        " WHERE kind = 'points_earned'",
        {"payments_are_booked", "books_are_live_or_test"},
    ),
    "a payment booked for another merchant": Breach(
        "UPDATE payments_account SET owner_id = 0 WHERE kind = 'merchant_payable'",
        {"payments_are_booked"},
    ),
    "a payment that was not booked": Breach(
        "DELETE FROM payments_entry WHERE PAID", {"payments_are_booked", "postings_are_whole"}
    ),
    "a month without its guard": Breach(
        "DO $$ BEGIN EXECUTE 'DROP TRIGGER entry_never_changes ON THIS_MONTH; END $$",
        {"ledger_is_guarded"},
    ),
    "a guard that was switched off": Breach(
        "ALTER TABLE payments_posting DISABLE TRIGGER posting_never_changes",
        {"ledger_is_guarded"},
    ),
    "no room for the coming month": Breach(
        "DO $$ BEGIN EXECUTE 'DROP TABLE payments_entry_'"
        " || to_char(now() AT TIME ZONE 'UTC' + interval '1 month', 'YYYY_MM'); END $$",
        {"ledger_is_guarded"},
    ),
}


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize("name", BREACHES)
def test_a_breach_is_found(name: str) -> None:
    BREACHES[name].plant()
    assert set(breaches()) == BREACHES[name].found_by
