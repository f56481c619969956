"""Tiers by the calendar: reached at the boundary, kept, lost after grace; leap days too."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.engine import Texts
from loyalty.models import TierBasis, TierPeriod
from loyalty.tiers import Ladder, Standing, Tier, a_year_after, standing


def tier(key: int, threshold: int, keep: int) -> Tier:
    return Tier(key, Texts(nl=f"{key}", en=f"{key}"), threshold, keep, 1_000)


SILVER, GOLD = tier(1, 100, 80), tier(2, 500, 300)


def ladder(period: str = TierPeriod.YEAR, grace: int = 0) -> Ladder:
    return Ladder((SILVER, GOLD), period, TierBasis.SPEND, grace)


@pytest.mark.parametrize(("amount", "place"), [(99, -1), (100, 0), (499, 0), (500, 1), (9_999, 1)])
@pytest.mark.parametrize("period", TierPeriod.values)
def test_the_boundary_is_in(period: str, amount: int, place: int) -> None:
    day = date(2026, 3, 1)
    assert standing([(day, amount)], ladder(period), day).place == place


def test_what_a_year_brought_counts_through_the_next() -> None:
    bought = [(date(2026, 5, 1), 500)]
    assert standing(bought, ladder(), date(2026, 5, 1)).goes_on == date(2028, 1, 1)
    assert standing(bought, ladder(), date(2027, 12, 31)).place == 1
    assert standing(bought, ladder(), date(2028, 1, 1)) == Standing(-1, 0, None)


def test_a_tier_stays_through_its_days_of_grace() -> None:
    bought, graced = [(date(2026, 5, 1), 500)], ladder(grace=31)
    assert standing(bought, graced, date(2028, 1, 31)).place == 1
    assert standing(bought, graced, date(2028, 2, 1)).place == -1
    saved = [*bought, (date(2028, 2, 1), 300)]
    assert standing(saved, graced, date(2028, 2, 1)).place == 1


def test_keeping_takes_less_than_reaching() -> None:
    bought = [(date(2026, 5, 1), 500), (date(2027, 5, 1), 300)]
    assert standing(bought, ladder(), date(2028, 6, 1)).place == 1
    less = [(date(2026, 5, 1), 500), (date(2027, 5, 1), 299)]
    assert standing(less, ladder(), date(2027, 12, 31)).place == 1
    assert standing(less, ladder(), date(2028, 1, 1)).place == 0


def test_who_has_lost_it_has_to_reach_it_again() -> None:
    bought = [(date(2026, 5, 1), 500), (date(2028, 2, 1), 300)]
    assert standing(bought, ladder(), date(2028, 2, 1)).place == 0


@pytest.mark.parametrize(
    ("bought", "last"),
    [
        (date(2026, 5, 1), date(2027, 4, 30)),
        (date(2028, 2, 29), date(2029, 2, 27)),
        (date(2027, 2, 28), date(2028, 2, 27)),
        (date(2026, 3, 29), date(2027, 3, 28)),
    ],
)
def test_twelve_months_end_on_the_day_before_the_same_day(bought: date, last: date) -> None:
    rolling = ladder(TierPeriod.TWELVE_MONTHS)
    history = [(bought, 100)]
    assert standing(history, rolling, last).place == 0
    assert standing(history, rolling, last + timedelta(days=1)).place == -1
    assert standing(history, rolling, bought).goes_on == last + timedelta(days=1)
    assert a_year_after(bought) == last + timedelta(days=1)


def test_since_joining_it_stays() -> None:
    stays = standing([(date(2020, 2, 29), 500)], ladder(TierPeriod.JOINED), date(2040, 1, 1))
    assert stays == Standing(1, 500, None)


days = st.dates(date(2023, 1, 1), date(2026, 12, 31))
histories = st.lists(st.tuples(days, st.integers(0, 400)), max_size=12)
ladders = st.builds(ladder, st.sampled_from(TierPeriod.values), st.sampled_from([0, 1, 30, 366]))


@given(history=histories, ladder=ladders, today=days)
def test_nobody_stands_below_what_is_reached_or_above_what_is_kept(
    history: list[tuple[date, int]], ladder: Ladder, today: date
) -> None:
    found = standing(history, ladder, today)
    reached = [at for at, one in enumerate(ladder.tiers) if one.threshold <= found.amount]
    assert found.place >= max(reached, default=-1)
    if found.place >= 0 and found.amount < ladder.tiers[found.place].keep:
        assert found.goes_on is not None
        assert today < found.goes_on <= today + timedelta(days=ladder.grace_days)


@given(history=histories, ladder=ladders, today=days, data=st.data())
def test_the_order_of_the_days_and_what_is_to_come_change_nothing(
    history: list[tuple[date, int]], ladder: Ladder, today: date, data: st.DataObject
) -> None:
    found = standing(history, ladder, today)
    assert standing(data.draw(st.permutations(history)), ladder, today) == found
    assert standing([one for one in history if one[0] <= today], ladder, today) == found


@given(history=histories, ladder=ladders, today=days)
def test_it_stands_until_the_day_that_was_said(
    history: list[tuple[date, int]], ladder: Ladder, today: date
) -> None:
    past = [one for one in history if one[0] <= today]
    found = standing(past, ladder, today)
    if found.goes_on is None:
        assert standing(past, ladder, today + timedelta(days=3_000)).place == found.place
    else:
        assert standing(past, ladder, found.goes_on - timedelta(days=1)).place == found.place
        assert standing(past, ladder, found.goes_on).place < found.place


@given(history=histories, ladder=ladders, today=days, more=st.integers(1, 400))
def test_more_never_brings_less(
    history: list[tuple[date, int]], ladder: Ladder, today: date, more: int
) -> None:
    with_more = [*history, (today, more)]
    assert standing(with_more, ladder, today).place >= standing(history, ladder, today).place
