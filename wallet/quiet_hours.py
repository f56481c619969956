"""When somebody wants to be left alone, by the clock on their own wall (pure).

Quiet hours begin and end when that clock shows their times. Where it is moved ahead over one of
them, that is the moment at which it is moved; where it shows one twice, they begin at the first
and end at the second, so that nobody is woken in between.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Every day from ``begin`` until ``end``, which is on the next day where it is earlier."""

    begin: time
    end: time
    zone: ZoneInfo

    def over_at(self, now: datetime) -> datetime | None:
        """Return when the quiet hours end that ``now`` lies in; None where it lies in none."""
        today = now.astimezone(self.zone).date()
        # Those of tomorrow may begin today, where the clock is moved at midnight.
        nights = [self._of(today + days * DAY) for days in (-1, 0, 1)]
        return next((over for begins, over in nights if begins <= now < over), None)

    def _of(self, day: date) -> tuple[datetime, datetime]:
        last = day if self.begin < self.end else day + DAY
        begins = _moment(datetime.combine(day, self.begin), self.zone, second=False)
        return begins, _moment(datetime.combine(last, self.end), self.zone, second=True)


def _moment(wall: datetime, zone: ZoneInfo, *, second: bool) -> datetime:
    """Return when the clock shows this, or passes it; of two such moments, first or second."""
    first, last = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first <= last:
        return last if second else first
    # Never shown: the clock is moved ahead somewhere between the two.
    while first - last > timedelta(seconds=1):
        middle = last + (first - last) / 2
        if middle.astimezone(zone).replace(tzinfo=None) < wall:
            last = middle
        else:
            first = middle
    return first.replace(microsecond=0)
