"""Points beside those for money: for a visit, for pieces; and what multiplies those for money."""

from typing import Any

from loyalty.engine import (
    Earned,
    NearMiss,
    PointsPerPiece,
    PointsPerVisit,
    PointsTimes,
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
    points,
    program,
)

BREAD = frozenset({"bread"})


def double(*, number: int = 2, times_milli: int = 2_000, **terms: Any) -> PointsTimes:
    return PointsTimes(id=number, text=named("double"), times_milli=times_milli, **terms)


def per_loaf(milli: int = 5_000) -> PointsPerPiece:
    return PointsPerPiece(id=3, text=named("loaf"), milli=milli, categories=BREAD)


def visit(milli: int = 3_000, **terms: Any) -> PointsPerVisit:
    return PointsPerVisit(id=4, text=named("visit"), milli=milli, **terms)


def test_double_points_on_bread_leave_the_rest_as_it_is() -> None:
    bought = basket(loaf(1_000), line(2, 1_000))
    quote = evaluate(program(points(), double(categories=BREAD)), ALICE, bought, NOON)
    assert [one.points for one in quote.lines] == [20, 10]
    assert quote.earned == (
        Earned(1, named("points"), 20_000),
        Earned(2, named("double"), 10_000),
    )


def test_points_for_a_product_only_come_beside_those_for_all() -> None:
    extra = points(20, number=5, skus=frozenset({"sku-3"}))
    bought = basket(line(1, 1_000, sku="sku-3"), line(2, 1_000))
    quote = evaluate(program(points(), extra), ALICE, bought, NOON)
    assert [one.points for one in quote.lines] == [30, 10]


def test_of_two_multipliers_the_highest_counts_and_they_do_not_multiply_each_other() -> None:
    both = program(points(), double(), double(number=6, times_milli=3_000, categories=BREAD))
    assert evaluate(both, ALICE, loaves_of(1_000), NOON).points == 30


def test_a_fixed_number_of_points_is_never_multiplied() -> None:
    quote = evaluate(
        program(points(), double(), per_loaf(), visit()), ALICE, loaves_of(1_000), NOON
    )
    assert quote.points == 20 + 5 + 3


def test_five_points_for_each_loaf_that_is_paid() -> None:
    bought = basket(loaf(900, quantity=3))
    assert evaluate(program(per_loaf()), ALICE, bought, NOON).points == 15
    free = program(per_loaf(), bread(10_000))
    assert evaluate(free, ALICE, bought, NOON).points == 0


def test_a_visit_gives_its_points_once_and_not_for_nothing() -> None:
    compiled = program(visit())
    assert evaluate(compiled, ALICE, loaves_of(300, 200), NOON).points == 3
    assert evaluate(program(visit(), bread(10_000)), ALICE, loaves_of(300), NOON).points == 0
    assert evaluate(compiled, None, loaves_of(300), NOON).points == 0


def test_a_visit_from_an_amount_is_a_near_miss() -> None:
    compiled = program(points(), visit(min_paid=2_000))
    quote = evaluate(compiled, ALICE, loaves_of(1_850), NOON)
    assert quote.points == 18
    # With 20 euros it is 20 points for the money and 3 for the visit.
    assert quote.near_misses == (NearMiss("points", 150, 20, None),)


def test_what_double_points_nearly_earned_is_counted_double() -> None:
    quote = evaluate(program(points(), double()), ALICE, loaves_of(1_850), NOON)
    assert (quote.points, quote.near_misses) == (37, (NearMiss("points", 150, 40, None),))


def test_the_points_keep_the_name_of_the_programme() -> None:
    assert program(visit(), points(number=9)).points_name == named("points")
