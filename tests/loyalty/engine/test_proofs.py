"""What holds for every basket, every member and every set of rules, however odd."""

from datetime import datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from loyalty.engine import (
    Basket,
    BasketLine,
    Left,
    MemberSnapshot,
    Offer,
    PointsPerPiece,
    Rule,
    evaluate,
)
from tests.loyalty.engine.shelf import (
    ALICE,
    AMSTERDAM,
    NOON,
    SHOWN,
    amounts,
    basket,
    earn_rules,
    line,
    lines,
    loaf,
    members,
    points,
    program,
    rules,
)

Lines = list[BasketLine]
Rules = list[Rule]


@given(rules, members, lines)
def test_gross_less_discounts_is_paid_and_never_negative(
    published: Rules, member: MemberSnapshot | None, bought: Lines
) -> None:
    quote = evaluate(program(*published), member, basket(*bought, codes=(SHOWN,)), NOON)
    assert quote.gross == sum(one.gross for one in bought)
    assert quote.gross - quote.discount == quote.due >= 0
    for one in quote.lines:
        assert one.gross - one.discount == one.paid >= 0
        assert one.discount == sum(discount.amount for discount in one.discounts)
        assert all(discount.amount > 0 for discount in one.discounts)


@given(rules, members, lines)
def test_the_splits_over_the_lines_add_up(
    published: Rules, member: MemberSnapshot | None, bought: Lines
) -> None:
    quote = evaluate(program(*published), member, basket(*bought, codes=(SHOWN,)), NOON)
    assert [one.number for one in quote.lines] == sorted(one.number for one in bought)
    assert sum(one.paid for one in quote.lines) == quote.due
    assert sum(one.points for one in quote.lines) == quote.points
    assert all(one.points >= 0 for one in quote.lines)
    assert sum(given.amount for given in quote.given) == quote.discount


@given(rules, members, lines, st.randoms(use_true_random=False))
def test_the_order_of_lines_and_rules_means_nothing(
    published: Rules, member: MemberSnapshot | None, bought: Lines, chance: Random
) -> None:
    first = evaluate(program(*published), member, basket(*bought, codes=(SHOWN,)), NOON)
    chance.shuffle(published)
    chance.shuffle(bought)
    assert evaluate(program(*published), member, basket(*bought, codes=(SHOWN,)), NOON) == first


@given(rules, members, lines)
def test_no_milli_point_is_lost_or_made(
    published: Rules, member: MemberSnapshot | None, bought: Lines
) -> None:
    quote = evaluate(program(*published), member, basket(*bought, codes=(SHOWN,)), NOON)
    before = member.carry if member else 0
    assert before + quote.milli == 1_000 * quote.points + quote.carry
    assert quote.points >= 0
    if quote.milli and before + quote.milli >= 0:
        assert 0 <= quote.carry < 1_000
    if member is None:
        assert quote.points == quote.milli == 0


@given(rules, members, lines)
def test_per_line_one_offer_of_a_group_wins(
    published: Rules, member: MemberSnapshot | None, bought: Lines
) -> None:
    group = {rule.id: rule.group for rule in published if hasattr(rule, "group") and rule.group}
    quote = evaluate(program(*published), member, basket(*bought, codes=(SHOWN,)), NOON)
    for one in quote.lines:
        won = [group[found.offer_id] for found in one.discounts if found.offer_id in group]
        assert len(won) == len(set(won))


@given(rules, members, lines, st.integers(0, 3_000), st.integers(0, 2))
def test_a_limited_offer_never_gives_more_than_is_left(
    published: Rules, member: MemberSnapshot | None, bought: Lines, amount: int, uses: int
) -> None:
    compiled = program(*published)
    left = dict.fromkeys(compiled.limited, Left(amount=amount, uses=uses))
    quote = evaluate(compiled, member, basket(*bought, codes=(SHOWN,)), NOON, left=left)
    for found in quote.given:
        if found.offer_id in left:
            assert found.amount <= amount
            assert uses > 0


