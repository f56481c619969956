"""The kinds of rules a merchant can publish, as the engine sees them: immutable, integers, no I/O.

Money is in minor units, percentages in basis points (1,000 is 10 %), points in milli-points.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from typing_extensions import override

from loyalty.engine.basket import BasketLine
from okplatform.kernel.money import BASIS_POINTS, half_up

MILLI = 1_000
ONE_POINT_PER_EURO = 10
"""The rate ``PointsPerEuro.milli_per_cent`` of one point per euro: 10 milli-points per cent."""

_STEP_CENTS = 500
_FIVE = 5


class Texts(NamedTuple):
    """A sentence in every language a receipt is written in."""

    nl: str
    en: str


class Window(NamedTuple):
    """The days on which an offer runs, both included, by the calendar on the store's wall."""

    first_day: date | None = None
    last_day: date | None = None

    def contains(self, day: date) -> bool:
        """Say whether the offer runs on the store's ``day``."""
        return (self.first_day is None or self.first_day <= day) and (
            self.last_day is None or day <= self.last_day
        )


ALWAYS = Window()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What every offer says: who gets it, when, from what amount, and not together with what.

    On each line at most one offer of a ``group`` wins, whatever stage it belongs to; earlier
    stages go first. Offers without a group combine with everything. ``priority`` (lowest first,
    then the id) is the order in which groups act and breaks ties between equal discounts.
    ``limited`` says that a budget or a cap of uses is kept for it. ``text`` names the offer on the
    receipt, ``because`` says why this shopper got it.
    """

    id: int
    text: Texts
    because: Texts | None = None
    window: Window = ALWAYS
    members_only: bool = False
    min_basket: int = 0
    group: str = ""
    priority: int = 100
    limited: bool = False

    @property
    def rank(self) -> tuple[int, int]:
        """Return the offer's place in every list, so that the order of publishing means nothing."""
        return self.priority, self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOffer(Offer):
    """An offer on lines of some products or categories; a category means what is below it too."""

    skus: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()

    def discount(self, line: BasketLine, remaining: int) -> int:
        """Return what the offer takes off ``remaining``, what is still to pay of ``line``."""
        raise NotImplementedError  # each kind of rule says it its own way


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePercentage(LineOffer):
    """A percentage off what is still to pay of a line."""

    percentage_bp: int

    @override
    def discount(self, line: BasketLine, remaining: int) -> int:
        """Return the percentage, rounded half up, never more than what remains."""
        return min(half_up(remaining * self.percentage_bp, BASIS_POINTS), remaining)


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketOffer(Offer):
    """An offer on the basket as a whole; one wins, and its amount is split over the lines."""

    def discount(self, remaining: int) -> int:
        """Return what the offer takes off ``remaining``, what the lines it may touch still cost."""
        raise NotImplementedError  # each kind of rule says it its own way


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketPercentage(BasketOffer):
    """A percentage off what is still to pay of the basket."""

    percentage_bp: int

    @override
    def discount(self, remaining: int) -> int:
        """Return the percentage, rounded half up once over the basket, at most what remains."""
        return min(half_up(remaining * self.percentage_bp, BASIS_POINTS), remaining)


@dataclass(frozen=True, slots=True, kw_only=True)
class EarnRule:
    """Something that gives a member points."""

    id: int
    text: Texts

    @property
    def marginal(self) -> int:
        """Return the milli-points one more cent earns, whatever it is spent on."""
        raise NotImplementedError  # each kind of rule says it its own way

    def milli(self, line: BasketLine, paid: int) -> int:
        """Return the milli-points that ``paid`` cents on ``line`` earn."""
        raise NotImplementedError  # each kind of rule says it its own way


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsPerEuro(EarnRule):
    """Points on money paid.

    The rate is whole milli-points per cent (10 is one point per euro), so that what is earned is
    linear in the money: 30 + 20 euros earn exactly what 50 earn.
    """

    milli_per_cent: int

    @property
    @override
    def marginal(self) -> int:
        """Return the rate."""
        return self.milli_per_cent

    @override
    def milli(self, line: BasketLine, paid: int) -> int:
        """Return the milli-points that ``paid`` cents on any line earn."""
        return paid * self.milli_per_cent


Rule = LineOffer | BasketOffer | EarnRule


def round_step(marginal: int) -> int:
    """Return the step between numbers of points worth mentioning, at a rate per cent.

    It is about what five euros earn; above four, a multiple of five.
    """
    points = max(1, _STEP_CENTS * marginal // MILLI)
    return points if points < _FIVE else points - points % _FIVE
