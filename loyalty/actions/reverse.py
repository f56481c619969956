"""Take back what a sale earned and used, as far as it came back."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from loyalty.reversing import milli_back, offers_back, points_back, stamps_back
from okplatform.kernel import db
from okplatform.trade.facts import LineStanding, ReturnLineFacts

DONE = """
SELECT (SELECT milli FROM loyalty_earning WHERE sale_id = %s),
    (SELECT jsonb_agg(jsonb_build_array(used.offer_id, used.stamps, used.lines))
        FROM loyalty_stamp_use used WHERE used.sale_id = %s),
    EXISTS (SELECT FROM loyalty_points_draw draw WHERE draw.sale_id = %s)
"""
HOLD_DRAWN = "SELECT loyalty_hold_drawn(%s)"
DRAW_BACK = "SELECT loyalty_draw_back(%s, %s)"
TAKE_STAMPS_BACK = "SELECT loyalty_take_stamps_back(%s, %s::bigint[], %s::int[], %s::int[])"
GIVE_OWN_BACK = "SELECT loyalty_give_own_back(%s, %s, %s::bigint[], %s::bigint[], %s::int[])"
GIVE_POINTS_BACK = "SELECT loyalty_give_points_back(%s, %s, %s, %s)"
REVERSE = """
SELECT points, taken, balance
FROM loyalty_reverse(%s, %s, %s, %s, %s, %s, %s::bigint[], %s::bigint[], %s::int[])
"""


@dataclass(frozen=True, slots=True)
class Reversed:
    """Points lost by a return, those of them that were there, and what the member has then.

    The rest is owed: the member's next points pay it. All are 0, and ``balance`` is None, where the
    sale earned nobody any.
    """

    points: int
    taken: int
    balance: int | None

    @property
    def owed(self) -> int:
        """Return what the next points pay."""
        return self.points - self.taken


@db.transaction_required
def reverse(
    *,
    return_id: int,
    sale_id: int,
    merchant_id: int,
    mode: str,
    lines: Sequence[LineStanding],
    back: Sequence[ReturnLineFacts],
    now: datetime,
) -> Reversed:
    """Take points and stamps of what came back, and give offers back what they gave.

    A part of recording the return, whose audit row and event tell of it; ``lines`` stand as they
    stood before, by the row of the sale that the caller holds. A member never has less than no
    points: what was spent before stays owed (``loyalty.models.PointsDebt``). Points that had paid
    for what came back are the member's again.
    """
    ((earned, stamped, drawn),) = db.call(DONE, [sale_id, sale_id, sale_id])
    milli = milli_back(int(earned), lines, back) if earned else 0
    offers = offers_back(lines, back)
    spent = points_back(lines, back)
    stamps = stamps_back(json.loads(stamped), lines, back) if stamped else []
    if not milli and not offers and not spent and not stamps:
        return Reversed(0, 0, None)
    columns = [
        [one.offer_id for one in offers],
        [one.amount for one in offers],
        [one.uses for one in offers],
    ]
    if drawn:
        # Members at other shops too, before all else, in one order.
        db.call(HOLD_DRAWN, [sale_id])
    if offers:
        # Coupons, limits per person and stamps before the member and the budgets, as in a sale.
        db.call(GIVE_OWN_BACK, [return_id, sale_id, *columns])
    if stamps:
        db.call(TAKE_STAMPS_BACK, [sale_id, *map(list, zip(*stamps, strict=True))])
    if spent:
        # Before what was earned is taken: what comes back can pay for that.
        db.call(GIVE_POINTS_BACK, [return_id, sale_id, now, spent])
    if drawn:
        db.call(DRAW_BACK, [sale_id, now])
    rows = db.call(REVERSE, [return_id, sale_id, merchant_id, mode, now, milli, *columns])
    points, taken, balance = rows[0]
    return Reversed(int(points or 0), int(taken or 0), balance)
