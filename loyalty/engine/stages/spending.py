"""Points that pay a part: after all offers, before anything is earned.

What is paid with points is split over the lines in proportion to what they still cost, and stored
there: so VAT, what is earned, and what comes back later all follow the goods.
"""

from loyalty.engine.quote import PointsOff, Spent
from loyalty.engine.work import Work
from okplatform.kernel.money import split


def apply(work: Work) -> None:
    """Say what a member could spend, and spend what was asked for, as far as that goes."""
    terms, member = work.program.spending, work.member
    if terms is None or member is None or work.spent is not None:
        return
    due, has = sum(work.remaining), member.points + member.pool
    most = terms.within(has, due)
    if most:
        work.spendable = Spent(most, terms.worth(most))
    points = terms.within(min(work.wish, has), due)
    if not points:
        return
    work.spent = Spent(points, terms.worth(points))
    shares = split(work.spent.amount, work.remaining)
    for index, (share, of_points) in enumerate(zip(shares, split(points, shares), strict=True)):
        if share:
            work.remaining[index] -= share
            work.rooms[index] = max(work.rooms[index] - share, 0)
            work.points_off[index] = PointsOff(terms.id, terms.text, of_points, share)
