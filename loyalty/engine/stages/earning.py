"""Points on money paid: milli-points per line, one floor per basket, the rest is carried."""

from loyalty.engine.quote import Earned, NearMiss
from loyalty.engine.rules import MILLI, round_step
from loyalty.engine.work import NEAR, Work
from okplatform.kernel.money import split


def apply(work: Work) -> None:
    """Give a member the points of the basket; whoever is no member earns none."""
    if work.member is None or not work.program.earn:
        return
    milli = [0] * len(work.lines)
    for rule in work.program.earn:
        own = [
            rule.milli(line, paid) for line, paid in zip(work.lines, work.remaining, strict=True)
        ]
        milli = [total + more for total, more in zip(milli, own, strict=True)]
        work.earned.append(Earned(rule.id, rule.text, sum(own)))
    if any(milli):
        total = work.member.carry + sum(milli)
        points = max(0, total // MILLI)
        work.carry = total - points * MILLI
        work.points = split(points, milli)
        _note_near_miss(work, points)


def _note_near_miss(work: Work, points: int) -> None:
    """Note what little more money would have earned: a round number of points, or one more."""
    marginal = sum(rule.marginal for rule in work.program.earn)
    paid = sum(work.remaining)
    step = round_step(marginal)
    for target in (points - points % step + step, points + 1):
        short = (target - points) * MILLI - work.carry
        missing = -(-short // marginal)
        if missing * NEAR <= paid + missing:
            work.missed.append(NearMiss("points", missing, target, None))
            return
