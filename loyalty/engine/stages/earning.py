"""Points: milli-points per line, one floor per basket, the rest is carried.

Money earns first, and what multiplies points multiplies only that; then pieces and the visit.
"""

from loyalty.engine.program import Earning
from loyalty.engine.quote import Earned, NearMiss
from loyalty.engine.rules import (
    ALWAYS,
    MILLI,
    ONCE,
    EarnRule,
    PointsPerEuro,
    PointsPerPiece,
    PointsTimes,
    TargetedEarnRule,
    Texts,
    round_step,
)
from loyalty.engine.work import NEAR, Work
from okplatform.kernel.money import split


class Tally:
    """What each rule gave, and what each line earned, in milli-points."""

    def __init__(self, work: Work, earning: Earning) -> None:
        """Keep the rules that count everywhere and are open now."""
        self.work = work
        self.rates = [rule for rule in earning.rates if work.is_on(rule.window)]
        self.rate = sum(rule.milli_per_cent for rule in self.rates)
        times = [rule for rule in earning.times if work.is_on(rule.window)]
        self.times = max(times, key=_times, default=None)
        self.pieces = [rule for rule in earning.pieces if work.is_on(rule.window)]
        self.visits = [rule for rule in earning.visits if work.is_on(rule.window)]
        self.lines = [0] * len(work.lines)
        self.rules: dict[int, tuple[Texts, int]] = {}

    def line(self, index: int, named: tuple[TargetedEarnRule, ...]) -> None:
        """Count one line on which something is paid, with the rules that name it."""
        work = self.work
        paid, pieces = work.remaining[index], work.counts[index]
        money, times, fixed = paid * self.rate, self.times, 0
        for rule in named:
            if rule.window is not ALWAYS and not work.is_on(rule.window):
                continue
            if isinstance(rule, PointsPerEuro):
                money += self.give(rule, paid * rule.milli_per_cent)
            elif isinstance(rule, PointsPerPiece):
                fixed += self.give(rule, rule.milli * pieces)
            elif isinstance(rule, PointsTimes) and (times is None or _times(rule) > _times(times)):
                times = rule
        for rule in self.pieces:
            fixed += self.give(rule, rule.milli * pieces)
        if times is not None:
            fixed += self.give(times, added(money, times.times_milli))
        self.lines[index] = money + fixed

    def basket(self, paid: int) -> None:
        """Count what is for the basket as a whole; visits over the lines as they are paid."""
        for rule in self.rates:
            self.give(rule, paid * rule.milli_per_cent)
        visits = sum(
            self.give(rule, rule.milli) for rule in self.visits if paid >= max(rule.min_paid, 1)
        )
        if visits:
            shares = split(visits, self.work.remaining)
            self.lines = [had + share for had, share in zip(self.lines, shares, strict=True)]

    def give(self, rule: EarnRule, milli: int) -> int:
        """Note milli-points for a rule, and return them."""
        if milli:
            known = self.rules.get(rule.id)
            self.rules[rule.id] = rule.text, known[1] + milli if known else milli
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
    tally.basket(paid)
    work.earned.extend(
        Earned(rule_id, text, milli) for rule_id, (text, milli) in sorted(tally.rules.items())
    )
    if any(tally.lines):
        total = work.member.carry + sum(tally.lines)
        points = max(0, total // MILLI)
        work.carry = total - points * MILLI
        work.points = split(points, tally.lines)
        _note_near_miss(work, tally, paid, points)


def _times(rule: PointsTimes) -> int:
    return rule.times_milli


def added(milli: int, times_milli: int) -> int:
    """Return what multiplying adds to the milli-points that money earned."""
    return (milli * (times_milli - ONCE) + ONCE // 2) // ONCE


def _note_near_miss(work: Work, tally: Tally, paid: int, points: int) -> None:
    """Note what little more money would have earned: a round number of points, or one more."""
    rate = tally.rate
    times = tally.times.times_milli if tally.times else ONCE
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
