"""Keep the live figures, and tell the open consoles that they moved."""

from collections import Counter
from collections.abc import Sequence
from functools import partial

from merchants.analytics.actions.roll_up import roll_up, roll_up_returns
from okplatform.kernel.db import after_commit
from okplatform.kernel.events import Delivered, handles
from okplatform.trade.events import SaleClosed, SaleRefunded
from okplatform.web.streams import notify


@handles(SaleClosed)
def keep_live_figures(deliveries: Sequence[Delivered[SaleClosed]]) -> None:
    """Add the batch to the roll-up; each merchant's open pages hear of it once."""
    roll_up(sale_ids=[delivery.event.sale_id for delivery in deliveries])
    _tell(deliveries)


@handles(SaleRefunded)
def keep_what_came_back(deliveries: Sequence[Delivered[SaleRefunded]]) -> None:
    """Add the batch to the roll-up; the open pages hear of it as they hear of a sale."""
    roll_up_returns(return_ids=[delivery.event.return_id for delivery in deliveries])
    _tell(deliveries)


def _tell(deliveries: Sequence[Delivered[SaleClosed]] | Sequence[Delivered[SaleRefunded]]) -> None:
    moved = Counter((delivery.event.merchant_id, delivery.event.mode) for delivery in deliveries)
    for (merchant_id, mode), sales in moved.items():
        channel = f"merchant:{merchant_id}"
        after_commit(partial(notify, channel, "sales", {"mode": mode, "sales": sales}))
