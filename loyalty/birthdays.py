"""Birthdays: in which year's days a member is now, by the calendar of the store (pure).

A day that was told lately does not count yet, and of two bonuses the second waits for most of a
year: so moving one's birthday brings nothing.
"""

from calendar import isleap
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from loyalty.engine import MemberSnapshot
from loyalty.models import BonusKind

KNOWN_DAYS = 30
"""For so long a day has to be known."""
DAYS_BETWEEN = 300
"""At least so many from one bonus to the next; ``MOST_DAYS`` on both sides leave 305."""
MOST_DAYS = 30
"""How far around the day a bonus may reach."""

_LEAP_DAY = (2, 29)


class BirthdayKnown(NamedTuple):
    """A birthday that a programme gives points for, and the last ones it gave."""

    month: int
    day: int
    told_at: datetime
    days_before: int
    days_after: int
    last_year: int | None = None
    last_at: datetime | None = None


def birthday_of(stored: Sequence[Any] | None) -> BirthdayKnown | None:
    """Return what ``loyalty_birthday`` (SQL) found."""
    if stored is None:
        return None
    month, day, told, before, after, last_year, last = stored
    return BirthdayKnown(month, day, _at(told), before, after, last_year, last and _at(last))


def falls_on(month: int, day: int, year: int) -> date:
    """Return the birthday in a year; 29 February is 28 February in a year without it."""
    return date(year, month, 28 if (month, day) == _LEAP_DAY and not isleap(year) else day)


def year_now(known: BirthdayKnown, today: date) -> int | None:
    """Return the year of the birthday that can bring its bonus today; None where none can."""
    if (today - known.told_at.date()).days < KNOWN_DAYS:
        return None
    if known.last_at is not None and (today - known.last_at.date()).days < DAYS_BETWEEN:
        return None
    for year in (today.year - 1, today.year, today.year + 1):
        born = falls_on(known.month, known.day, year)
        first = born - timedelta(days=known.days_before)
        last = born + timedelta(days=known.days_after)
        if first <= today <= last and year != known.last_year:
            return year
    return None


def with_birthday(
    member: MemberSnapshot | None, known: BirthdayKnown | None, today: date
) -> MemberSnapshot | None:
    """Return the member with the bonus that waits for them today, if it does."""
    if member is None or known is None or (year := year_now(known, today)) is None:
        return member
    return member._replace(bonuses=(*member.bonuses, (BonusKind.BIRTHDAY.value, year)))


def _at(stored: float) -> datetime:
    return datetime.fromtimestamp(stored, UTC)
