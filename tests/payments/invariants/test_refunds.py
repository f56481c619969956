"""verify sees each breach of refunds that a switched-off trigger, or a bad restore, lets in."""

import pytest

from okplatform.kernel.db import call
from okplatform.kernel.invariants import all_invariants
from payments.models import BankAccount, Collection, HouseAccount
from tests.payments.books import bank_account, sell
from tests.payments.refunding import IN_TIME, bank_pays, give_back, order, refunds
from tests.support.proofs import prove
from tests.support.world import World

WITHIN, BOOKED, EXPECTED = (
    "refunds_are_within_what_was_captured",
    "refunds_are_booked",
    "ordered_refunds_are_expected",
)
BREACHES = {
    "more than was captured": (
        "UPDATE payments_refund SET amount = 9999",
        {WITHIN, BOOKED, EXPECTED},
    ),
    "a refund that nobody asked for": (
        "DELETE FROM trade_return_tender WHERE amount = 500",
        {WITHIN},
    ),
    "a return that gives back nothing": (
        "DELETE FROM payments_refund WHERE amount = 300",
        {WITHIN, BOOKED},
    ),
    "another person's account": (
        "UPDATE payments_refund SET pay_to_id = (SELECT max(id) FROM payments_bank_account)",
        {WITHIN},
    ),
    "a refund that was never booked": (
        "UPDATE payments_posting SET reference = '0' || reference WHERE kind = 'refund_owed'",
        {BOOKED},
    ),
    "one that no store bears": (
        "DELETE FROM payments_entry WHERE account_id IN"
        " (SELECT id FROM payments_account WHERE kind = 'store_settlement')",
        {BOOKED},
    ),
    "a step that did not happen": (
        "UPDATE payments_refund SET state = 'waiting', outgoing_file_id = NULL,"
        " house_account_id = NULL, iban = '' WHERE state = 'ordered'",
        {BOOKED, EXPECTED},
    ),
    "a transfer that nobody expects": (
        "UPDATE payments_expectation SET kind = 'payout' WHERE kind = 'refund'",
        {EXPECTED},
    ),
    "one that the bank has not paid": (
        "UPDATE payments_refund SET state = 'paid', paid_on = due_on WHERE state = 'ordered'",
        {EXPECTED},
    ),
}


@pytest.fixture
def given_back(
    world: World, sale: int, collected: Collection, ours: HouseAccount, account: BankAccount
) -> None:
    """One refund taken off, one paid, one on its way, and one from another store."""
    for amount in (500, 400):
        give_back(world.till, sale, amount)
    order(IN_TIME)
    bank_pays(ours, refunds()[0])
    give_back(world.leiden, sell(world.haarlem, account, 700), 300)
    prove()


@pytest.fixture
def strangers(world: World) -> BankAccount:
    """Bob's account, the last that was added."""
    return bank_account(world.bob, "NL02ABNA0123456789")


def breached() -> set[str]:
    return {
        each.name
        for each in all_invariants()
        if each.prove.__module__ == "payments.invariants.refunds" and each.prove().breaches
    }


@pytest.mark.usefixtures("given_back")
def test_sound_refunds_are_proved() -> None:
    ours = [
        each for each in all_invariants() if each.prove.__module__ == "payments.invariants.refunds"
    ]
    assert [each.prove().rows for each in ours] == [3, 3, 2]
    assert breached() == set()


@pytest.mark.usefixtures("given_back", "strangers")
@pytest.mark.parametrize("name", BREACHES)
def test_a_breach_is_found(name: str) -> None:
    sql, found_by = BREACHES[name]
    call("SET LOCAL session_replication_role = replica")
    call(sql)
    call("SET LOCAL session_replication_role = origin")
    assert breached() == found_by
