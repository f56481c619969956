"""A scheme on past baskets: what it costs, who wins what, and what is proved of it."""

import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo import make_history
from loyalty import sample_history
from loyalty.builder.arithmetic import offer_bp
from loyalty.builder.proofs import GENERATED, Tried, generated, prove
from loyalty.builder.replay import FEWEST_PEOPLE, Past, Replay, Scene, groups
from loyalty.builder.scheme import Goods, SchemeContent, SchemeOffer, Slot
from loyalty.engine import (
    Basket,
    BasketAmountOff,
    BasketLine,
    BasketPercentage,
    Left,
    PointsPerEuro,
    Rule,
    StampCard,
    TierPoints,
    Window,
    compile_program,
    with_floors,
)
from tests.loyalty.schemes import BIGGER, CONTENT, QUIET, content

TUESDAY = datetime(2026, 11, 17, 10, tzinfo=UTC)


def rules_of(said: SchemeContent) -> tuple[Rule, ...]:
    rate = PointsPerEuro(id=0, text=said.points_name, milli_per_cent=said.milli_points_per_cent)
    quiet = BasketPercentage(
        id=1,
        text=QUIET.name,
        percentage_bp=700,
        members_only=True,
        group="offers",
        window=Window(weekdays=frozenset(QUIET.weekdays)),
    )
    bigger = BasketAmountOff(
        id=2,
        text=BIGGER.name,
        amount_off=200,
        min_basket=4_000,
        members_only=True,
        group="offers",
        limited=True,
    )
    return rate, quiet, bigger


def scene_of(said: SchemeContent = CONTENT, *, budget: int = 10_000) -> Scene:
    program = compile_program(rules_of(said), parents={}, version=0)
    return Scene(said, program, {1: "quiet_day", 2: "bigger_basket"}, {2: Left(budget, None)})


