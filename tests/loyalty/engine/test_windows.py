"""When a rule counts: weekdays, hours, days it does not; by the clock on the store's wall."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from loyalty.engine import Hours, Window, evaluate
from tests.loyalty.engine.shelf import ALICE, AMSTERDAM, basket, bread, loaf, points, program


def given(window: Window, at: datetime) -> bool:
    quote = evaluate(program(bread(1_000, window=window)), None, basket(loaf(1_000)), at)
    return quote.discount == 100


def wall(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=AMSTERDAM)  # type: ignore[misc, arg-type]  # year to minute


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (wall(2025, 11, 21, 15, 59), False),
        (wall(2025, 11, 21, 16, 0), True),
        (wall(2025, 11, 21, 17, 59), True),
        (wall(2025, 11, 21, 18, 0), False),
        (wall(2025, 11, 20, 17, 0), False),  # a Thursday
    ],
)
def test_friday_from_four_to_six(at: datetime, *, expected: bool) -> None:
    assert given(Window(weekdays=frozenset({4}), hours=Hours(16 * 60, 18 * 60)), at) is expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (wall(2025, 11, 21, 21, 59), False),
        (wall(2025, 11, 21, 22, 0), True),
        (wall(2025, 11, 22, 1, 59), True),  # Saturday, still Friday's night
        (wall(2025, 11, 22, 2, 0), False),
        (wall(2025, 11, 22, 23, 0), False),
        (wall(2025, 11, 21, 1, 0), False),  # Thursday's night
    ],
)
def test_a_friday_night_goes_on_after_midnight(at: datetime, *, expected: bool) -> None:
    assert given(Window(weekdays=frozenset({4}), hours=Hours(22 * 60, 2 * 60)), at) is expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        # 30 March 2025: 1:59 is followed by 3:00. Between two and three there is nothing.
        (datetime(2025, 3, 30, 0, 59, tzinfo=UTC), False),
        (datetime(2025, 3, 30, 1, 0, tzinfo=UTC), True),
        # 26 October 2025: two to three comes twice.
        (datetime(2025, 10, 25, 23, 59, tzinfo=UTC), False),
        (datetime(2025, 10, 26, 0, 30, tzinfo=UTC), False),
        (datetime(2025, 10, 26, 1, 30, tzinfo=UTC), False),
        (datetime(2025, 10, 26, 2, 0, tzinfo=UTC), True),
    ],
)
def test_from_three_is_from_three_on_the_wall_also_in_the_night_the_clock_moves(
    at: datetime, *, expected: bool
) -> None:
    assert given(Window(hours=Hours(3 * 60, 4 * 60)), at) is expected


def test_the_hour_that_comes_twice_counts_twice() -> None:
    night = Window(hours=Hours(2 * 60, 3 * 60))
    moments = [datetime(2025, 10, 26, hour, 30, tzinfo=UTC) for hour in (0, 1, 2)]
    assert [given(night, at) for at in moments] == [True, True, False]


def test_the_last_day_of_february_is_the_29th_in_a_leap_year() -> None:
    february = Window(first_day=date(2028, 2, 1), last_day=date(2028, 2, 29))
    assert given(february, wall(2028, 2, 29, 23, 59))
    assert not given(february, wall(2028, 3, 1, 0, 0))


def test_a_month_ends_at_midnight_in_the_store() -> None:
    january = Window(last_day=date(2026, 1, 31))
    last_minute = datetime(2026, 1, 31, 22, 59, tzinfo=UTC)
    assert given(january, last_minute)
    assert not given(january, datetime(2026, 1, 31, 23, 0, tzinfo=UTC))
    elsewhere = basket(loaf(1_000), zone=ZoneInfo("America/Curacao"))
    compiled = program(bread(1_000, window=january))
    assert evaluate(compiled, None, elsewhere, datetime(2026, 2, 1, 3, 59, tzinfo=UTC)).discount


def test_on_a_black_out_day_the_rest_of_the_window_means_nothing() -> None:
    window = Window(weekdays=frozenset({4}), black_out=frozenset({date(2025, 11, 28)}))
    assert given(window, wall(2025, 11, 21, 12, 0))
    assert not given(window, wall(2025, 11, 28, 12, 0))


def test_points_too_are_for_a_time() -> None:
    early = points(window=Window(hours=Hours(0, 9 * 60)))
    earned = [
        evaluate(program(early), ALICE, basket(loaf(1_000)), wall(2025, 11, 21, hour, 0)).points
        for hour in (8, 9)
    ]
    assert earned == [10, 0]
