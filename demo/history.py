"""The demo's past: one year of sales that ends now, whenever now is.

The sample's 52 weeks are laid out again and again on the time line, by whole weeks, so that a
Saturday stays a Saturday. The past 52 weeks therefore hold every basket exactly once, and a demo
that is started a day later only lacks that day: loading is the same work as catching up.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from demo.journey import TIMEZONE, Basket, as_instant
from demo.sample import FIRST_DAY, WEEKS

ROUND = timedelta(weeks=WEEKS)

# Round 0 starts on a Monday, and puts the sample's December in December.
START = datetime(2025, 12, 29)  # noqa: DTZ001 # a wall clock, like the sample's


@dataclass(frozen=True, slots=True)
class Visit:
    """A basket of the sample at its place in the demo's past; `round` counts the repeats."""

    basket: Basket
    round: int
    at: datetime


def past_year(baskets: Iterable[Basket], now: datetime) -> Iterator[Visit]:
    """Place every basket once in the 52 weeks up to and including `now`, in no particular order."""
    wall = now.astimezone(TIMEZONE).replace(tzinfo=None)
    for basket in baskets:
        offset = basket.at - FIRST_DAY
        number = (wall - START - offset) // ROUND
        yield Visit(basket, number, as_instant(START + number * ROUND + offset))
