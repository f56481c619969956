"""Points that pay a part of a sale: why some cannot, and what its lines say of them (pure)."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from loyalty.engine import ALL_POINTS, Basket, Program, Quote, Spent
from loyalty.reversing import PAID_WITH_POINTS
from okplatform.kernel.errors import Refusal
from okplatform.trade.facts import LineFacts


class PointsRefused(Refusal):
    """The till wants points spent that cannot be."""

    status = 422


class PointsNotTaken(PointsRefused):
    """The merchant has switched spending off, or has no programme."""

    code = "points_not_taken"
    sentence = _("Points cannot be spent at this shop. Leave them out and go on.")


class PointsWithoutMember(PointsRefused):
    """Nobody scanned, or who did is no member."""

    code = "points_without_member"
    sentence = _("Only a member can spend points. Scan the customer's code, or leave points out.")


class PointsNotSpendable(PointsRefused):
    """Not exactly so many: too few there, too little to pay, or no whole step; ``most`` could."""

    code = "points_not_spendable"
    status = 409
    sentence = _("So many points cannot be spent here: at most {most}. Ask the customer.")


class RewardNotHere(PointsRefused):
    """Another merchant's, paused, too dear for the member, or nothing here that it is for."""

    code = "reward_not_here"
    status = 409
    sentence = _("This reward cannot be had on this purchase. Leave it out, or choose another.")


def wished(basket: Basket, wish: tuple[int, int | None, int | None]) -> Basket:
    """Return a basket with what its shopper chose on the phone: a reward, or points."""
    _id, points, reward = wish
    if reward is not None:
        return basket._replace(reward=reward)
    return basket._replace(wish=ALL_POINTS if points is None else points)


def check_spent(asked: Basket, quote: Quote, program: Program) -> None:
    """Raise ``PointsRefused`` where a till named points or a reward that this price does not take.

    All there are is no number: then as many as may be, or none.
    """
    if not asked.wish and not asked.reward:
        return
    if quote.member_id is None:
        raise PointsWithoutMember
    if asked.reward:
        if quote.reward_id is None:
            raise RewardNotHere
        return
    if program.spending is None:
        raise PointsNotTaken
    if asked.wish not in {ALL_POINTS, quote.spent.points if quote.spent else 0}:
        raise PointsNotSpendable(most=quote.spendable.points if quote.spendable else 0)


def points_spent(lines: Iterable[LineFacts]) -> Spent | None:
    """Return what was paid with points by the stored split of a sale; None where nothing was."""
    found = [
        reason for line in lines for reason in line.reasons if reason["kind"] in PAID_WITH_POINTS
    ]
    if not found:
        return None
    return Spent(sum(one["points"] for one in found), sum(one["amount"] for one in found))
