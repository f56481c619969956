"""What gives a member points: money paid, a visit, pieces; and what multiplies those for money."""

from dataclasses import dataclass

from loyalty.engine.rules.offer import Texts
from loyalty.engine.rules.window import ALWAYS, Window

MILLI = 1_000
ONE_POINT_PER_EURO = 10
"""The rate ``PointsPerEuro.milli_per_cent`` of one point per euro: 10 milli-points per cent."""

ONCE = 1_000
"""The factor ``PointsTimes.times_milli`` that changes nothing; 2,000 is double points."""

_STEP_CENTS = 500
_FIVE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class EarnRule:
    """Something that gives a member points."""

    id: int
    text: Texts
    window: Window = ALWAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetedEarnRule(EarnRule):
    """A rule on lines of some products or categories; where it names none, on all lines."""

    skus: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()

    @property
    def is_on_everything(self) -> bool:
        """Say whether it names no product and no category."""
        return not self.skus and not self.categories


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsPerEuro(TargetedEarnRule):
    """Points on money paid.

    The rate is whole milli-points per cent (10 is one point per euro), so that what is earned is
    linear in the money: 30 + 20 euros earn exactly what 50 earn.
    """

    milli_per_cent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsTimes(TargetedEarnRule):
    """Multiplies, in thousandths, what money earns on its lines; never a fixed number of points.

    Of several on one line the highest counts. What it adds is rounded half up per line.
    """

    times_milli: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TierPoints(PointsTimes):
    """A tier, with what it multiplies for its members; ``ONCE`` changes nothing.

    ``threshold`` is what reaches it: milli-points earned, or minor units where it is of ``money``.
    """

    key: int
    threshold: int
    money: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsPerPiece(TargetedEarnRule):
    """A fixed number of milli-points for each piece on which something is paid."""

    milli: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsPerVisit(EarnRule):
    """A fixed number of milli-points for a basket on which ``min_paid`` or more is paid."""

    milli: int
    min_paid: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsBonus(EarnRule):
    """A fixed number of milli-points for each bonus of a ``kind`` that waits for the member."""

    kind: str
    milli: int
    min_paid: int = 1


def round_step(marginal: int) -> int:
    """Return the step between numbers of points worth mentioning, at a rate per cent.

    It is about what five euros earn; above four, a multiple of five.
    """
    points = max(1, _STEP_CENTS * marginal // MILLI)
    return points if points < _FIVE else points - points % _FIVE
