"""Take back what a sale earned and used, as far as it came back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from loyalty.reversing import milli_back, offers_back
from okplatform.kernel import db
from okplatform.trade.facts import LineStanding, ReturnLineFacts

EARNED = "SELECT milli FROM loyalty_earning WHERE sale_id = %s"
GIVE_OWN_BACK = "SELECT loyalty_give_own_back(%s, %s, %s::bigint[], %s::bigint[], %s::int[])"
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
    """Take the points of what came back from who earned them, and give offers back what they gave.

    A part of recording the return, whose audit row and event tell of it; ``lines`` stand as they
    stood before, by the row of the sale that the caller holds. A member never has less than no
    points: what was spent before stays owed (``loyalty.models.PointsDebt``).
    """
    earned = db.call(EARNED, [sale_id])
    milli = milli_back(int(earned[0][0]), lines, back) if earned else 0
    offers = offers_back(lines, back)
    if not milli and not offers:
        return Reversed(0, 0, None)
    columns = [
        [one.offer_id for one in offers],
        [one.amount for one in offers],
        [one.uses for one in offers],
    ]
    if offers:
        # Coupons and limits per person before the member and the budgets, as in a sale.
        db.call(GIVE_OWN_BACK, [return_id, sale_id, *columns])
    rows = db.call(
        REVERSE,
        [
            return_id,
            sale_id,
            merchant_id,
            mode,
            now,
            milli,
            *columns,
        ],
    )
    points, taken, balance = rows[0]
    return Reversed(int(points or 0), int(taken or 0), balance)
