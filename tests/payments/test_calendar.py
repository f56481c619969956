"""The days of the banks."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from payments.calendar import (
    NOTICE_DAYS,
    Schedule,
    add_business_days,
    cut,
    due_after_notice,
    easter,
    is_business_day,
    local_day,
    on_or_after,
    retry_due,
    soonest_due,
)

DAYS = st.dates(date(2000, 1, 1), date(2199, 12, 31))
TUESDAY = datetime(2026, 11, 17, 14, 5, 9, tzinfo=UTC)


# From the tables of the almanacs; 1818 and 2285 have the earliest Easter there can be.
@pytest.mark.parametrize(
    "sunday",
    [
        date(1818, 3, 22),
        date(1943, 4, 25),
        date(1954, 4, 18),
        date(1981, 4, 19),
        date(2000, 4, 23),
        date(2024, 3, 31),
        date(2025, 4, 20),
        date(2026, 4, 5),
        date(2027, 3, 28),
        date(2038, 4, 25),
        date(2049, 4, 18),
        date(2285, 3, 22),
    ],
)
def test_easter_is_when_the_almanac_says(sunday: date) -> None:
    assert easter(sunday.year) == sunday


def test_target_is_closed_on_six_days_of_2026_besides_the_weekends() -> None:
    closed = [
        day
        for number in range(365)
        if (day := date(2026, 1, 1) + timedelta(days=number)).weekday() < 5
        and not is_business_day(day)
    ]
    # 26 December is a Saturday that year.
    assert closed == [
        date(2026, 1, 1),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 12, 25),
    ]


def test_dutch_holidays_do_not_close_target() -> None:
    assert is_business_day(date(2026, 4, 27))  # King's Day
    assert is_business_day(date(2026, 5, 5))  # Liberation Day
    assert is_business_day(date(2026, 5, 14))  # Ascension Day


def test_two_business_days_over_easter_take_six_days() -> None:
    assert add_business_days(date(2026, 4, 2), 2) == date(2026, 4, 8)


@given(DAYS, st.integers(0, 30))
def test_business_days_are_counted_one_by_one(day: date, days: int) -> None:
    later = add_business_days(day, days)
    start = on_or_after(day)
    between = [start + timedelta(days=n) for n in range(1, (later - start).days + 1)]
    assert is_business_day(later)
    assert sum(map(is_business_day, between)) == days


@given(DAYS)
def test_a_collection_is_told_in_time_and_sent_in_time(today: date) -> None:
    due = due_after_notice(today)
    assert is_business_day(due)
    assert due - today >= timedelta(days=NOTICE_DAYS)
    assert due >= soonest_due(today) > today
    assert retry_due(today) >= due


def test_a_day_begins_at_midnight_in_the_netherlands() -> None:
    assert local_day(datetime(2026, 11, 16, 22, 59, tzinfo=UTC)) == date(2026, 11, 16)
    assert local_day(datetime(2026, 11, 16, 23, 0, tzinfo=UTC)) == date(2026, 11, 17)


@pytest.mark.parametrize(
    ("schedule", "moment"),
    [
        (Schedule.INSTANT, TUESDAY),
        (Schedule.HOURLY, datetime(2026, 11, 17, 14, 0, tzinfo=UTC)),
        (Schedule.DAILY, datetime(2026, 11, 16, 23, 0, tzinfo=UTC)),
        (Schedule.WEEKLY, datetime(2026, 11, 15, 23, 0, tzinfo=UTC)),
    ],
)
def test_a_payout_goes_up_to_its_cut(schedule: Schedule, moment: datetime) -> None:
    assert cut(schedule, TUESDAY) == moment


@given(st.sampled_from(Schedule), st.datetimes(timezones=st.just(UTC)))
def test_a_cut_is_never_in_the_future_and_never_long_ago(schedule: Schedule, now: datetime) -> None:
    assume(1900 < now.year < 9999)
    assert now - timedelta(days=7, hours=1) <= cut(schedule, now) <= now
