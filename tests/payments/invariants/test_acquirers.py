"""verify sees each breach of what is followed outside OK."""

import pytest

from okplatform.kernel.db import call
from okplatform.kernel.invariants import all_invariants
from tests.payments.acquirer import by_card, contract, statement
from tests.support.world import World

BREACHES = {
    "a card payment that no sale had": (
        "UPDATE payments_external_tender SET amount = 501 WHERE amount = 500",
        {"cards_are_their_sales", "cards_have_their_other_half"},
    ),
    "a card payment of another merchant": (
        "UPDATE payments_external_tender SET merchant_id = 0",
        {"cards_are_their_sales"},
    ),
    "a line that was lost": (
        "DELETE FROM payments_acquirer_line WHERE amount = 900",
        {"acquirer_files_are_whole"},
    ),
    "a batch of another fee": (
        "UPDATE payments_acquirer_batch SET fee = 7",
        {"acquirer_files_are_whole"},
    ),
    "a match that nobody made": (
        "UPDATE payments_acquirer_line SET state = 'matched' WHERE amount = 900",
        {"cards_have_their_other_half"},
    ),
    "an arrival that the batch forgot": (
        "UPDATE payments_acquirer_batch SET arrived = 0, arrived_on = NULL",
        {"cards_have_their_other_half"},
    ),
    "a guard switched off": (
        "ALTER TABLE payments_acquirer_line DISABLE TRIGGER acquirer_line_stays_as_said",
        {"cards_are_guarded"},
    ),
}


@pytest.fixture
def followed(world: World) -> None:
    """A card payment that came to the bank, and a line without a sale."""
    acquirer = contract(world.haarlem)
    by_card(world.haarlem, 500, "A-1")
    acquirer.settle(acquirer.row("5,00", "A-1", fee="0,05"), acquirer.row("9,00", "A-9"))
    acquirer.upload(statement(world.haarlem, (495, "Worldpin B-100001")))


def breached() -> set[str]:
    return {
        each.name
        for each in all_invariants()
        if each.prove.__module__ == "payments.invariants.acquirers" and each.prove().breaches
    }


@pytest.mark.usefixtures("followed")
def test_sound_card_payments_are_proved() -> None:
    ours = [
        each
        for each in all_invariants()
        if each.prove.__module__ == "payments.invariants.acquirers"
    ]
    assert len(ours) == 4
    assert all(each.prove().rows for each in ours)
    assert breached() == set()


@pytest.mark.usefixtures("followed")
@pytest.mark.parametrize("name", BREACHES)
def test_a_breach_is_found(name: str) -> None:
    sql, found_by = BREACHES[name]
    call("SET CONSTRAINTS ALL IMMEDIATE")
    call("SET LOCAL session_replication_role = replica")
    call(sql)
    call("SET LOCAL session_replication_role = origin")
    assert breached() == found_by
