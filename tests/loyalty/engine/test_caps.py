"""How low a price may go, how often one person gets an offer, and who pays for it."""

import pytest

from loyalty.engine import Funded, Share, evaluate
from tests.loyalty.engine.shelf import (
    ALICE,
    NOON,
    basket,
    basket_offer,
    bread,
    loaf,
    loaves_of,
    nth,
    program,
)


def test_a_line_is_not_sold_under_its_floor() -> None:
    bought = basket(loaf(1_000, floor=700), loaf(1_000, number=2))
    quote = evaluate(program(bread(5_000)), None, bought, NOON)
    assert [one.paid for one in quote.lines] == [700, 500]


def test_what_a_line_cannot_take_of_a_basket_offer_goes_to_the_others() -> None:
    bought = basket(loaf(1_000, floor=950), loaf(1_000, number=2), loaf(1_000, number=3))
    quote = evaluate(program(basket_offer(2_000)), None, bought, NOON)
    assert [one.paid for one in quote.lines] == [950, 725, 725]


def test_a_basket_offer_stops_where_all_lines_stand_at_their_floor() -> None:
    bought = basket(loaf(1_000, floor=900), loaf(1_000, number=2, floor=1_200))
    quote = evaluate(program(basket_offer(5_000)), None, bought, NOON)
    assert [one.paid for one in quote.lines] == [900, 1_000]


def test_a_free_piece_costs_what_the_floors_leave() -> None:
    bought = basket(*(loaf(300, number=number, floor=250) for number in (1, 2, 3)))
    assert evaluate(program(nth(3)), None, bought, NOON).discount == 150


@pytest.mark.parametrize(("before", "discount"), [(0, 100), (1, 100), (2, 0), (3, 0)])
def test_a_person_gets_an_offer_in_so_many_baskets(before: int, discount: int) -> None:
    compiled = program(bread(1_000, number=1, per_person=2))
    who = ALICE._replace(uses={1: before})
    assert evaluate(compiled, who, loaves_of(1_000), NOON).discount == discount


def test_who_is_not_known_gets_no_offer_that_is_counted_per_person() -> None:
    compiled = program(bread(1_000, per_person=2))
    assert evaluate(compiled, None, loaves_of(1_000), NOON).discount == 0


def test_a_brand_pays_its_share_to_the_cent_and_the_shop_the_rest() -> None:
    thirds = (Share("brand", 3_333), Share("street", 3_333))
    compiled = program(bread(1_000, funded=thirds))
    (given,) = evaluate(compiled, None, loaves_of(1_000), NOON).given
    assert given.amount == 100
    assert given.funded == (Funded("brand", 33), Funded("street", 33))
    whole = program(bread(1_000, funded=(Share("brand", 10_000),)))
    (given,) = evaluate(whole, None, loaves_of(1_005), NOON).given
    assert given.funded == (Funded("brand", 101),)
