"""What points buy: money off a basket."""

from dataclasses import dataclass

from loyalty.engine.rules.offer import Texts
from okplatform.kernel.money import BASIS_POINTS


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsAsMoney:
    """Points take money off: each ``points`` of them ``amount``, in minor units.

    They go in steps of ``step`` (a multiple of ``points``), from ``minimum`` on, and take at most
    ``most_bp`` basis points off what a basket costs after its offers.
    """

    id: int
    text: Texts
    points: int
    amount: int
    step: int
    minimum: int
    most_bp: int

    def worth(self, points: int) -> int:
        """Return what so many points take off, in minor units."""
        return points // self.points * self.amount

    def within(self, points: int, due: int) -> int:
        """Return how many of ``points`` may be spent on a basket that costs ``due``."""
        most = due * self.most_bp // BASIS_POINTS // self.amount * self.points
        spent = min(points, most) // self.step * self.step
        return spent if spent >= self.minimum else 0
