"""What the engine is asked about: a basket, and what is known of the member who brought it."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from loyalty.engine.rules.offer import Texts

ALL_POINTS = 2**62
"""A wish to spend all there are."""

NOTHING_YET: Mapping[int, int] = MappingProxyType({})


class Stamps(NamedTuple):
    """A member's stamps on one card, and when the last one came.

    Below zero where goods came back whose stamps had been used.
    """

    number: int
    last: datetime


NO_STAMPS: Mapping[int, Stamps] = MappingProxyType({})


class BasketLine(NamedTuple):
    """One line of a basket.

    ``gross`` is in minor units and never negative; ``quantity`` in pieces, weighed goods count as
    one, and so does a quantity of none. Offers leave at least ``floor`` of the line to be paid.
    ``measure`` are the gram or millilitre of weighed goods.
    """

    number: int
    sku: str
    category: str
    quantity: int
    gross: int
    floor: int = 0
    measure: int = 0


class Outside(NamedTuple):
    """What another loyalty system takes off, in minor units: off one line, or off the basket.

    ``system`` is its id here, ``name`` what people call it.
    """

    system: int
    name: str
    line: int | None
    amount: int
    text: "Texts"


class Basket(NamedTuple):
    """The lines in any order, their numbers unique, and the time zone of the store they are in.

    ``codes`` are those of coupons that were shown; ``wish`` is how many points the member wants to
    spend, at most, ``reward`` the one that was chosen. Some rewards count ``online`` only.
    ``outside`` is what the merchant's own loyalty system gives.
    """

    lines: tuple[BasketLine, ...]
    zone: tzinfo
    codes: frozenset[str] = frozenset()
    wish: int = 0
    reward: int = 0
    online: bool = False
    outside: tuple[Outside, ...] = ()

    def wall(self, now: datetime) -> datetime:
        """Return what the clock on the store's wall says at the moment ``now``."""
        return now.astimezone(self.zone)


def with_floors(basket: Basket, floors: Mapping[str, int]) -> Basket:
    """Return the basket with the least that is to be paid for each line.

    ``floors`` are by SKU, per piece or per 1,000 gram or millilitre; a part of a cent rounds up.
    """
    return basket._replace(
        lines=tuple(
            line._replace(floor=_floor(line, floors[line.sku])) if line.sku in floors else line
            for line in basket.lines
        )
    )


def _floor(line: BasketLine, floor: int) -> int:
    return -(-line.measure * floor // 1_000) if line.measure else line.quantity * floor


class MemberSnapshot(NamedTuple):
    """A member at one moment.

    ``points`` are whole points to spend. ``carry`` are the milli-points towards the next one: below
    zero, or a point and more, where two baskets were quoted at once and both quotes were kept.
    ``assigned`` are the personal offers this member has; ``uses`` in how many baskets an offer with
    a limit per person was given before, ``got`` how much (minor units) that was; ``stamps`` lie on
    the stamp cards. ``tier`` is the key of the member's, and ``tier_amount`` what counts for it;
    ``bonuses`` are the kinds that wait for a purchase, each with its occasion. ``pool`` are points
    of the member's family that may be spent besides.
    """

    id: int
    points: int
    carry: int
    joined_at: datetime
    assigned: frozenset[int] = frozenset()
    uses: Mapping[int, int] = NOTHING_YET
    got: Mapping[int, int] = NOTHING_YET
    stamps: Mapping[int, Stamps] = NO_STAMPS
    tier: int | None = None
    tier_amount: int = 0
    bonuses: tuple[tuple[str, int], ...] = ()
    pool: int = 0


class Left(NamedTuple):
    """What is left of an offer's budget (minor units) and uses; None where there is no limit."""

    amount: int | None
    uses: int | None

    def covers(self, amount: int) -> bool:
        """Say whether one more use that costs ``amount`` can be given."""
        return (self.amount is None or self.amount >= amount) and (
            self.uses is None or self.uses >= 1
        )
