"""Quiet hours by the clock on the wall, also on the two nights on which it is moved."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wallet.quiet_hours import QuietHours

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ZONES = [AMSTERDAM, *map(ZoneInfo, ("America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kathmandu"))]
MINUTE = timedelta(minutes=1)
NIGHT = QuietHours(time(22), time(7), AMSTERDAM)


def at(text: str, zone: ZoneInfo = AMSTERDAM, *, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "over"),
    [
        ("2026-11-21 21:59", None),
        ("2026-11-21 22:00", "2026-11-22 07:00"),
        ("2026-11-22 00:30", "2026-11-22 07:00"),
        ("2026-11-22 06:59", "2026-11-22 07:00"),
        ("2026-11-22 07:00", None),
        # One hour shorter, one hour longer.
        ("2026-03-28 23:00", "2026-03-29 07:00"),
        ("2026-10-24 23:00", "2026-10-25 07:00"),
    ],
)
def test_a_night_ends_when_the_clock_says_so(now: str, over: str | None) -> None:
    assert NIGHT.over_at(at(now)) == (over and at(over))


def test_by_day_they_lie_within_one_day() -> None:
    lunch = QuietHours(time(12), time(13, 30), AMSTERDAM)
    assert lunch.over_at(at("2026-11-21 12:00")) == at("2026-11-21 13:30")
    assert lunch.over_at(at("2026-11-21 13:30")) is None
    assert lunch.over_at(at("2026-11-21 11:59")) is None


def test_a_time_that_the_clock_skips_is_when_it_is_moved() -> None:
    late = QuietHours(time(23), time(2, 30), AMSTERDAM)
    moved = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert late.over_at(moved - MINUTE) == moved
    assert late.over_at(moved) is None
    early = QuietHours(time(2, 30), time(7), AMSTERDAM)
    assert early.over_at(moved - MINUTE) is None
    assert early.over_at(moved) == at("2026-03-29 07:00")


def test_a_time_that_the_clock_shows_twice_ends_the_night_the_second_time() -> None:
    late = QuietHours(time(23), time(2, 30), AMSTERDAM)
    first, second = (at("2026-10-25 02:30", fold=fold) for fold in (0, 1))
    assert second - first == timedelta(hours=1)
    assert late.over_at(first + MINUTE) == second
    assert late.over_at(second) is None


FIRST = datetime(2026, 1, 1, tzinfo=UTC)
times = st.integers(0, 24 * 60 - 1).map(lambda minutes: time(*divmod(minutes, 60)))
moments = st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: FIRST + minutes * MINUTE)


@given(moments, times, times, st.sampled_from(ZONES))
@example(at("2026-03-29 01:59"), time(1), time(2, 15), AMSTERDAM)
@example(at("2026-10-25 02:45"), time(2, 15), time(2, 30), AMSTERDAM)
@example(at("2026-04-05 01:45", ZONES[2]), time(1, 40), time(1, 50), ZONES[2])
def test_it_is_quiet_when_the_wall_says_so_and_never_for_more_than_a_day(
    now: datetime, begin: time, end: time, zone: ZoneInfo
) -> None:
    if begin == end:
        return
    quiet = QuietHours(begin, end, zone)
    over = quiet.over_at(now)
    if is_ordinary(now, zone):
        wall = now.astimezone(zone).time()
        says = begin <= wall < end if begin < end else wall >= begin or wall < end
        assert (over is not None) == says
    if over is None:
        return
    assert now < over <= now + timedelta(hours=26)
    # Whoever waits until then is let through, and nobody is a minute before.
    assert quiet.over_at(over) is None
    assert quiet.over_at(max(now, over - MINUTE)) == over


def is_ordinary(now: datetime, zone: ZoneInfo) -> bool:
    """Say whether the clock was and is not moved within a day of this."""
    hours = [now + hour * timedelta(hours=1) for hour in range(-26, 27)]
    return len({hour.astimezone(zone).utcoffset() for hour in hours}) == 1
