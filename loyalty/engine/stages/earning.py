"""Points: milli-points per line, one floor per basket, the rest is carried.

Money earns first, and what multiplies points multiplies only that; then pieces and the visit.
"""

from loyalty.engine.program import Earning
from loyalty.engine.quote import Earned, NearMiss
from loyalty.engine.rules import (
    MILLI,
    ONCE,
    PointsPerEuro,
    PointsPerPiece,
    PointsPerVisit,
    PointsTimes,
    TargetedEarnRule,
    Texts,
    round_step,
)
from loyalty.engine.work import NEAR, Work
from okplatform.kernel.money import half_up, split


class Tally:
    """What each rule gave, and what each line earned, in milli-points."""

    def __init__(self, work: Work, earning: Earning) -> None:
        """Keep the rules that count everywhere and are open now."""
        self.work = work
        self.rates = [rule for rule in earning.rates if rule.window.contains(work.wall)]
        self.times = [rule for rule in earning.times if rule.window.contains(work.wall)]
        self.pieces = [rule for rule in earning.pieces if rule.window.contains(work.wall)]
        self.visits = [rule for rule in earning.visits if rule.window.contains(work.wall)]
        self.lines = [0] * len(work.lines)
        self.rules: dict[int, tuple[Texts, int]] = {}

    def line(self, index: int, named: tuple[TargetedEarnRule, ...]) -> None:
        """Count one line on which something is paid, with the rules that name it."""
        paid = self.work.remaining[index]
        own = [rule for rule in named if rule.window.contains(self.work.wall)]
        money, times = 0, None
        for rule in (*self.rates, *own):
            if isinstance(rule, PointsPerEuro):
                money += self.give(index, rule, paid * rule.milli_per_cent)
        for rule in (*self.times, *own):
            if isinstance(rule, PointsTimes) and (
                times is None or rule.times_milli > times.times_milli
            ):
                times = rule
        if times is not None and times.times_milli > ONCE:
            self.give(index, times, added(money, times.times_milli))
        quantity = max(self.work.lines[index].quantity, 1)
        for rule in (*self.pieces, *own):
            if isinstance(rule, PointsPerPiece):
                self.give(index, rule, rule.milli * quantity)

    def visit(self, rule: PointsPerVisit, paid: int) -> None:
        """Count a visit, over the lines in proportion to what is paid."""
        if paid >= max(rule.min_paid, 1):
            for index, share in enumerate(split(rule.milli, self.work.remaining)):
                self.give(index, rule, share)

    def give(self, index: int, rule: TargetedEarnRule | PointsPerVisit, milli: int) -> int:
        """Give a line milli-points for a rule, and return them."""
        if milli:
            self.lines[index] += milli
            text, had = self.rules.get(rule.id, (rule.text, 0))
            self.rules[rule.id] = text, had + milli
        return milli


def apply(work: Work) -> None:
    """Give a member the points of the basket; whoever is no member earns none."""
    earning = work.program.earning
    if work.member is None or earning is None:
        return
    tally = Tally(work, earning)
    for index, line in enumerate(work.lines):
        if work.remaining[index]:
            tally.line(index, earning.on(line.sku, line.category))
    paid = sum(work.remaining)
    for visit in tally.visits:
        tally.visit(visit, paid)
    work.earned.extend(
        Earned(rule_id, text, milli) for rule_id, (text, milli) in sorted(tally.rules.items())
    )
    if any(tally.lines):
        total = work.member.carry + sum(tally.lines)
        points = max(0, total // MILLI)
        work.carry = total - points * MILLI
        work.points = split(points, tally.lines)
        _note_near_miss(work, tally, paid, points)


def added(milli: int, times_milli: int) -> int:
    """Return what multiplying adds to the milli-points that money earned."""
    return half_up(milli * (times_milli - ONCE), ONCE)


def _note_near_miss(work: Work, tally: Tally, paid: int, points: int) -> None:
    """Note what little more money would have earned: a round number of points, or one more."""
    rate = sum(rule.milli_per_cent for rule in tally.rates)
    times = max([ONCE, *(rule.times_milli for rule in tally.times)])
    most = paid // (NEAR - 1)
    step = round_step(max(rate * times // ONCE, 1))
    for target in (points - points % step + step, points + 1):
        short = (target - points) * MILLI - work.carry
        missing = _least(short, most, rate, times, tally, paid)
        if missing is not None:
            work.missed.append(NearMiss("points", missing, target, None))
            return


def _least(short: int, most: int, rate: int, times: int, tally: Tally, paid: int) -> int | None:
    """Return the least money, at most ``most``, that earns ``short`` more milli-points."""

    def earns(more: int) -> int:
        money = more * rate
        jumps = sum(visit.milli for visit in tally.visits if paid < visit.min_paid <= paid + more)
        return money + added(money, times) + jumps

    if earns(most) < short:
        return None
    low, high = 1, max(most, 1)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if earns(middle) >= short else (middle + 1, high)
    return low
