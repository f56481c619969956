"""What the engine is asked about: a basket, and what is known of the member who brought it."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import NamedTuple

NOTHING_YET: Mapping[int, int] = MappingProxyType({})


class BasketLine(NamedTuple):
    """One line of a basket.

    ``gross`` is in minor units and never negative; ``quantity`` in pieces, weighed goods count as
    one, and so does a quantity of none. Offers leave at least ``floor`` of the line to be paid.
    """

    number: int
    sku: str
    category: str
    quantity: int
    gross: int
    floor: int = 0


class Basket(NamedTuple):
    """The lines in any order, their numbers unique, and the time zone of the store they are in.

    ``codes`` are those of coupons that were shown.
    """

    lines: tuple[BasketLine, ...]
    zone: tzinfo
    codes: frozenset[str] = frozenset()

    def wall(self, now: datetime) -> datetime:
        """Return what the clock on the store's wall says at the moment ``now``."""
        return now.astimezone(self.zone)


class MemberSnapshot(NamedTuple):
    """A member at one moment.

    ``points`` are whole points to spend. ``carry`` are the milli-points towards the next one: below
    zero, or a point and more, where two baskets were quoted at once and both quotes were kept.
    ``assigned`` are the personal offers this member has; ``uses`` in how many baskets an offer with
    a limit per person was given before, ``got`` how much (minor units) that was.
    """

    id: int
    points: int
    carry: int
    joined_at: datetime
    assigned: frozenset[int] = frozenset()
    uses: Mapping[int, int] = NOTHING_YET
    got: Mapping[int, int] = NOTHING_YET


class Left(NamedTuple):
    """What is left of an offer's budget (minor units) and uses; None where there is no limit."""

    amount: int | None
    uses: int | None

    def covers(self, amount: int) -> bool:
        """Say whether one more use that costs ``amount`` can be given."""
        return (self.amount is None or self.amount >= amount) and (
            self.uses is None or self.uses >= 1
        )
