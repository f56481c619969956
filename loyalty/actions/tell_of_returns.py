"""Let a chain's own loyalty system hear what came back of the sales that it was told of."""

from collections.abc import Sequence
from datetime import datetime

from loyalty.events import MemberSaleRefunded
from okplatform.kernel import db, events
from okplatform.trade.events import SaleRefunded

TOLD = """
SELECT told.sale_id, told.member_id FROM loyalty_connected_sale told WHERE told.sale_id = ANY(%s)
"""


@db.transaction_required
def tell_of_returns(*, returns: Sequence[SaleRefunded], now: datetime) -> None:
    """Publish each return of a sale that was told, in this order."""
    rows = db.call(TOLD, [[one.sale_id for one in returns]])
    member_of: dict[int, int] = dict(rows)
    for one in returns:
        if one.sale_id not in member_of:
            continue
        event = MemberSaleRefunded(
            member_id=member_of[one.sale_id],
            merchant_id=one.merchant_id,
            sale_id=one.sale_id,
            refund=one.return_uuid,
            amount=one.amount,
            refunded_at=one.returned_at,
        )
        events.publish(event, now=now, merchant_id=one.merchant_id, mode=one.mode)
