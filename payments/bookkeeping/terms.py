"""Months, quarters and years by their names, for whoever asks for the books of one (pure)."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from payments.bookkeeping.books import BookPeriod
from payments.bookkeeping.invoices import Period

NAME = re.compile(r"(?P<year>20[0-9]{2})(-(?P<month>0[1-9]|1[0-2])|-Q(?P<quarter>[1-4]))?")
MONTHS_OF_A_QUARTER = 3


class TermUnknownError(ValueError):
    """It names no month, quarter or year."""


def term(name: str) -> Period:
    """Return the days of a month ("2026-11"), a quarter ("2026-Q4") or a year ("2026").

    Raises ``TermUnknownError``.
    """
    found = NAME.fullmatch(name)
    if found is None:
        message = f"{name!r} is no month, quarter or year"
        raise TermUnknownError(message)
    year = int(found["year"])
    if found["month"]:
        first = last = int(found["month"])
    elif found["quarter"]:
        last = int(found["quarter"]) * MONTHS_OF_A_QUARTER
        first = last - MONTHS_OF_A_QUARTER + 1
    else:
        first, last = 1, 12
    return Period(date(year, first, 1), last_day(date(year, last, 1)))


def last_day(day: date) -> date:
    """Return the last day of a day's month."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def months(period: Period) -> Iterator[BookPeriod]:
    """Yield the months of a period, numbered as the year numbers them."""
    first = period.first
    while first <= period.last:
        last = last_day(first)
        yield BookPeriod(number=first.month, name=f"{first:%Y-%m}", first=first, last=last)
        first = last + timedelta(days=1)
