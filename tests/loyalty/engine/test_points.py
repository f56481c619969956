"""What a basket earns, with the numbers of the receipt in the design."""

from loyalty.engine import NearMiss, evaluate
from tests.loyalty.engine.shelf import ALICE, NOON, basket, bread, line, loaf, points, program


def test_a_point_per_euro_is_earned_on_money_paid_after_discounts() -> None:
    quote = evaluate(program(points(), bread(5_000)), ALICE, basket(loaf(2_000)), NOON)
    assert (quote.due, quote.points) == (1_000, 10)


def test_thirty_and_twenty_cents_earn_what_fifty_earn_when_a_point_takes_half_a_euro() -> None:
    compiled = program(points(20))
    first = evaluate(compiled, ALICE, basket(loaf(30)), NOON)
    second = evaluate(compiled, ALICE._replace(carry=first.carry), basket(loaf(20)), NOON)
    assert (first.points, first.carry) == (0, 600)
    assert (second.points, second.carry) == (1, 0)


def test_the_fraction_is_dropped_once_per_basket_not_per_line() -> None:
    bought = basket(*(line(number, 60) for number in range(1, 6)))
    quote = evaluate(program(points()), ALICE, bought, NOON)
    assert quote.points == 3
    assert [one.points for one in quote.lines] == [1, 1, 1, 0, 0]


def test_the_receipt_of_the_design_says_what_was_nearly_earned() -> None:
    quote = evaluate(program(points()), ALICE, basket(loaf(1_840)), NOON)
    assert quote.points == 18
    assert quote.near_misses == (NearMiss("points", 160, 20, None),)


def test_a_small_basket_is_told_of_the_next_point_only() -> None:
    quote = evaluate(program(points()), ALICE, basket(loaf(275)), NOON)
    assert quote.near_misses == (NearMiss("points", 25, 3, None),)


def test_nothing_is_said_to_be_near_when_it_is_far() -> None:
    quote = evaluate(program(points()), ALICE, basket(loaf(20)), NOON)
    assert quote.near_misses == ()


def test_a_free_basket_earns_nothing_and_promises_nothing() -> None:
    quote = evaluate(program(points(), bread(10_000)), ALICE, basket(loaf(500)), NOON)
    assert (quote.points, quote.near_misses) == (0, ())


def test_round_numbers_follow_the_rate() -> None:
    quote = evaluate(program(points(1_000)), ALICE, basket(loaf(1_840)), NOON)
    assert (quote.points, quote.near_misses) == (1_840, (NearMiss("points", 160, 2_000, None),))


def test_an_empty_basket_is_a_quote_of_nothing() -> None:
    quote = evaluate(program(points()), ALICE._replace(carry=999), basket(), NOON)
    assert (quote.lines, quote.due, quote.points, quote.carry) == ((), 0, 0, 999)


def test_a_carry_below_zero_is_made_up_before_a_point_is_earned() -> None:
    owing = ALICE._replace(carry=-999)
    quote = evaluate(program(points()), owing, basket(loaf(50)), NOON)
    assert (quote.points, quote.carry) == (0, -499)


def test_a_settlement_says_what_to_book() -> None:
    quote = evaluate(program(points(), bread(1_000)), ALICE, basket(loaf(1_000)), NOON)
    settlement = quote.settlement()
    assert (settlement.member_id, settlement.milli, settlement.points) == (1, 9_000, 9)
    assert settlement.given == quote.given
    assert settlement.near_miss is quote.near_misses[0]
