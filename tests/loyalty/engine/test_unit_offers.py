"""Pieces in sets, in cents, as a shopper checks the receipt by hand."""

import pytest

from loyalty.engine import BasketLine, Part, Quote, Rule, evaluate
from tests.loyalty.engine.shelf import (
    NOON,
    basket,
    bread,
    line,
    loaf,
    loaves,
    loaves_of,
    named,
    nth,
    program,
    set_price,
)


def sold(bought: list[BasketLine], *rules: Rule) -> Quote:
    return evaluate(program(*rules), None, basket(*bought), NOON)


@pytest.mark.parametrize(
    ("prices", "discount"),
    [
        ((300, 300), 0),
        ((300, 300, 300), 300),
        ((300, 200, 100), 100),
        ((100, 300, 200), 100),
        ((300, 300, 300, 300, 300), 300),
        ((500, 400, 300, 200, 100, 50), 50 + 100),
    ],
)
def test_two_and_one_free_gives_the_cheapest_ones(prices: tuple[int, ...], discount: int) -> None:
    assert evaluate(program(nth(3)), None, loaves_of(*prices), NOON).discount == discount


@pytest.mark.parametrize(
    ("quantity", "paid"), [(1, 199), (2, 398), (3, 597), (4, 696), (7, 1_293), (8, 1_393)]
)
def test_the_fourth_at_half_price_on_one_line(quantity: int, paid: int) -> None:
    quote = sold([loaf(199 * quantity, quantity=quantity)], nth(4, 5_000))
    # Half of one is 99.5, rounded up to 100; of two together it is 199 exactly.
    assert quote.due == paid


def test_what_is_free_is_split_over_all_pieces_of_the_set() -> None:
    quote = evaluate(program(nth(3)), None, loaves_of(300, 200, 100), NOON)
    assert [one.discount for one in quote.lines] == [50, 33, 17]


def test_a_piece_that_is_in_no_set_is_paid_in_full() -> None:
    quote = evaluate(program(nth(3)), None, loaves_of(900, 300, 300, 300), NOON)
    assert [one.paid for one in quote.lines] == [900, 200, 200, 200]


@pytest.mark.parametrize(
    ("prices", "paid"),
    [
        ((199, 199), 398),
        ((199, 199, 199), 500),
        ((199, 199, 199, 199), 699),
        ((199,) * 6, 1_000),
        ((150, 150, 150), 450),  # dearer with the offer: nothing changes
        ((250, 250, 250, 100, 100, 100), 800),  # the second set would cost more
        ((100, 250, 100, 250, 100, 250), 800),
    ],
)
def test_three_for_five_euros(prices: tuple[int, ...], paid: int) -> None:
    offer = set_price(500, loaves(3))
    assert evaluate(program(offer), None, loaves_of(*prices), NOON).due == paid


def test_sets_of_a_very_long_line_are_not_counted_one_by_one() -> None:
    quote = sold([loaf(89_638 * 200, quantity=89_638)], set_price(500, loaves(3)))
    assert quote.discount == 100 * (89_638 // 3)


def test_a_coffee_and_a_roll_for_four_euros() -> None:
    coffee = Part(1, skus=frozenset({"coffee"}))
    bundle = set_price(400, coffee, loaves(1))
    bought = [line(1, 300, sku="coffee"), loaf(250, number=2), loaf(150, number=3)]
    quote = sold(bought, bundle)
    # The dearer roll goes with the coffee: 5.50 becomes 4.00.
    assert [one.paid for one in quote.lines] == [218, 182, 150]
    assert sold(bought[1:], bundle).discount == 0


def test_a_product_that_is_named_belongs_to_that_part_and_not_to_its_categorys() -> None:
    bundle = set_price(400, loaves(1), Part(1, skus=frozenset({"raisin"})))
    bought = [loaf(300), loaf(350, number=2, sku="raisin")]
    assert sold(bought, bundle).discount == 250
    assert sold([bought[1]], bundle).discount == 0


def test_of_two_offers_in_one_group_the_better_one_takes_its_lines() -> None:
    rivals = (
        nth(2, 5_000, number=1, group="a"),
        set_price(500, loaves(3), number=2, group="a"),
    )
    quote = evaluate(program(*rivals), None, loaves_of(300, 300, 300), NOON)
    assert [(found.offer_id, found.amount) for found in quote.given] == [(2, 400)]
    quote = evaluate(program(*rivals), None, loaves_of(300, 300), NOON)
    assert [(found.offer_id, found.amount) for found in quote.given] == [(1, 150)]


def test_a_set_leaves_lines_alone_where_its_group_has_won() -> None:
    rivals = program(bread(1_000, number=1, group="a"), nth(3, number=2, group="a"))
    quote = evaluate(rivals, None, loaves_of(300, 300, 300), NOON)
    assert [found.offer_id for found in quote.given] == [1]


def test_sets_act_on_the_price_that_is_left() -> None:
    both = program(bread(5_000, number=1), nth(3, number=2))
    assert evaluate(both, None, loaves_of(300, 300, 300), NOON).due == 300


def test_one_basket_gets_at_most_so_many_sets() -> None:
    offer = nth(2, most=1)
    assert evaluate(program(offer), None, loaves_of(300, 300, 200, 200), NOON).discount == 200


def test_one_more_piece_is_a_near_miss_and_two_are_not() -> None:
    near = evaluate(program(nth(3)), None, loaves_of(300, 300), NOON).near_misses
    assert [(miss.kind, miss.missing, miss.text) for miss in near] == [
        ("piece", 0, named("offer 1"))
    ]
    assert evaluate(program(nth(3)), None, loaves_of(300), NOON).near_misses == ()
    assert evaluate(program(nth(3)), None, loaves_of(300, 300, 300), NOON).near_misses == ()


def test_sets_from_an_amount_are_near_when_little_is_missing() -> None:
    offer = nth(3, min_basket=1_000)
    quote = evaluate(program(offer), None, loaves_of(300, 300, 300), NOON)
    assert quote.discount == 0
    assert [(miss.kind, miss.missing) for miss in quote.near_misses] == [("offer", 100)]
