"""Which offer wins, on what, and what it takes off: worked examples in cents."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from loyalty.engine import Left, NearMiss, Window, compile_program, evaluate
from tests.loyalty.engine.shelf import (
    ALICE,
    NOON,
    PARENTS,
    basket,
    basket_offer,
    bread,
    line,
    line_offer,
    loaf,
    named,
    points,
    program,
)


def test_a_percentage_on_a_category_reaches_what_is_below_it_and_nothing_else() -> None:
    bought = basket(line(1, 400, category="rye"), line(2, 400, category="books"), line(3, 400))
    quote = evaluate(program(bread(1_000)), None, bought, NOON)
    assert [one.discount for one in quote.lines] == [40, 0, 0]


def test_a_percentage_on_a_product_reaches_that_product_in_any_category() -> None:
    offer = line_offer(5_000, number=1, skus=frozenset({"sku-3"}))
    bought = basket(line(1, 300, sku="sku-3", category="books"), line(2, 300, sku="sku-4"))
    assert [one.discount for one in evaluate(program(offer), None, bought, NOON).lines] == [150, 0]


def test_half_a_cent_is_rounded_up_once() -> None:
    assert evaluate(program(bread(5_000)), None, basket(loaf(5)), NOON).discount == 3


def test_percentages_that_combine_act_on_what_remains() -> None:
    both = program(bread(1_000, number=1), bread(2_000, number=2))
    (one,) = evaluate(both, None, basket(loaf(1_000)), NOON).lines
    assert [(found.offer_id, found.amount) for found in one.discounts] == [(1, 100), (2, 180)]


def test_of_offers_in_one_group_only_the_best_for_the_shopper_is_given() -> None:
    rivals = program(bread(1_000, number=1, group="a"), bread(2_500, number=2, group="a"))
    quote = evaluate(rivals, None, basket(loaf(1_000)), NOON)
    assert [(found.offer_id, found.amount) for found in quote.given] == [(2, 250)]


def test_of_equal_offers_in_one_group_the_first_by_priority_is_given() -> None:
    rivals = program(
        bread(1_000, number=1, group="a", priority=2), bread(1_000, number=2, group="a", priority=1)
    )
    quote = evaluate(rivals, None, basket(loaf(1_000)), NOON)
    assert [found.offer_id for found in quote.given] == [2]


def test_an_offer_on_the_basket_is_split_to_the_cent_with_ties_on_the_line_number() -> None:
    bought = basket(loaf(100, number=1), loaf(100, number=2), loaf(100, number=3))
    quote = evaluate(program(basket_offer(1_000, number=9)), None, bought, NOON)
    assert quote.discount == 30
    quote = evaluate(program(basket_offer(500, number=9)), None, bought, NOON)
    assert [one.discount for one in quote.lines] == [5, 5, 5]
    quote = evaluate(program(basket_offer(1_334, number=9)), None, bought, NOON)
    assert [one.discount for one in quote.lines] == [14, 13, 13]


def test_one_offer_on_the_basket_wins() -> None:
    rivals = program(basket_offer(500, number=8), basket_offer(1_000, number=9))
    quote = evaluate(rivals, None, basket(loaf(1_000)), NOON)
    assert [(found.offer_id, found.amount) for found in quote.given] == [(9, 100)]


def test_an_offer_on_the_basket_acts_on_what_line_offers_left() -> None:
    both = program(bread(5_000, number=1), basket_offer(1_000))
    assert evaluate(both, None, basket(loaf(1_000)), NOON).due == 450


def test_an_offer_on_the_basket_leaves_out_lines_where_its_group_has_won() -> None:
    both = program(bread(5_000, number=1, group="a"), basket_offer(1_000, group="a"))
    quote = evaluate(both, None, basket(loaf(1_000), line(2, 600)), NOON)
    assert [one.discount for one in quote.lines] == [500, 60]


def test_an_offer_for_members_is_not_given_to_others() -> None:
    compiled = program(bread(1_000, members_only=True))
    assert evaluate(compiled, None, basket(loaf(1_000)), NOON).discount == 0
    assert evaluate(compiled, ALICE, basket(loaf(1_000)), NOON).discount == 100


@pytest.mark.parametrize(
    ("at", "discount"),
    [
        (datetime(2025, 3, 28, 22, 59, 59, tzinfo=UTC), 0),  # 28 March, 23:59:59 in winter time
        (datetime(2025, 3, 28, 23, 0, tzinfo=UTC), 100),  # 29 March, 0:00
        (datetime(2025, 3, 30, 21, 59, 59, tzinfo=UTC), 100),  # 30 March, 23:59:59 in summer time
        (datetime(2025, 3, 30, 22, 0, tzinfo=UTC), 0),  # 31 March, 0:00
    ],
)
def test_an_offer_runs_from_midnight_to_midnight_in_the_store_also_when_the_clock_moves(
    at: datetime, discount: int
) -> None:
    weekend = Window(first_day=date(2025, 3, 29), last_day=date(2025, 3, 30))
    quote = evaluate(program(bread(1_000, window=weekend)), None, basket(loaf(1_000)), at)
    assert quote.discount == discount


def test_at_one_moment_an_offer_can_be_over_in_one_store_and_not_in_another() -> None:
    today = program(bread(1_000, window=Window(last_day=date(2025, 11, 21))))
    midnight_in_amsterdam = datetime(2025, 11, 21, 23, 0, tzinfo=UTC)
    for zone, discount in (("Europe/Amsterdam", 0), ("America/Curacao", 100)):
        bought = basket(loaf(1_000), zone=ZoneInfo(zone))
        assert evaluate(today, None, bought, midnight_in_amsterdam).discount == discount


def test_an_offer_from_an_amount_includes_that_amount() -> None:
    compiled = program(basket_offer(1_000, min_basket=5_000))
    assert evaluate(compiled, None, basket(loaf(5_000)), NOON).discount == 500
    assert evaluate(compiled, None, basket(loaf(4_999)), NOON).discount == 0


def test_an_amount_that_is_nearly_reached_is_mentioned() -> None:
    compiled = program(basket_offer(1_000, min_basket=5_000))
    near = evaluate(compiled, None, basket(loaf(4_790)), NOON)
    assert near.near_misses == (NearMiss("offer", 210, 0, named("offer 9")),)
    far = evaluate(compiled, None, basket(loaf(1_000)), NOON)
    assert far.near_misses == ()


def test_an_offer_that_would_not_have_won_is_no_near_miss() -> None:
    compiled = program(basket_offer(2_000, number=8), basket_offer(1_000, min_basket=5_000))
    assert evaluate(compiled, None, basket(loaf(4_790)), NOON).near_misses == ()


def test_an_offer_on_a_category_is_one_near_miss_for_all_its_lines() -> None:
    compiled = program(bread(1_000, min_basket=1_000))
    near = evaluate(compiled, None, basket(loaf(450), loaf(450, number=2)), NOON)
    assert [miss.missing for miss in near.near_misses] == [100]


def test_an_offer_with_too_little_left_makes_room_for_the_next_best() -> None:
    rivals = program(
        bread(2_500, number=1, group="a", limited=True),
        bread(1_000, number=2, group="a", limited=True),
    )
    left = {1: Left(amount=249, uses=None), 2: Left(amount=None, uses=1)}
    quote = evaluate(rivals, None, basket(loaf(1_000)), NOON, left=left)
    assert [(found.offer_id, found.amount) for found in quote.given] == [(2, 100)]


def test_reasons_name_the_offer_in_both_languages_and_say_why() -> None:
    compiled = program(bread(1_000, because=named("because you are a member")))
    (one,) = evaluate(compiled, None, basket(loaf(1_000)), NOON).lines
    assert one.reasons() == [
        {
            "kind": "offer",
            "id": 1,
            "text": {"nl": "offer 1 (nl)", "en": "offer 1"},
            "amount": 100,
            "because": {
                "nl": "because you are a member (nl)",
                "en": "because you are a member",
            },
        }
    ]


def test_two_offers_with_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="same id"):
        program(bread(1_000, number=1), basket_offer(1_000, number=1))


def test_categories_that_loop_are_refused() -> None:
    with pytest.raises(ValueError, match="below itself"):
        compile_program((), parents={**PARENTS, "food": "rye"}, version=1)


def test_a_negative_line_and_a_number_used_twice_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        evaluate(program(), None, basket(loaf(-1)), NOON)
    with pytest.raises(ValueError, match="same number"):
        evaluate(program(), None, basket(loaf(1), loaf(2)), NOON)


def test_points_and_offers_may_share_an_id_because_they_are_kept_apart() -> None:
    quote = evaluate(
        program(points(number=1), bread(1_000, number=1)), ALICE, basket(loaf(1_000)), NOON
    )
    assert (quote.discount, quote.points) == (100, 9)
