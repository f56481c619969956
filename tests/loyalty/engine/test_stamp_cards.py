"""Stamp cards: the tenth coffee is free, in one basket or in ten."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.engine import (
    Left,
    MemberSnapshot,
    NearMiss,
    Quote,
    StampCard,
    Stamps,
    Window,
    evaluate,
)
from tests.loyalty.engine.shelf import (
    ALICE,
    NOON,
    basket,
    bread,
    line,
    loaf,
    loaves_of,
    named,
    nth,
    program,
)

CARD = StampCard(
    id=1, text=named("tenth free"), categories=frozenset({"bread"}), size=10, percentage_bp=10_000
)


def with_stamps(count: int) -> MemberSnapshot:
    return ALICE._replace(stamps={1: Stamps(count, NOON)})


def buy(count: int, *prices: int, **other: Any) -> Quote:
    """Buy loaves with so many stamps on the card."""
    return evaluate(program(replace(CARD, **other)), with_stamps(count), loaves_of(*prices), NOON)


@pytest.mark.parametrize(
    ("had", "bought", "free", "left"),
    [(0, 1, 0, 1), (8, 1, 0, 9), (9, 1, 1, 0), (9, 3, 1, 2), (0, 10, 1, 0), (5, 25, 3, 0)],
)
def test_every_tenth_piece_is_free(had: int, bought: int, free: int, left: int) -> None:
    quote = buy(had, *[200] * bought)
    (stamped,) = quote.stamped
    assert quote.discount == 200 * free
    assert (stamped.stamps, stamped.rewards) == (bought, free)
    assert had + stamped.stamps - 10 * stamped.rewards == left


def test_of_what_is_in_the_basket_the_cheapest_is_free() -> None:
    quote = buy(8, 300, 150, 400)
    assert [one.discount for one in quote.lines] == [0, 150, 0]
    assert quote.stamped[0].lines == ((1, 1, 0), (2, 1, 1), (3, 1, 0))
    assert quote.lines[1].discounts[0].text == CARD.text


def test_how_many_more_is_said() -> None:
    assert NearMiss("stamps", 0, 2, CARD.text) in buy(6, 200).near_misses
    assert NearMiss("stamps", 0, 0, CARD.text) in buy(8, 200).near_misses
    assert NearMiss("stamps", 0, 9, CARD.text) in buy(9, 200).near_misses


def test_who_is_not_known_gets_no_stamp() -> None:
    quote = evaluate(program(CARD), None, loaves_of(200), NOON)
    assert quote.stamped == ()
    assert quote.near_misses == ()


def test_other_goods_give_no_stamp() -> None:
    quote = evaluate(program(CARD), ALICE, basket(line(1, 500, category="books")), NOON)
    assert quote.stamped == ()


def test_a_stamp_for_the_visit_counts_once() -> None:
    quote = buy(8, 200, 200, 200, per_visit=True)
    assert (quote.stamped[0].stamps, quote.discount) == (1, 0)
    assert buy(9, 300, 200, per_visit=True).discount == 200


def test_an_offer_of_the_same_group_keeps_its_line_and_the_card_stays_full() -> None:
    rules = program(replace(CARD, group="a"), bread(1_000, number=2, group="a"))
    quote = evaluate(rules, with_stamps(9), loaves_of(200), NOON)
    assert quote.discount == 20
    assert (quote.stamped[0].stamps, quote.stamped[0].rewards) == (1, 0)
    later = evaluate(program(CARD), with_stamps(10), loaves_of(200), NOON)
    assert (later.discount, later.stamped[0].rewards) == (200, 1)


def test_sets_go_first_and_their_pieces_give_stamps() -> None:
    rules = program(replace(CARD, group="a"), nth(3, number=2, group="a"))
    quote = evaluate(rules, with_stamps(6), loaves_of(200, 200, 200), NOON)
    assert (quote.discount, quote.stamped[0].stamps) == (200, 3)


def test_what_came_back_after_its_reward_has_to_be_bought_again() -> None:
    assert buy(-1, *[200] * 10).discount == 0
    assert buy(-1, *[200] * 11).discount == 200


@pytest.mark.parametrize(("days", "free"), [(30, 1), (31, 0)])
def test_stamps_end_by_the_calendar_of_the_store(days: int, free: int) -> None:
    compiled = program(replace(CARD, lapse_days=30))
    # The last minute of the day in Amsterdam, an hour behind in winter.
    late = NOON.replace(hour=22, minute=59) + timedelta(days=days)
    quote = evaluate(compiled, with_stamps(9), loaves_of(200), late)
    assert quote.discount == 200 * free
    assert quote.stamped[0].lapsed == (0 if free else 9)


def test_a_budget_that_is_spent_gives_stamps_and_no_piece() -> None:
    compiled = program(replace(CARD, limited=True))
    quote = evaluate(compiled, with_stamps(9), loaves_of(200), NOON, left={1: Left(199, None)})
    assert (quote.discount, quote.stamped[0].stamps, quote.stamped[0].rewards) == (0, 1, 0)


def test_half_price_and_the_floor_of_a_line() -> None:
    assert buy(9, 201, percentage_bp=5_000).discount == 101
    floored = basket(loaf(200, floor=150))
    assert evaluate(program(CARD), with_stamps(9), floored, NOON).discount == 50


@given(
    had=st.integers(-5, 30),
    prices=st.lists(st.integers(1, 900), min_size=1, max_size=12),
    size=st.integers(2, 12),
    cut=st.integers(0, 12),
)
def test_two_baskets_give_as_many_free_pieces_as_one(
    had: int, prices: list[int], size: int, cut: int
) -> None:
    had %= size
    compiled = program(replace(CARD, size=size))
    stamps, free = had, 0
    for part in (prices[:cut], prices[cut:]):
        if not part:
            continue
        quote = evaluate(compiled, with_stamps(stamps), loaves_of(*part), NOON)
        (stamped,) = quote.stamped
        stamps += stamped.stamps - size * stamped.rewards
        free += stamped.rewards
        assert 0 <= stamps < size
    whole = evaluate(compiled, with_stamps(had), loaves_of(*prices), NOON).stamped[0]
    assert (free, stamps) == (whole.rewards, had + whole.stamps - size * whole.rewards)


def test_outside_its_days_a_card_does_nothing_and_tells_nothing() -> None:
    past = Window(last_day=NOON.date() - timedelta(days=1))
    for terms in ({}, {"min_basket": 300}, {"limited": True}):
        compiled = program(replace(CARD, window=past, **terms))
        quote = evaluate(compiled, with_stamps(9), loaves_of(250), NOON, left={1: Left(0, 0)})
        assert (quote.stamped, quote.discount, quote.near_misses) == ((), 0, ())
