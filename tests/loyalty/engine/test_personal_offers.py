"""Offers for some: whom they are assigned to, and who shows the code."""

import pytest

from loyalty.engine import BasketAmountOff, evaluate
from tests.loyalty.engine.shelf import (
    ALICE,
    NOON,
    basket,
    basket_offer,
    bread,
    loaf,
    loaves_of,
    named,
    nth,
    program,
)

FIVE_OFF = BasketAmountOff(
    id=5, text=named("5 off"), amount_off=500, min_basket=2_000, code="WELCOME"
)


def test_a_personal_offer_is_for_whom_it_is_assigned_to() -> None:
    compiled = program(bread(1_000, number=1, personal=True))
    has_it = ALICE._replace(assigned=frozenset({1}))
    has_another = ALICE._replace(assigned=frozenset({2}))
    given = [
        evaluate(compiled, who, loaves_of(1_000), NOON).discount
        for who in (has_it, has_another, ALICE, None)
    ]
    assert given == [100, 0, 0, 0]


def test_an_offer_that_is_not_personal_stays_everybodys_when_it_is_assigned() -> None:
    compiled = program(bread(1_000, number=1))
    assert evaluate(compiled, None, loaves_of(1_000), NOON).discount == 100


@pytest.mark.parametrize(
    ("codes", "discount"), [(("WELCOME",), 500), ((), 0), (("welcome", "OTHER"), 0)]
)
def test_a_coupon_is_for_who_shows_its_code(codes: tuple[str, ...], discount: int) -> None:
    bought = basket(loaf(2_000), codes=codes)
    assert evaluate(program(FIVE_OFF), None, bought, NOON).discount == discount


def test_a_coupon_from_an_amount_says_what_is_missing() -> None:
    quote = evaluate(program(FIVE_OFF), None, basket(loaf(1_900), codes=("WELCOME",)), NOON)
    assert quote.discount == 0
    assert [miss.missing for miss in quote.near_misses] == [100]
    without = evaluate(program(FIVE_OFF), None, basket(loaf(1_900)), NOON)
    assert without.near_misses == ()


def test_a_coupon_acts_on_what_everybodys_offers_left_and_before_the_basket_offer() -> None:
    compiled = program(FIVE_OFF, bread(1_000, number=1), basket_offer(1_000, number=9))
    quote = evaluate(compiled, None, basket(loaf(4_000), codes=("WELCOME",)), NOON)
    # 40.00 less 10 % is 36.00, less 5.00 is 31.00, less 10 % is 27.90.
    assert quote.due == 2_790


def test_a_coupon_on_a_line_does_not_combine_with_an_offer_of_its_group() -> None:
    compiled = program(
        bread(1_000, number=1, group="a"), bread(5_000, number=2, group="a", code="HALF")
    )
    quote = evaluate(compiled, None, basket(loaf(1_000), codes=("HALF",)), NOON)
    assert [found.offer_id for found in quote.given] == [1]


def test_a_coupon_can_be_for_a_free_piece() -> None:
    compiled = program(nth(2, code="FREE"))
    bought = loaves_of(300, 200)._replace(codes=frozenset({"FREE"}))
    assert evaluate(compiled, None, bought, NOON).due == 300
    assert evaluate(compiled, None, loaves_of(300, 200), NOON).due == 500
