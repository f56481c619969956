"""The day on which points end, by the store's clock: summer time, short months, leap days."""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.models import Expiry
from okplatform.kernel.db import call

pytestmark = pytest.mark.django_db

FIRST = datetime(2020, 1, 1, tzinfo=UTC)
AMSTERDAM = "Europe/Amsterdam"
ZONES = (AMSTERDAM, "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia")


def end_of(expiry: str, length: int, at: datetime, zone: str = AMSTERDAM) -> datetime:
    found: datetime = call("SELECT loyalty_lot_end(%s, %s, %s, %s)", [expiry, length, at, zone])[0][
        0
    ]
    return found


def last_day(expiry: str, length: int, at: datetime, zone: str = AMSTERDAM) -> date:
    """Return the day before the midnight at which points end."""
    ends = end_of(expiry, length, at, zone).astimezone(ZoneInfo(zone))
    assert ends.time() == time(0)
    return ends.date() - timedelta(days=1)


def noon(year: int, month: int, day: int, zone: str = AMSTERDAM) -> datetime:
    return datetime(year, month, day, 12, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("expiry", "length", "earned", "ends"),
    [
        (Expiry.MONTHS, 1, (2026, 1, 31), date(2026, 2, 28)),
        (Expiry.MONTHS, 1, (2028, 1, 31), date(2028, 2, 29)),
        (Expiry.MONTHS, 1, (2026, 2, 28), date(2026, 3, 28)),
        (Expiry.MONTHS, 12, (2028, 2, 29), date(2029, 2, 28)),
        (Expiry.MONTHS, 48, (2028, 2, 29), date(2032, 2, 29)),
        (Expiry.INACTIVE, 3, (2026, 11, 30), date(2027, 2, 28)),
        (Expiry.DAYS, 1, (2028, 2, 28), date(2028, 2, 29)),
        (Expiry.DAYS, 365, (2027, 3, 1), date(2028, 2, 29)),
        # Square: twelve months, earned on 6 July 2020, are over on 1 August 2021.
        (Expiry.MONTH_END, 12, (2020, 7, 6), date(2021, 7, 31)),
        (Expiry.MONTH_END, 0, (2026, 4, 30), date(2026, 4, 30)),
        (Expiry.MONTH_END, 1, (2028, 1, 31), date(2028, 2, 29)),
        (Expiry.YEAR_END, 0, (2026, 12, 31), date(2026, 12, 31)),
        (Expiry.YEAR_END, 1, (2027, 1, 1), date(2028, 12, 31)),
    ],
)
def test_points_end_with_their_last_day(
    expiry: Expiry, length: int, earned: tuple[int, int, int], ends: date
) -> None:
    assert last_day(expiry.value, length, noon(*earned)) == ends


def test_the_day_is_the_stores_own() -> None:
    """At one moment it is New Year's Eve in New York and New Year's Day in Amsterdam."""
    at = datetime(2027, 1, 1, 2, tzinfo=UTC)
    assert last_day(Expiry.YEAR_END, 0, at, "America/New_York") == date(2026, 12, 31)
    assert last_day(Expiry.YEAR_END, 0, at, AMSTERDAM) == date(2027, 12, 31)


@pytest.mark.parametrize(
    ("earned", "hours"), [((2026, 3, 28), 47), ((2026, 10, 24), 49), ((2026, 6, 1), 48)]
)
def test_days_have_the_hours_that_the_clock_gives_them(
    earned: tuple[int, int, int], hours: int
) -> None:
    at = datetime(*earned, 0, 0, tzinfo=ZoneInfo(AMSTERDAM))
    lives = end_of(Expiry.DAYS, 1, at) - at
    assert lives == timedelta(hours=hours)


def test_points_of_a_programme_without_an_end_have_none() -> None:
    assert call("SELECT loyalty_lot_end('never', NULL, now(), %s)", [AMSTERDAM])[0][0] is None


def by_the_calendar(expiry: str, length: int, day: date) -> date:
    """Return the last day, counted as people count."""
    if expiry == Expiry.DAYS:
        return day + timedelta(days=length)
    if expiry == Expiry.YEAR_END:
        return date(day.year + length, 12, 31)
    months = day.year * 12 + day.month - 1 + length
    year, month = months // 12, months % 12 + 1
    longest = calendar.monthrange(year, month)[1]
    return date(year, month, longest if expiry == Expiry.MONTH_END else min(day.day, longest))


@given(
    expiry=st.sampled_from([kind.value for kind in Expiry if kind != Expiry.NEVER]),
    length=st.integers(0, 60),
    at=st.integers(0, 20 * 366 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes)),
    zone=st.sampled_from(ZONES),
)
def test_any_day_in_any_zone_is_counted_as_people_count(
    expiry: str, length: int, at: datetime, zone: str
) -> None:
    earned_on = at.astimezone(ZoneInfo(zone)).date()
    assert last_day(expiry, length, at, zone) == by_the_calendar(expiry, length, earned_on)
    assert end_of(expiry, length, at, zone) > at
