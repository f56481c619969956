"""What the engine is asked about: a basket, and what is known of the member who brought it."""

from datetime import date, datetime, tzinfo
from typing import NamedTuple


class BasketLine(NamedTuple):
    """One line of a basket.

    ``gross`` is in minor units and never negative; ``quantity`` in pieces, weighed goods count as
    one.
    """

    number: int
    sku: str
    category: str
    quantity: int
    gross: int


class Basket(NamedTuple):
    """The lines in any order, their numbers unique, and the time zone of the store they are in."""

    lines: tuple[BasketLine, ...]
    zone: tzinfo

    def day(self, now: datetime) -> date:
        """Return the date on the store's wall at the moment ``now``."""
        return now.astimezone(self.zone).date()


class MemberSnapshot(NamedTuple):
    """A member at one moment.

    ``points`` are whole points to spend. ``carry`` are the milli-points towards the next one: below
    zero, or a point and more, where two baskets were quoted at once and both quotes were kept.
    """

    id: int
    points: int
    carry: int
    joined_at: datetime


class Left(NamedTuple):
    """What is left of an offer's budget (minor units) and uses; None where there is no limit."""

    amount: int | None
    uses: int | None

    def covers(self, amount: int) -> bool:
        """Say whether one more use that costs ``amount`` can be given."""
        return (self.amount is None or self.amount >= amount) and (
            self.uses is None or self.uses >= 1
        )
