"""Other prices for pieces: money off each, a fixed price, and how many pieces get it."""

from loyalty.engine import LineAmountOff, LineFixedPrice, evaluate
from tests.loyalty.engine.shelf import NOON, basket, bread, loaf, loaves_of, named, program

BREAD = frozenset({"bread"})
EURO_OFF = LineAmountOff(id=1, text=named("1 off"), categories=BREAD, amount_off=100)
TWO_FIFTY = LineFixedPrice(id=2, text=named("2.50"), categories=BREAD, price=250)


def test_a_euro_off_each_piece() -> None:
    three = basket(loaf(3 * 349, quantity=3))
    assert evaluate(program(EURO_OFF), None, three, NOON).due == 3 * 249


def test_a_piece_that_costs_less_than_a_euro_is_free_and_no_cheaper_than_that() -> None:
    assert evaluate(program(EURO_OFF), None, basket(loaf(75)), NOON).due == 0


def test_for_two_fifty_each() -> None:
    bought = basket(loaf(2 * 349, quantity=2), loaf(199, number=2))
    quote = evaluate(program(TWO_FIFTY), None, bought, NOON)
    assert [one.paid for one in quote.lines] == [500, 199]


def test_goods_by_weight_are_one_piece() -> None:
    cheese = basket(loaf(1_249, quantity=0))
    assert evaluate(program(EURO_OFF), None, cheese, NOON).due == 1_149


def test_of_two_prices_in_one_group_the_lower_one_is_asked() -> None:
    rivals = program(
        bread(1_000, number=3, group="a"),
        LineFixedPrice(id=2, text=named("2.50"), categories=BREAD, price=250, group="a"),
    )
    assert [evaluate(rivals, None, loaves_of(gross), NOON).due for gross in (300, 260)] == [
        250,
        234,
    ]


def test_at_most_two_pieces_get_the_price_whatever_line_they_are_on() -> None:
    two = LineFixedPrice(id=2, text=named("2.50"), categories=BREAD, price=250, most=2)
    on_one_line = evaluate(program(two), None, basket(loaf(1_000, quantity=3)), NOON)
    assert on_one_line.discount == 334 + 333 - 500
    on_three = evaluate(program(two), None, loaves_of(300, 300, 300), NOON)
    assert [one.paid for one in on_three.lines] == [250, 250, 300]


def test_an_offer_takes_no_more_off_a_basket_than_it_says() -> None:
    capped = program(bread(5_000, most_amount=300))
    quote = evaluate(capped, None, loaves_of(400, 400), NOON)
    assert [one.discount for one in quote.lines] == [200, 100]
