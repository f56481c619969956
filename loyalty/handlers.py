"""What loyalty does when a sale has closed."""

from collections.abc import Sequence

from loyalty.actions.pay_points_debts import pay_points_debts
from okplatform.kernel import clock
from okplatform.kernel.events import Delivered, handles
from okplatform.trade.events import SaleClosed


@handles(SaleClosed)
def pay_what_is_owed(deliveries: Sequence[Delivered[SaleClosed]]) -> None:
    """Let the points of a batch of sales pay what their members owe."""
    earning = [
        delivered.event.sale_id for delivered in deliveries if delivered.event.points_earned > 0
    ]
    if earning:
        pay_points_debts(sale_ids=earning, now=clock.now())