def past(amount: int, *, day: int = 0, who: int | None = None, known: bool = True) -> Past:
    basket = Basket((BasketLine(1, "", "", 1, amount),), UTC)
    return Past(basket, TUESDAY + timedelta(days=day), day // 7, known, who)


def replayed(*baskets: Past, said: SchemeContent = CONTENT, budget: int = 10_000) -> Any:
    replay = Replay(scene_of(said, budget=budget), weeks=13)
    for basket in baskets:
        replay.add(basket)
    return replay.result()


def test_a_replay_counts_what_the_till_would_have_given() -> None:
    found = replayed(past(2_000), past(2_000, day=1), past(5_000, day=2), past(5_000, day=7))
    every = found["everybody"]
    assert [rule["times"] for rule in every["rules"]] == [2, 1]
    assert [rule["amount"] for rule in every["rules"]] == [140 + 350, 200]
    assert every["points"] == (14_000 - 690) // 100
    assert every["points_worth"] == 133 * 2
    assert every["cost"] == 690 + 266
    assert every["share_bp"] == 956 * 10_000 // 14_000
    assert found["weeks"][0]["discount"] == 340
    assert found["weeks"][1]["discount"] == 350
    assert found["weeks"][12]["owed"] == 1_331 * 2 * 95 // 1_000


def test_whom_the_till_did_not_know_wins_only_if_everybody_is_a_member() -> None:
    found = replayed(past(2_000, known=False))
    assert found["everybody"]["discount"] == 140
    assert found["recognised"] == replayed()["recognised"]
    assert found["known"] == 0


def test_a_budget_ends_in_the_replay_as_it_does_at_the_till() -> None:
    found = replayed(*(past(5_000, day=1) for _ in range(9)), budget=500)
    (_quiet, bigger) = found["everybody"]["rules"]
    assert bigger == {"slot": "bigger_basket", "times": 2, "amount": 400}


def test_a_basket_below_cost_names_the_rule_that_cost_most() -> None:
    thin = content(answers=replace(CONTENT.answers, margin_bp=600))
    (row,) = replayed(past(2_000), past(2_000, day=1), said=thin)["everybody"]["losing"]
    assert row == {"rule": "quiet_day", "baskets": 1}
    dear = content(worth=50_000)
    (row,) = replayed(past(2_000, day=1), said=dear)["everybody"]["losing"]
    assert row == {"rule": "points", "baskets": 1}


@given(st.lists(st.sampled_from((0, 1, 99, 100, 499, 500, 2_499, 2_500, 9_999)), max_size=60))
def test_people_are_told_in_groups_of_ten_and_more_or_not_at_all(wins: list[int]) -> None:
    told = groups(wins)
    assert all(group["people"] >= FEWEST_PEOPLE for group in told)
    counted = sum(group["people"] for group in told)
    assert counted == (len(wins) if len(wins) >= FEWEST_PEOPLE else 0)


def test_nobody_stands_in_a_result_by_a_number_of_their_own() -> None:
    found = replayed(*(past(2_000, day=day, who=770_000 + day) for day in range(12)))
    assert found["people"] == [{"from": 0, "people": 12}]
    assert "7700" not in str(found)


def proofs_of(
    said: SchemeContent, *, floors: dict[str, int] | None = None, **other: Any
) -> dict[str, Any]:
    scene = scene_of(said)._replace(**other)
    bought = [past(amount).basket for amount in range(0, 9_000, 300)]
    tried = [
        *generated(scene, zone=UTC),
        *(Tried(with_floors(basket, floors or {}), TUESDAY) for basket in bought),
    ]
    return {proof["name"]: proof for proof in prove(scene, rules_of(said), {}, tried)}


def test_a_sound_scheme_is_proved() -> None:
    found = proofs_of(CONTENT)
    assert {name for name, proof in found.items() if proof["holds"]} == {
        "above_zero",
        "margin",
        "cap",
        "order",
        "remainder",
    }
    assert all(proof["checked"] for proof in found.values())


def test_a_margin_that_is_given_away_is_found_with_its_rule_and_basket() -> None:
    found = proofs_of(content(answers=replace(CONTENT.answers, margin_bp=600)))
    assert not found["margin"]["holds"]
    assert found["margin"]["rule"] in {"quiet_day", "bigger_basket"}
    assert found["margin"]["basket"] > 0
    assert found["above_zero"]["holds"]


def test_what_goods_cost_counts_where_it_is_known() -> None:
    sku = past(300).basket.lines[0].sku
    low, high = proofs_of(CONTENT, floors={sku: 1}), proofs_of(CONTENT, floors={sku: 100_000})
    for found in (low, high):
        assert (found["floor"]["holds"], found["floor"]["checked"]) == (True, 60)
    assert low["margin"]["holds"]
    assert not high["margin"]["holds"]


def test_an_offer_that_is_used_up_gives_nothing_in_a_proof_either() -> None:
    found = proofs_of(CONTENT, limits={2: Left(10_000, 0)})
    assert (found["cap"]["holds"], found["cap"]["checked"]) == (True, 0)


def test_a_program_that_is_not_its_rules_is_found_by_their_order() -> None:
    other = compile_program(rules_of(content(milli_points_per_cent=20)), parents={}, version=0)
    found = proofs_of(CONTENT, program=other)
    assert not found["order"]["holds"]


def test_equal_schemes_are_tried_on_equal_baskets() -> None:
    first, again = generated(scene_of(), zone=UTC), generated(scene_of(), zone=UTC)
    assert first == again
    assert len(first) == GENERATED
    assert generated(scene_of(content(worth=1_000)), zone=UTC) != first


@pytest.mark.parametrize("basket", [350, 2_000, 80_000])
def test_the_sample_has_the_merchants_basket_and_whole_weeks(basket: int) -> None:
    found = list(sample_history.sample_history(basket=basket, until=TUESDAY, zone=UTC))
    amounts = [sum(line.gross for line in one.basket.lines) for one in found]
    assert abs(sum(amounts) / len(amounts) - basket) < basket / 50 + 10
    assert found[0].at.weekday() == 0
    assert all(one.at < TUESDAY for one in found)
    assert {one.week for one in found} == set(range(sample_history.WEEKS))
    assert [one.at for one in found] == sorted(one.at for one in found)


def test_the_samples_file_is_what_is_made_of_the_demos() -> None:
    assert gzip.decompress(sample_history.FILE.read_bytes()).decode() == make_history.text()


CARD = StampCard(
    id=7, text=QUIET.name, categories=frozenset({"coffee"}), size=3, percentage_bp=10_000
)
COFFEE = Goods("coffee", "Coffee", 200, 500)
CARD_OFFER = SchemeOffer(slot=Slot.STAMP_CARD, name=QUIET.name, size=3, goods=COFFEE)


def coffee(who: int | None, *prices: int, day: int = 0) -> Past:
    lines = tuple(BasketLine(at, "", "coffee", 1, price) for at, price in enumerate(prices, 1))
    return Past(Basket(lines, UTC), TUESDAY + timedelta(days=day), day // 7, known=True, who=who)


def card_scene(margin_bp: int = 3_000, *more: Rule, **other: Any) -> Scene:
    said = content(
        answers=replace(CONTENT.answers, margin_bp=margin_bp), offers=(CARD_OFFER,), worth=0
    )
    program = compile_program([CARD, *more], parents={}, version=0)
    return Scene(said, program, {7: "stamp_card"}, {}, **other)


def stamped(*bought: Past, scene: Scene | None = None) -> Any:
    replay = Replay(scene or card_scene(), weeks=2)
    for past in bought:
        replay.add(past)
    return replay.result()["everybody"]


def test_stamps_go_along_with_a_person_and_with_nobody_else() -> None:
    found = stamped(*(coffee(who, 300) for who in (1, 1, 1, 2, None, None)))
    (card,) = found["rules"]
    assert (card["times"], card["amount"]) == (1, 300)
    assert (card["stamps"], card["borne"]) == (3, 300)
    assert found["discount"] == 600
    assert found["share_bp"] == 600 * 10_000 // 1_800


def test_who_fills_a_card_in_one_basket_is_not_counted_twice() -> None:
    (card,) = stamped(coffee(None, 300, 300, 300))["rules"]
    assert (card["amount"], card["stamps"], card["borne"]) == (300, 0, 0)


def test_stamps_of_before_the_past_are_nobodys() -> None:
    (card,) = stamped(coffee(1, 300), coffee(1, 300, day=1))["rules"]
    assert (card["times"], card["stamps"]) == (0, 2)


def test_a_free_piece_is_no_loss_where_those_before_it_paid_for_it() -> None:
    bought = [coffee(1, 300, day=day) for day in range(3)]
    assert stamped(*bought, scene=card_scene(4_000))["losing"] == []
    (row,) = stamped(*bought, scene=card_scene(3_000))["losing"]
    assert row == {"rule": "stamp_card", "baskets": 3}, "each of them bears its part"


@pytest.mark.parametrize(("margin_bp", "holds"), [(5_500, False), (5_600, True)])
def test_a_whole_card_is_proved_at_its_worst(margin_bp: int, holds: bool) -> None:  # noqa: FBT001
    """Two cheap ones are paid (400), the dearest is free: of 900 the goods may cost 400."""
    scene = card_scene(margin_bp)
    tried = generated(scene, zone=UTC)
    found = {proof["name"]: proof for proof in prove(scene, [CARD], {}, tried)}
    assert (found["card"]["holds"], found["card"]["checked"]) == (holds, 1)
    assert found["margin"]["holds"], "usually it pays: a third of each piece is borne"
    assert found["order"]["holds"]
    assert found["above_zero"]["holds"]
    if not holds:
        assert (found["card"]["rule"], found["card"]["basket"]) == ("stamp_card", 900)


@given(st.lists(st.integers(200, 500), min_size=1, max_size=40))
def test_a_card_never_costs_more_than_was_told(prices: list[int]) -> None:
    found = stamped(*(coffee(1, price, day=0) for price in prices))
    amount = found["rules"][0]["amount"]
    # A card that is not full yet costs nothing yet.
    full = sum(prices[: len(prices) - len(prices) % 3])
    assert amount * 10_000 <= full * offer_bp(CARD_OFFER)


def test_people_reach_tiers_in_a_replay_as_they_would_have() -> None:
    silver = TierPoints(
        id=-1, text=QUIET.name, times_milli=2_000, key=1, threshold=30_000, money=False
    )
    rate = PointsPerEuro(id=0, text=QUIET.name, milli_per_cent=10)
    asked: list[Any] = []

    def tier_of(days: Any, today: Any) -> int | None:
        asked.append((days, today))
        return 1 if sum(amount for _day, amount in days) >= 30_000 else None

    scene = card_scene(3_000, rate, silver, tier_of=tier_of)
    replay = Replay(scene, weeks=2)
    for day, who in ((0, 1), (1, 1), (2, None), (3, 2), (3, 1)):
        replay.add(past(1_500, day=day, who=who))
    found = replay.result()["everybody"]
    assert found["points"] == 15 + 15 + 15 + 15 + 30
    first = TUESDAY.date()
    assert asked[0] == (((first, 15_000), (first + timedelta(days=1), 15_000)), asked[0][1])
    assert len(asked) == 2, "once for each side; who has too little is not asked about"
