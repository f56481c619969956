"""Points that pay and rewards they buy: the numbers, whatever else takes something off."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.engine import (
    ALL_POINTS,
    BasketLine,
    MemberSnapshot,
    PointsAsMoney,
    Reward,
    RewardKind,
    Rule,
    evaluate,
)
from loyalty.engine.quote import Spent
from tests.loyalty.engine.shelf import (
    ALICE,
    NOON,
    SHOWN,
    basket,
    bread,
    lines,
    loaf,
    members,
    named,
    points,
    program,
    rules,
)


def money(**other: int) -> PointsAsMoney:
    """100 points are € 1.00, up to half of a basket."""
    terms = {"points": 100, "amount": 100, "step": 100, "minimum": 100, "most_bp": 5_000}
    return PointsAsMoney(id=77, text=named("points"), **{**terms, **other})


def reward(kind: RewardKind = RewardKind.MONEY_OFF, **other: int | frozenset[str]) -> Reward:
    terms = {"cost": 300, "amount": 500 if kind is RewardKind.MONEY_OFF else 0}
    return Reward(id=8, text=named("reward"), kind=kind, **{**terms, **other})  # type: ignore[arg-type]  # each kind names its own


@pytest.mark.parametrize(
    ("gross", "wish", "terms", "spent"),
    [
        (1_000, ALL_POINTS, {}, (300, 300)),
        (500, ALL_POINTS, {}, (200, 200)),
        (199, ALL_POINTS, {}, None),
        (1_000, 250, {}, (200, 200)),
        (1_000, 99, {}, None),
        (1_000, ALL_POINTS, {"minimum": 400}, None),
        (1_000, ALL_POINTS, {"step": 300, "minimum": 300}, (300, 300)),
        (1_000, ALL_POINTS, {"points": 1, "step": 1, "minimum": 1, "amount": 3}, (166, 498)),
        (300, ALL_POINTS, {"most_bp": 10_000}, (300, 300)),
    ],
)
def test_points_pay_in_steps_within_what_there_is(
    gross: int, wish: int, terms: dict[str, int], spent: tuple[int, int] | None
) -> None:
    asked = basket(loaf(gross))._replace(wish=wish)
    quote = evaluate(program(money(**terms)), ALICE, asked, NOON)
    assert quote.spent == (Spent(*spent) if spent else None)
    assert quote.due == gross - (spent[1] if spent else 0)


def test_points_are_earned_on_what_is_left_after_offers_and_points() -> None:
    published = program(bread(2_000), points(), money())
    quote = evaluate(published, ALICE, basket(loaf(1_000))._replace(wish=ALL_POINTS), NOON)
    # 10.00, 20 % off is 8.00, 3 of at most 4 euros by points: 5 points for 5.00.
    assert (quote.discount, quote.due, quote.points) == (500, 500, 5)
    reasons = quote.lines[0].reasons()
    assert [(one["kind"], one["amount"]) for one in reasons] == [("offer", 200), ("points", 300)]


def test_nobody_spends_what_nobody_has() -> None:
    asked = basket(loaf(1_000))._replace(wish=ALL_POINTS, reward=8)
    published = program(money(), reward())
    assert evaluate(published, None, asked, NOON).due == 1_000
    assert evaluate(published, ALICE._replace(points=99), asked, NOON).due == 1_000


def test_the_family_lends_what_a_member_lacks() -> None:
    asked = basket(loaf(1_000))._replace(wish=ALL_POINTS)
    lent = ALICE._replace(points=99, pool=102)
    assert evaluate(program(money()), lent, asked, NOON).spent == Spent(200, 200)
    assert evaluate(program(reward()), lent, asked._replace(reward=8), NOON).reward_id is None
    richer = lent._replace(pool=301)
    assert evaluate(program(reward()), richer, asked._replace(reward=8), NOON).reward_id == 8


def test_a_piece_for_free_is_the_dearest_and_a_reward_goes_before_money() -> None:
    free = reward(RewardKind.PRODUCT, categories=frozenset({"food"}))
    dear = loaf(900, number=2, quantity=2)
    asked = basket(loaf(420), dear)._replace(reward=8, wish=ALL_POINTS)
    quote = evaluate(program(free, money()), ALICE, asked, NOON)
    assert (quote.spent, quote.reward_id) == (Spent(300, 450), 8)
    assert [one.paid for one in quote.lines] == [420, 450]


@given(
    published=rules,
    member=members,
    bought=lines,
    wish=st.integers(0, 2_000),
    chosen=st.sampled_from([0, 8]),
    rate=st.tuples(st.integers(1, 30), st.integers(1, 200), st.integers(1, 10_000)),
    seed=st.randoms(use_true_random=False),
)
def test_money_points_and_lines_add_up_in_any_order(
    published: list[Rule],
    member: MemberSnapshot | None,
    bought: list[BasketLine],
    wish: int,
    chosen: int,
    rate: tuple[int, int, int],
    seed: Random,
) -> None:
    each, amount, most_bp = rate
    terms = money(points=each, amount=amount, step=each, minimum=each, most_bp=most_bp)
    all_rules: list[Rule] = [*published, terms, reward()]
    asked = basket(*bought, codes=(SHOWN,))._replace(wish=wish, reward=chosen)
    quote = evaluate(program(*all_rules), member, asked, NOON)
    spent = quote.spent or Spent(0, 0)
    offers = sum(given.amount for given in quote.given)
    assert quote.gross - offers - spent.amount == quote.due >= 0
    assert sum(one.paid for one in quote.lines) == quote.due
    off = [one.points_off for one in quote.lines if one.points_off]
    assert sum(one.amount for one in off) == spent.amount
    assert sum(one.points for one in off) == spent.points
    assert spent.points <= (member.points + member.pool if member else 0)
    assert all(one.paid >= 0 and one.discount >= 0 for one in quote.lines)
    seed.shuffle(all_rules)
    turned = asked._replace(lines=tuple(seed.sample(asked.lines, len(asked.lines))))
    assert evaluate(program(*all_rules), member, turned, NOON) == quote
