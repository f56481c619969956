"""Tiers: where a member stands by what was earned, day by day (pure).

A tier is reached on the day the amount reaches its threshold, and is kept while the amount is what
keeping takes; below that it goes after the days of grace. Days are those of the merchant's
calendar; a year after 29 February is 28 February.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import Any, NamedTuple

from loyalty.engine import MILLI, Texts
from loyalty.models import TierBasis, TierPeriod

_DAY = timedelta(days=1)
_LEAP_DAY = (2, 29)


class Tier(NamedTuple):
    """A tier: reached at ``threshold``, kept at ``keep``; whole points, or minor units."""

    key: int
    name: Texts
    threshold: int
    keep: int
    times_milli: int

    def as_json(self) -> dict[str, Any]:
        """Return it as the programme stores it."""
        return {**self._asdict(), "name": self.name._asdict()}


class Ladder(NamedTuple):
    """A programme's tiers from the lowest, what counts for them, and the days of grace."""

    tiers: tuple[Tier, ...]
    period: str
    basis: str
    grace_days: int

    @property
    def scale(self) -> int:
        """Return in how many parts amounts are counted: points in milli-points, money in cents."""
        return MILLI if self.basis == TierBasis.POINTS else 1


class Standing(NamedTuple):
    """Where a member stands: the tier's place (-1 is none), the amount, the day it would go."""

    place: int
    amount: int
    goes_on: date | None


def ladder_of(programme: Mapping[str, Any]) -> Ladder:
    """Return the tiers in a programme's columns."""
    tiers = (Tier(**{**tier, "name": Texts(**tier["name"])}) for tier in programme["tiers"])
    return Ladder(
        tuple(sorted(tiers, key=lambda tier: tier.threshold)),
        programme["tier_period"],
        programme["tier_basis"],
        programme["tier_grace_days"],
    )


def standing(history: Sequence[tuple[date, int]], ladder: Ladder, today: date) -> Standing:
    """Return where somebody stands ``today`` who earned so much on these days, in any order.

    Amounts are in parts of ``ladder.scale``. Days after today do not count.
    """
    walk = _Walk([one for one in sorted(history) if one[0] <= today], ladder)
    turns = walk.turns()
    for day in [day for day in turns if day <= today]:
        walk.go_to(day)
    walk.fall_before(today + _DAY)
    place, amount = walk.place, walk.level(today)
    for day in [day for day in turns if day > today]:
        walk.go_to(day)
        if walk.fell_on is not None and walk.fell_on > today:
            return Standing(place, amount, walk.fell_on)
    walk.fall_before(date.max)
    fell = walk.fell_on
    return Standing(place, amount, fell if fell is not None and fell > today else None)


class _Walk:
    """Goes through the days on which an amount changes."""

    def __init__(self, history: Sequence[tuple[date, int]], ladder: Ladder) -> None:
        self.ladder, self.place = ladder, -1
        self.days = [day for day, _amount in history]
        self.sums = [0, *accumulate(amount for _day, amount in history)]
        self.ends = [a_year_after(day) for day in self.days]
        self.below: date | None = None
        self.fell_on: date | None = None
        self.last = 0

    def turns(self) -> list[date]:
        """Return the days on which the amount may change, in order."""
        found = set(self.days)
        if self.ladder.period == TierPeriod.TWELVE_MONTHS:
            found.update(self.ends)
        elif self.ladder.period == TierPeriod.YEAR:
            found.update(date(day.year + more, 1, 1) for day in self.days for more in (1, 2))
        return sorted(found)

    def level(self, day: date) -> int:
        """Return the amount that counts on a day; what a year brought counts in the next too."""
        until = bisect_right(self.days, day)
        if self.ladder.period == TierPeriod.TWELVE_MONTHS:
            return self.sums[until] - self.sums[min(bisect_right(self.ends, day), until)]
        if self.ladder.period == TierPeriod.YEAR:
            this, last = (
                bisect_right(self.days, date(day.year - back, 1, 1) - _DAY) for back in (0, 1)
            )
            return max(
                self.sums[until] - self.sums[this],
                self.sums[min(this, until)] - self.sums[last],
            )
        return self.sums[until]

    def go_to(self, day: date) -> None:
        """Go on to the next day on which the amount changes."""
        self.fall_before(day)
        self.last = level = self.level(day)
        tiers, scale = self.ladder.tiers, self.ladder.scale
        reached = max(
            (at for at, tier in enumerate(tiers) if tier.threshold * scale <= level), default=-1
        )
        if reached > self.place:
            self.place, self.below = reached, None
        elif self.place < 0 or tiers[self.place].keep * scale <= level:
            self.below = None
        elif self.below is None:
            self.below = day
        self.fall_before(day + _DAY)

    def fall_before(self, day: date) -> None:
        """Take the tier away whose days of grace are over before ``day``."""
        if self.below is None:
            return
        goes_on = self.below + timedelta(days=self.ladder.grace_days)
        if goes_on < day:
            scale = self.ladder.scale
            self.place = max(
                (
                    at
                    for at, tier in enumerate(self.ladder.tiers[: self.place])
                    if tier.keep * scale <= self.last
                ),
                default=-1,
            )
            self.below, self.fell_on = None, goes_on


def a_year_after(day: date) -> date:
    """Return the same day of the next year."""
    if (day.month, day.day) == _LEAP_DAY:
        return date(day.year + 1, 2, 28)
    return day.replace(year=day.year + 1)
