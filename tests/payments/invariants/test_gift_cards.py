"""Each proof of gift cards finds the breach that is planted for it."""

import pytest

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import call, transaction
from okplatform.kernel.invariants import all_invariants
from payments.actions.spend_gift_card import Part, hold_gift_cards, release_gift_cards
from payments.models import GiftCard
from tests.payments.books import close
from tests.payments.gift_cards import Cards, on
from tests.support.proofs import prove
from tests.support.world import NOW, World


@pytest.fixture
def cards(world: World) -> Cards:
    return Cards(world.till).start()


@pytest.fixture
def card(cards: Cards) -> GiftCard:
    card = cards.load(2_500)
    cards.spend(card, 1_100)
    prove()
    return card


def found(name: str) -> str:
    (proof,) = [each.prove() for each in all_invariants() if each.name == name]
    return " ".join(proof.breaches)


def change(statement: str) -> None:
    """Change what no trigger would let through."""
    with transaction():
        call("SELECT set_config('session_replication_role', 'replica', true)")
        call(f"{statement} RETURNING 1")
        call("SELECT set_config('session_replication_role', 'origin', true)")


def test_a_booking_that_is_not_what_the_ledger_says_is_found(card: GiftCard) -> None:
    change("UPDATE payments_gift_card_booking SET amount = 2501 WHERE kind = 'sold'")
    assert "has 1401 by its bookings" in found("gift_cards_hold_what_was_booked")
    assert "is posted as 2500" in found("gift_card_bookings_are_posted")


def test_a_balance_that_the_last_booking_has_wrong_is_found(card: GiftCard) -> None:
    change("UPDATE payments_gift_card_booking SET balance = 9 WHERE kind = 'spent'")
    assert "9 by the last" in found("gift_cards_hold_what_was_booked")


def test_a_tender_that_no_card_paid_is_found(cards: Cards, card: GiftCard) -> None:
    with transaction():
        sale_id = close(cards.place, ("gift_card", 500))
    assert f"sale {sale_id} tender 1 is 500" in found("gift_card_tenders_were_spent")


def test_what_is_set_aside_for_a_sale_that_is_over_is_found(cards: Cards, card: GiftCard) -> None:
    with transaction():
        sale_id = close(cards.place, ("cash", 500))
        hold_gift_cards(
            sale=cards.sale(sale_id),
            parts=[Part(card_id=card.pk, number=1, amount=300)],
            now=NOW,
            actor=SYSTEM,
        )
    name = "gift_cards_are_held_for_open_sales"
    assert f"has 300 set aside for sale {sale_id}, which is closed" in found(name)
    change("DELETE FROM payments_gift_card_booking WHERE kind = 'held'")
    assert f"gift card {card.pk} has 0 set aside, and 300 in the ledger" in found(name)


def test_what_was_let_go_twice_is_found(cards: Cards, card: GiftCard) -> None:
    with transaction():
        sale_id = close(cards.place, ("cash", 500))
        hold_gift_cards(
            sale=cards.sale(sale_id),
            parts=[Part(card_id=card.pk, number=1, amount=300)],
            now=NOW,
            actor=SYSTEM,
        )
    with transaction():
        release_gift_cards(sale_id=sale_id, now=NOW)
    prove()
    change("UPDATE payments_gift_card_booking SET amount = 400 WHERE kind = 'released'")
    found_now = found("gift_cards_are_held_for_open_sales")
    assert f"has -100 set aside for sale {sale_id}" in found_now


def test_a_write_off_that_is_booked_as_something_else_is_found(cards: Cards) -> None:
    card = cards.start(valid_months=1).load(700)
    cards.write_off(700)
    assert on(card) == 0
    prove()
    change("UPDATE payments_gift_card_booking SET kind = 'taken_back' WHERE kind = 'lapsed'")
    assert "of -700 is posted as 0" in found("gift_card_bookings_are_posted")