@given(st.lists(amounts, min_size=1, max_size=6), st.integers(1, 40))
def test_many_small_baskets_earn_what_one_large_basket_earns(
    spent: list[int], milli_per_cent: int
) -> None:
    compiled = program(points(milli_per_cent))
    member, earned = ALICE, 0
    for amount in spent:
        quote = evaluate(compiled, member, basket(loaf(amount)), NOON)
        member, earned = member._replace(carry=quote.carry), earned + quote.points
    at_once = evaluate(compiled, ALICE, basket(loaf(sum(spent))), NOON)
    assert (earned, member.carry) == (at_once.points, at_once.carry)


@given(rules, members, lines)
def test_no_line_is_sold_under_its_floor(
    published: Rules, member: MemberSnapshot | None, bought: Lines
) -> None:
    quote = evaluate(program(*published), member, basket(*bought, codes=(SHOWN,)), NOON)
    floors = {one.number: min(one.floor, one.gross) for one in bought}
    assert all(one.paid >= floors[one.number] for one in quote.lines)


@given(rules, members, lines)
def test_caps_are_kept_and_nobody_gets_what_is_not_theirs(
    published: Rules, member: MemberSnapshot | None, bought: Lines
) -> None:
    offers = {rule.id: rule for rule in published if isinstance(rule, Offer)}
    quote = evaluate(program(*published), member, basket(*bought, codes=(SHOWN,)), NOON)
    for found in quote.given:
        offer = offers[found.offer_id]
        assert offer.most_amount is None or found.amount <= offer.most_amount
        if offer.members_only or offer.per_person is not None:
            assert member is not None
        if offer.per_person is not None and member is not None:
            assert member.uses.get(offer.id, 0) < offer.per_person
        if offer.personal or offer.code:
            assigned = offer.personal and member is not None and offer.id in member.assigned
            assert assigned or offer.code == SHOWN


@given(rules, members, lines)
def test_who_pays_for_an_offer_adds_up(
    published: Rules, member: MemberSnapshot | None, bought: Lines
) -> None:
    offers = {rule.id: rule for rule in published if isinstance(rule, Offer)}
    quote = evaluate(program(*published), member, basket(*bought, codes=(SHOWN,)), NOON)
    for found in quote.given:
        shares = offers[found.offer_id].funded
        assert [part.by for part in found.funded] == [share.by for share in shares]
        paid_by_others = sum(part.amount for part in found.funded)
        assert 0 <= paid_by_others <= found.amount
        for part, share in zip(found.funded, shares, strict=True):
            assert abs(part.amount * 10_000 - found.amount * share.share_bp) < 10_000


@given(st.lists(earn_rules, max_size=6, unique_by=lambda rule: rule.id), members, lines)
def test_a_basket_that_could_have_earned_a_round_number_of_points_says_truly_how_much_was_missing(
    published: Rules, member: MemberSnapshot | None, bought: Lines
) -> None:
    # What is counted by the piece comes with a piece more, not with money.
    earn_only = program(*(rule for rule in published if not isinstance(rule, PointsPerPiece)))
    quote = evaluate(earn_only, member, basket(*bought, codes=(SHOWN,)), NOON)
    for miss in quote.near_misses:
        for more, reached in ((miss.missing, True), (miss.missing - 1, False)):
            larger = Basket(lines=(*bought, line(100, more, sku="anything")), zone=AMSTERDAM)
            assert (evaluate(earn_only, member, larger, NOON).points >= miss.points) is reached


moments = st.integers(0, 14 * 24 * 60).map(lambda minutes: NOON + timedelta(minutes=minutes))


@given(rules, st.lists(st.tuples(members, lines, moments), min_size=2, max_size=6))
def test_what_was_asked_before_at_whatever_moment_changes_nothing(
    published: Rules, asked: list[tuple[MemberSnapshot | None, Lines, datetime]]
) -> None:
    remembers = program(*published)
    for member, bought, moment in asked:
        shown = basket(*bought, codes=(SHOWN,))
        fresh = evaluate(program(*published), member, shown, moment)
        assert evaluate(remembers, member, shown, moment) == fresh
