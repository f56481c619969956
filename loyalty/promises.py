"""What a sale was promised when it was authorised, and what of it comes true when it closes."""

from collections.abc import Mapping
from typing import Any

from loyalty.engine import MILLI, BonusGiven, CouponGiven, Given, Settlement, Spending, Stamped
from loyalty.programs import Priced
from loyalty.queries.quoting import snapshot
from okplatform.kernel.money import half_up


def promise_of(priced: Priced) -> dict[str, Any]:
    """Return what a quote promised, as JSON to keep until its sale closes."""
    quote = priced.quote
    return {
        "milli": quote.milli if quote.member_id else 0,
        "due": quote.due,
        "given": [[given.offer_id, given.amount] for given in quote.given],
        "coupons": [list(used) for used in priced.coupons],
        "per_member": [[given.offer_id, given.amount] for given in priced.counted],
        "member": quote.member_id,
        **({"spending": list(spending)} if (spending := priced.spending) else {}),
        **({"shares": True} if priced.shares else {}),
        "stamped": [list(one) for one in quote.stamped],
        "bonuses": [list(one) for one in quote.bonuses],
    }


def offers_of(promise: Mapping[str, Any]) -> Settlement:
    """Return what of a promise is settled at once: what offers, coupons and points give."""
    given = tuple(Given(*one) for one in promise["given"])
    coupons = tuple(CouponGiven(*one) for one in promise.get("coupons", ()))
    counted = tuple(Given(*one) for one in promise.get("per_member", ()))
    spending = Spending(*promise["spending"]) if "spending" in promise else None
    stamped = tuple(Stamped(*one) for one in promise.get("stamped", ()))
    bonuses = tuple(BonusGiven(*one) for one in promise.get("bonuses", ()))
    member = promise.get("member") if counted or stamped or bonuses else None
    return Settlement(
        member,
        0,
        0,
        given,
        None,
        coupons,
        counted,
        spending,
        stamped,
        bonuses,
        shares=promise.get("shares", False),
    )


def settlement_of(
    promise: Mapping[str, Any], *, captured: int, merchant_id: int, person_id: int, mode: str
) -> Settlement:
    """Return what to settle now that ``captured`` of the promised amount was paid.

    The carry is the member's of today, so the points are too; less money is fewer points, in
    proportion. After ``PointsMoved`` call it again.
    """
    offers = offers_of(promise)
    if offers.spending is not None and promise["due"]:
        # What was not captured was not bought: its part of the points goes back.
        kept = half_up(offers.spending.points * captured, promise["due"])
        unused = offers.spending.points - kept
        offers = offers._replace(spending=offers.spending._replace(unused=unused))
    seen = snapshot(merchant_id=merchant_id, person_id=person_id, mode=mode)
    if not promise["milli"] or seen.member is None or not promise["due"]:
        return offers
    milli = half_up(promise["milli"] * captured, promise["due"])
    points = max(0, (seen.member.carry + milli) // MILLI) if milli else 0
    return offers._replace(member_id=seen.member.id, milli=milli, points=points)
