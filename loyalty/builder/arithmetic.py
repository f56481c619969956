"""What a scheme gives away of the turnover, and what margin it leaves: pure arithmetic."""

from typing import NamedTuple

from loyalty.builder.scheme import ROUND_POINTS, SchemeContent, SchemeOffer, Slot
from loyalty.engine import MILLI
from okplatform.kernel.money import BASIS_POINTS

WEEK = 7


class Giving(NamedTuple):
    """Shares of the turnover before discounts, in basis points; ``left_bp`` is the margin left."""

    points_bp: int
    offers: tuple[tuple[Slot, int], ...]
    given_bp: int
    left_bp: int

    @property
    def loses(self) -> bool:
        """Say whether a hundred of turnover brings less than its goods cost."""
        return self.left_bp < 0


def giving(content: SchemeContent) -> Giving:
    """Return the most that a scheme gives away, and the margin it leaves at least.

    Of a turnover T, where everybody is a member and spends every point::

        points  = rate x worth / 100        of what is paid
                  (rate in milli-points per cent, worth in cents per 1,000 points, share in bp)
        percentage p on d days of the week  = p x d / 7
        money a off from a basket of b      = a / b x d / 7
        number n free, at prices of c to e  = e / (e + (n - 1) x c)
        offers  = their sum, T at most
        given   = offers + points x (1 - offers)
        left    = margin - given

    ``a / b`` is an upper bound whatever the baskets: each that gets ``a`` brings ``b`` or more. So
    is that of a stamp card: all turnover is of its goods, and who fills it with the cheapest takes
    the dearest. A share is rounded up, so that what is left is never told too high. ``d / 7`` takes
    the days of the week to sell alike; the replay counts them as they are.
    """
    offers = tuple((offer.slot, offer_bp(offer)) for offer in content.offers)
    off = min(sum(share for _slot, share in offers), BASIS_POINTS)
    points = points_bp(content)
    given = off + _up(points * (BASIS_POINTS - off), BASIS_POINTS)
    return Giving(points, offers, given, content.answers.margin_bp - given)


def points_bp(content: SchemeContent) -> int:
    """Return the share of what is paid that comes back as points, in basis points, rounded up."""
    return _up(content.milli_points_per_cent * content.worth, 100)


def offer_bp(offer: SchemeOffer) -> int:
    """Return the most that an offer takes of the turnover, in basis points, rounded up."""
    if offer.goods is not None and offer.size is not None:
        _name, _what, cheapest, dearest = offer.goods
        return _up(dearest * BASIS_POINTS, dearest + (offer.size - 1) * cheapest)
    days = len(set(offer.weekdays)) or WEEK
    if offer.percentage_bp is not None:
        return _up(offer.percentage_bp * days, WEEK)
    least = max(offer.min_basket, offer.amount or 0, 1)
    return _up((offer.amount or 0) * BASIS_POINTS * days, least * WEEK)


def card_bp(size: int) -> int:
    """Return the share that a stamp card takes of its goods where all cost alike, rounded up."""
    return _up(BASIS_POINTS, size)


def visits_to_round(content: SchemeContent) -> int:
    """Return after how many normal baskets a customer has ``ROUND_POINTS`` points."""
    earned = content.answers.basket * content.milli_points_per_cent
    return _up(ROUND_POINTS * MILLI, max(earned, 1))


def _up(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)
