"""When a rule counts, by the calendar and the clock on the store's wall."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

_DAY = timedelta(days=1)


class Hours(NamedTuple):
    """A part of the day in minutes after midnight: ``start`` counts, ``end`` no longer.

    An ``end`` before the ``start`` lies on the day after, and is part of the day before it.
    """

    start: int
    end: int


class Window(NamedTuple):
    """When a rule counts, all of it together; None is no condition.

    The days are included. ``weekdays`` count from Monday, 0. On days of ``black_out`` the rule does
    not count whatever the rest says. What goes on after midnight belongs to the day it began on.
    """

    first_day: date | None = None
    last_day: date | None = None
    weekdays: frozenset[int] | None = None
    hours: Hours | None = None
    black_out: frozenset[date] = frozenset()

    def contains(self, wall: datetime) -> bool:
        """Say whether the rule counts when the clock on the store's wall stands at ``wall``.

        An hour that the clock skips never comes; one that comes twice counts twice.
        """
        day = wall.date()
        if self.hours is not None:
            start, end = self.hours
            minute = wall.hour * 60 + wall.minute
            if end < start:
                if end <= minute < start:
                    return False
                if minute < end:
                    day -= _DAY
            elif not start <= minute < end:
                return False
        return (
            (self.first_day is None or self.first_day <= day)
            and (self.last_day is None or day <= self.last_day)
            and (self.weekdays is None or day.weekday() in self.weekdays)
            and day not in self.black_out
        )


ALWAYS = Window()
