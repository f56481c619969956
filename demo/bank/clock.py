"""What time it is at the bank, and on which days it works.

A day is a day in Amsterdam. The bank settles on TARGET days: not in weekends, nor on 1 January,
Good Friday, Easter Monday, 1 May, 25 and 26 December (European Central Bank, T2 calendar).
"""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
OPENING = time(7)
CLOSED = {(1, 1), (5, 1), (12, 25), (12, 26)}


class Clock:
    """The wall clock, or the moment that stands in a file: ISO 8601 with its offset from UTC."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file

    def now(self) -> datetime:
        """Return the current moment in UTC; a file that is not there yet means the wall clock."""
        if self._file is None or not self._file.exists():
            return datetime.now(UTC)  # noqa: TID251 -- the bank has no kernel: this is its clock
        moment = datetime.fromisoformat(self._file.read_text().strip())
        if moment.tzinfo is None:
            raise ValueError(f"{self._file} holds a moment without its offset from UTC.")
        return moment.astimezone(UTC)


def day_of(moment: datetime) -> date:
    """Return the bank's day at a moment."""
    return moment.astimezone(ZONE).date()


def start_of(day: date) -> datetime:
    """Return when a day begins."""
    return datetime.combine(day, time(), ZONE).astimezone(UTC)


def opening_of(day: date) -> datetime:
    """Return when the bank begins to book on a day."""
    return datetime.combine(day, OPENING, ZONE).astimezone(UTC)


def working_day_from(day: date) -> date:
    """Return the day itself, or the first working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def after_working_days(day: date, number: int) -> date:
    """Return the how manieth working day after a day."""
    for _ in range(number):
        day = working_day_from(day + timedelta(days=1))
    return day


def is_working_day(day: date) -> bool:
    """Say whether TARGET settles on a day."""
    easter = easter_of(day.year)
    closed = {easter - timedelta(days=2), easter + timedelta(days=1)}
    return day.weekday() < 5 and (day.month, day.day) not in CLOSED and day not in closed


def easter_of(year: int) -> date:
    """Return Easter Sunday of a Gregorian year (Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)
