"""What a scheme gives away: the formulas, held against baskets priced one by one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.builder.arithmetic import card_bp, giving, offer_bp, points_bp, visits_to_round
from loyalty.builder.liability import defer
from loyalty.builder.replay import POINTS_SCALE
from loyalty.builder.scheme import Answers, Goods, Often, SchemeContent, Slot, Trade
from loyalty.builder.trades import TEMPLATES, propose
from loyalty.engine import (
    Basket,
    BasketAmountOff,
    BasketLine,
    BasketPercentage,
    MemberSnapshot,
    PointsPerEuro,
    Program,
    Window,
    compile_program,
    evaluate,
)
from okplatform.kernel.money import BASIS_POINTS
from tests.loyalty.schemes import BIGGER, CONTENT, QUIET, content

MONDAY = datetime(2026, 11, 16, 10, tzinfo=UTC)
MEMBER = MemberSnapshot(1, 0, 0, MONDAY)
answers = st.builds(
    Answers,
    trade=st.sampled_from(Trade),
    often=st.sampled_from(Often),
    margin_bp=st.integers(100, 9_000),
    basket=st.integers(50, 1_000_000),
)
COFFEE = Goods("coffee", "Coffee", 250, 420)
baskets = st.lists(st.integers(0, 20_000), min_size=1, max_size=8)


def test_one_point_per_euro_worth_two_and_a_half_euros_a_hundred_gives_two_and_a_half_percent() -> (
    None
):
    said = content(milli_points_per_cent=10, worth=2_500, offers=())
    assert giving(said) == (250, (), 250, 2_750)


def test_an_offer_on_one_day_of_seven_gives_a_seventh() -> None:
    assert offer_bp(QUIET) == 100
    assert offer_bp(replace(QUIET, weekdays=())) == 700


def test_money_off_gives_at_most_its_share_of_the_smallest_basket_that_gets_it() -> None:
    assert offer_bp(BIGGER) == 500
    assert giving(CONTENT).given_bp == 600 + 188


def test_a_normal_basket_of_twenty_euros_has_a_hundred_points_after_five_visits() -> None:
    assert visits_to_round(CONTENT) == 5


def test_a_stamp_card_gives_its_free_piece_at_worst_the_dearest_for_the_cheapest() -> None:
    card = replace(QUIET, slot=Slot.STAMP_CARD, percentage_bp=None, size=10, goods=COFFEE)
    assert offer_bp(card) == -(-4_200_000 // (420 + 9 * 250))
    assert card_bp(10) == 1_000
    assert offer_bp(replace(card, goods=COFFEE._replace(dearest=250))) == 1_000


@pytest.mark.parametrize(("margin_bp", "size"), [(7_000, 10), (4_000, 17), (3_000, None)])
def test_a_card_is_as_long_as_the_margin_asks_and_none_is_proposed_that_nobody_fills(
    margin_bp: int, size: int | None
) -> None:
    said = Answers(trade=Trade.CAFE, often=Often.DAILY, margin_bp=margin_bp, basket=800)
    cards = [each.size for each in propose(said, (COFFEE,)).offers if each.goods]
    assert cards == ([size] if size else [])
    assert not any(each.goods for each in propose(said).offers), "without goods there is none"


@given(answers)
def test_every_proposal_leaves_a_margin(said: Answers) -> None:
    found = giving(proposal_of(said))
    assert found.given_bp > 0
    # A basket worth one cent of margin cannot give less than a point is worth.
    assert found.left_bp > 0 or said.margin_bp < 500


@given(answers, st.integers(1, 1_000), st.integers(1, 5_000))
def test_more_worth_or_more_points_never_leave_more(said: Answers, rate: int, worth: int) -> None:
    one = replace(proposal_of(said), milli_points_per_cent=rate, worth=worth)
    for more in (replace(one, worth=worth + 50), replace(one, milli_points_per_cent=rate + 1)):
        assert giving(more).left_bp <= giving(one).left_bp
        assert giving(more).points_bp >= giving(one).points_bp
    if points_bp(one) <= BASIS_POINTS:
        assert giving(replace(one, offers=())).given_bp <= giving(one).given_bp


@given(baskets, st.integers(1, 100), st.integers(1, 5_000), st.integers(1, 2_000))
def test_no_week_of_baskets_ever_costs_more_than_was_told(
    amounts: list[int], rate: int, worth: int, off: int
) -> None:
    """Each basket comes on every day of the week, priced as at the till."""
    bigger = replace(BIGGER, amount=off, min_basket=2 * off, budget=None)
    said = content(milli_points_per_cent=rate, worth=worth, offers=(QUIET, bigger))
    program, turnover, cost = program_of(rate, off), 0, 0
    for day in range(7):
        for amount in amounts:
            basket = Basket((BasketLine(1, "", "", 1, amount),), UTC)
            quote = evaluate(program, MEMBER, basket, MONDAY + timedelta(days=day))
            milli = sum(earned.milli for earned in quote.earned)
            turnover += quote.gross
            cost += quote.discount * POINTS_SCALE + milli * worth
    told = giving(said).given_bp
    # Half a cent per percentage is rounded at the till, for the customer or against.
    assert cost * BASIS_POINTS <= (turnover * told + 7 * len(amounts) * BASIS_POINTS) * POINTS_SCALE


def program_of(rate: int, off: int) -> Program:
    return compile_program(
        (
            PointsPerEuro(id=0, text=CONTENT.points_name, milli_per_cent=rate),
            BasketPercentage(
                id=1,
                text=QUIET.name,
                percentage_bp=700,
                window=Window(weekdays=frozenset(QUIET.weekdays)),
            ),
            BasketAmountOff(id=2, text=BIGGER.name, amount_off=off, min_basket=2 * off),
        ),
        parents={},
        version=1,
    )


def test_every_trade_has_its_template() -> None:
    assert set(TEMPLATES) == set(Trade)


@given(answers)
def test_a_scheme_is_the_same_after_it_was_stored(said: Answers) -> None:
    one = proposal_of(said)
    again = SchemeContent.from_json(one.as_json())
    assert again == one
    assert again.fingerprint() == one.fingerprint()
    assert replace(one, worth=one.worth + 1).fingerprint() != one.fingerprint()


def proposal_of(said: Answers) -> SchemeContent:
    found = propose(said, (COFFEE,))
    named = {"quiet_day": QUIET, "bigger_basket": BIGGER, "stamp_card": QUIET}
    return content(
        answers=said,
        milli_points_per_cent=found.milli_points_per_cent,
        worth=found.worth,
        offers=tuple(replace(named[offer.slot.value], **offer._asdict()) for offer in found.offers),
    )


def test_sales_of_a_hundred_thousand_are_split_as_the_standard_does() -> None:
    """The shape of IFRS 15: 10,000 points, worth one each, of which 9,500 are expected."""
    found = defer(sales=100_000, issued=10_000, outstanding=10_000, worth=1_000, redeemed_bp=9_500)
    assert (found.goods, found.deferred) == (91_324, 8_676)
    assert (found.full, found.expected, found.breakage) == (10_000, 9_500, 500)


@given(
    st.integers(0, 10**9),
    st.integers(1, 10**7),
    st.integers(0, 100),
    st.integers(1, 10**5),
    st.integers(1, 10_000),
)
def test_a_deferral_adds_up_and_shrinks_as_points_are_spent(
    sales: int, issued: int, left: int, worth: int, redeemed: int
) -> None:
    kept = issued * left // 100
    found = defer(sales=sales, issued=issued, outstanding=kept, worth=worth, redeemed_bp=redeemed)
    whole = defer(sales=sales, issued=issued, outstanding=issued, worth=worth, redeemed_bp=redeemed)
    assert found.goods + found.deferred == sales
    assert found.expected + found.breakage == found.full
    assert 0 <= found.deferred <= whole.deferred <= sales
    assert points_bp(content(worth=worth)) >= 0


def test_where_nothing_was_sold_nothing_is_deferred() -> None:
    found = defer(sales=0, issued=0, outstanding=0, worth=1_000, redeemed_bp=9_500)
    assert found == (0, 0, 0, 0, 0)
