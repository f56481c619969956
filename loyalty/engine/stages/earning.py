"""Points: milli-points per line, one floor per basket, the rest is carried.

Money earns first, and what multiplies points multiplies only that; then pieces and the visit.
"""

from loyalty.engine.program import Earning
from loyalty.engine.quote import BonusGiven, Earned, NearMiss
from loyalty.engine.rules import (
    MILLI,
    ONCE,
    EarnRule,
    PointsTimes,
    round_step,
)
from loyalty.engine.work import NEAR, Work
from okplatform.kernel.money import split


class Tally:
    """What each rule gave, and what each line earned, in milli-points."""

    def __init__(self, work: Work, earning: Earning) -> None:
        """Keep the rules that count everywhere and are open now."""
        is_on = work.moment.is_on
        self.work = work
        self.rates = [rule for rule in earning.rates if is_on(rule.window)]
        self.rate = sum(rule.milli_per_cent for rule in self.rates)
        times = [rule for rule in earning.times if is_on(rule.window)]
        mine = work.member.tier if work.member else None
        times += [rule for rule in earning.tiers if rule.key == mine and rule.times_milli > ONCE]
        self.times: PointsTimes | None = max(times, key=_times, default=None)
        self.pieces = [rule for rule in earning.pieces if is_on(rule.window)]
        self.visits = [rule for rule in earning.visits if is_on(rule.window)]
        self.bonuses = earning.bonuses
        self.lines = [0] * len(work.lines)
        self.rules: dict[int, int] = {}

    def count(self) -> None:
        """Count the lines on which something is paid, with the rules that name them."""
        work, lines, rules = self.work, self.lines, self.rules
        everywhere, fallback = self.rate, self.times
        least = fallback.times_milli if fallback else -1
        per_piece, counts = sum([rule.milli for rule in self.pieces]), work.counts
        pieces_paid = 0
        for index, paid in enumerate(work.remaining):
            if not paid:
                continue
            rate, each, times, rates, pieces = work.places[index].named
            count = counts[index]
            pieces_paid += count
            money = paid * (everywhere + rate)
            earned = money + count * (per_piece + each)
            for number, milli in rates:
                rules[number] = rules.get(number, 0) + paid * milli
            for number, milli in pieces:
                rules[number] = rules.get(number, 0) + count * milli
            if times is None or times.times_milli <= least:
                times = fallback
            if times is not None:
                more = (money * (times.times_milli - ONCE) + ONCE // 2) // ONCE
                rules[times.id] = rules.get(times.id, 0) + more
                earned += more
            lines[index] = earned
        for rule in self.pieces:
            self.give(rule, rule.milli * pieces_paid)

    def basket(self, paid: int) -> None:
        """Count what is for the basket as a whole; visits over the lines as they are paid."""
        for rule in self.rates:
            self.give(rule, paid * rule.milli_per_cent)
        visits = sum(
            self.give(rule, rule.milli) for rule in self.visits if paid >= max(rule.min_paid, 1)
        )
        visits += self._bonuses(paid)
        if visits:
            shares = split(visits, self.work.remaining)
            self.lines = [had + share for had, share in zip(self.lines, shares, strict=True)]

    def _bonuses(self, paid: int) -> int:
        """Give the bonuses that wait for this member; they lie over the lines as visits do."""
        work = self.work
        if work.member is None or not work.member.bonuses:
            return 0
        work.bonuses = [
            BonusGiven(kind, occasion, self.give(rule, rule.milli))
            for rule in self.bonuses
            if paid >= max(rule.min_paid, 1)
            for kind, occasion in work.member.bonuses
            if kind == rule.kind
        ]
        return sum(bonus.milli for bonus in work.bonuses)

    def give(self, rule: EarnRule, milli: int) -> int:
        """Note milli-points for a rule, and return them."""
        self.rules[rule.id] = self.rules.get(rule.id, 0) + milli
        return milli


def apply(work: Work) -> None:
    """Give a member the points of the basket; whoever is no member earns none."""
    earning = work.program.earning
    if work.member is None or earning is None:
        return
    tally, texts = Tally(work, earning), work.program.point_texts
    tally.count()
    paid = sum(work.remaining)
    tally.basket(paid)
    work.earned.extend(
        Earned(rule_id, texts[rule_id], milli)
        for rule_id, milli in sorted(tally.rules.items())
        if milli
    )
    if any(tally.lines):
        total = work.member.carry + sum(tally.lines)
        points = max(0, total // MILLI)
        work.carry = total - points * MILLI
        work.points = split(points, tally.lines)
        _note_near_miss(work, tally, paid, points)
    if earning.tiers and paid:
        _note_tier(work, earning, paid, sum(tally.lines))


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


def _note_tier(work: Work, earning: Earning, paid: int, milli: int) -> None:
    """Note the tier that this basket reaches, or that little more would."""
    before = work.member.tier_amount if work.member else 0
    for tier in earning.tiers:
        now = before + (paid if tier.money else milli)
        missing = max(tier.threshold - now, 0)
        if tier.threshold > before and missing * NEAR <= tier.threshold:
            money, points = (missing, 0) if tier.money else (0, -(-missing // MILLI))
            work.miss(NearMiss("tier", money, points, tier.text))


def _least(short: int, most: int, rate: int, times: int, tally: Tally, paid: int) -> int | None:
    """Return the least money, at most ``most``, that earns ``short`` more milli-points."""
    visits = [rule for rule in tally.visits if paid < rule.min_paid <= paid + most]

    def earns(more: int) -> int:
        money = more * rate
        jumps = sum([rule.milli for rule in visits if rule.min_paid <= paid + more])
        return money + added(money, times) + jumps

    if earns(most) < short:
        return None
    if not visits:  # then it is what multiplying and rounding half up say, turned round
        return max(-(-(short * ONCE - ONCE // 2) // (rate * times)), 1)
    low, high = 1, max(most, 1)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if earns(middle) >= short else (middle + 1, high)
    return low
