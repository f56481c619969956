"""Whatever is done with gift cards: what was put on less what was taken off is what is there."""

from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from payments import gift_card_numbers as numbers
from payments.actions.take_back_load import GiftCardSpentFrom
from payments.gift_cards import GiftCardTooFull, GiftCardTooLow
from payments.models import GiftCard
from payments.models.gift_card import MOST
from tests.payments.gift_cards import Cards, on
from tests.support.proofs import prove
from tests.support.world import World

KEY = bytes(range(32))
STEPS = st.lists(
    st.tuples(st.sampled_from(["load", "spend", "take_back"]), st.integers(100, 20_000)),
    min_size=1,
    max_size=12,
)


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.integers(100, MOST), steps=STEPS)
def test_a_card_holds_what_went_on_less_what_went_off(
    world: World, first: int, steps: list[tuple[str, int]]
) -> None:
    cards = Cards(world.till).start()
    owed = cards.issued()
    uuid, balance, loaded = uuid4(), first, first
    card = cards.load(first, uuid=uuid)
    for kind, amount in steps:
        moved = _do(cards, card, kind, amount, (uuid, loaded))
        balance += moved
        if kind == "take_back" and moved:
            loaded = 0
        assert on(card) == balance >= 0
    assert cards.issued() == owed - balance
    prove()


def _do(cards: Cards, card: GiftCard, kind: str, amount: int, first: tuple[UUID, int]) -> int:
    """Do one step and return what it moved; a refusal moves nothing."""
    uuid, loaded = first
    try:
        if kind == "load":
            cards.load(amount, card)
            return amount
        if kind == "spend":
            cards.spend(card, amount)
            return -amount
        cards.take_back(uuid)
    except (GiftCardTooLow, GiftCardTooFull, GiftCardSpentFrom):
        return 0
    return -loaded


@given(seed=st.uuids(), place=st.integers(0, 15), other=st.integers(1, 9))
def test_a_wrong_digit_is_always_seen(seed: UUID, place: int, other: int) -> None:
    number = numbers.number_of(seed, KEY)
    assert numbers.read(number) == (number, "")
    wrong = f"{number[:place]}{(int(number[place]) + other) % 10}{number[place + 1 :]}"
    assert numbers.read(wrong) is None


@given(seed=st.uuids(), place=st.integers(0, 14))
def test_two_digits_that_changed_places_are_always_seen(seed: UUID, place: int) -> None:
    number = numbers.number_of(seed, KEY)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert (numbers.read(swapped) is None) == (number[place] != number[place + 1])


@given(seed=st.uuids())
def test_a_bar_code_is_the_number_and_the_pin(seed: UUID) -> None:
    number, pin = numbers.number_of(seed, KEY), numbers.pin_of(seed, KEY)
    assert numbers.read(numbers.written(number), pin) == (number, pin)
    assert numbers.read(number + pin) == (number, pin)
    assert numbers.is_pin(pin, seed, KEY)


@given(typed=st.text(max_size=30))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    shown = numbers.read(typed)
    assert shown is None or len(shown.number) == numbers.NUMBER_LENGTH
