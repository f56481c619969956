"""verify sees each breach of settlement that a switched-off trigger, or a bad restore, lets in."""

import pytest

from okplatform.kernel.db import call
from okplatform.kernel.invariants import all_invariants
from payments.models import BankAccount
from tests.payments.books import sell
from tests.payments.settling import bank_returns, collect, our_account, pay_out, sign
from tests.support.world import NOW, World

BREACHES = {
    "a booking that settlement passed by": (
        "DELETE FROM payments_payout_item",
        {"bookings_reach_settlement", "payouts_are_their_items"},
    ),
    "a debt that is collected as less": (
        "UPDATE payments_collection_item SET amount = 1",
        {"bookings_reach_settlement", "collections_are_their_items"},
    ),
    "a retry that left items behind": (
        "UPDATE payments_collection_item SET collection_id = (SELECT min(id)"
        " FROM payments_collection)",
        {"collections_are_their_items"},
    ),
    "a payout of another amount": (
        "UPDATE payments_payout SET amount = 1",
        {"payouts_are_their_items", "settlement_is_booked", "files_are_what_was_asked"},
    ),
    "a collection that was never booked": (
        "UPDATE payments_posting SET reference = '0' WHERE kind = 'collection_sent'",
        {"settlement_is_booked"},
    ),
    "a return that never happened": (
        "UPDATE payments_collection SET state = 'sent', returned_on = NULL, reason = '',"
        " follow_up = '' WHERE state = 'returned'",
        {"settlement_is_booked"},
    ),
    "a payout booked for another merchant": (
        "UPDATE payments_payout SET merchant_id = 0",
        {"settlement_is_booked"},
    ),
    "a file that was changed": (
        "UPDATE payments_outgoing_file SET content = 'other' WHERE kind = 'pain.001'",
        {"files_are_what_was_asked"},
    ),
    "an order that no file holds": (
        "UPDATE payments_collection SET outgoing_file_id = 0 WHERE state = 'returned'",
        {"files_are_what_was_asked"},
    ),
}


@pytest.fixture
def settled(world: World, account: BankAccount) -> None:
    """A collection that came back and is tried again, and a payout."""
    our_account()
    sign(account)
    sell(world.till, account, 1_840)
    bank_returns(collect(), "AM04", same_day=True)
    pay_out(NOW.replace(day=18))


def breached() -> set[str]:
    return {
        each.name
        for each in all_invariants()
        if each.prove.__module__ == "payments.invariants.settlement" and each.prove().breaches
    }


@pytest.mark.usefixtures("settled")
def test_sound_settlement_is_proved() -> None:
    ours = [
        each
        for each in all_invariants()
        if each.prove.__module__ == "payments.invariants.settlement"
    ]
    assert len(ours) == 5
    assert all(each.prove().rows for each in ours)
    assert breached() == set()


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("name", BREACHES)
def test_a_breach_is_found(name: str) -> None:
    sql, found_by = BREACHES[name]
    call("SET LOCAL session_replication_role = replica")
    # What the test's own transaction wrote is behind the mark of no gathering yet.
    call("INSERT INTO payments_settlement_mark VALUES (1, pg_current_xact_id())")
    call(sql)
    call("SET LOCAL session_replication_role = origin")
    assert breached() == found_by
