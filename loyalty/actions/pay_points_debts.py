"""Let what members earn pay the points that they owe."""

from collections.abc import Sequence
from datetime import datetime

from okplatform.kernel import db

PAY = "SELECT loyalty_pay_debts(%s::bigint[], %s)"


@db.transaction_required
def pay_points_debts(*, sale_ids: Sequence[int], now: datetime) -> int:
    """Pay the open debts of who earned at these sales; return how many were paid, or a part.

    After the sale and not in it: a till never waits for a debt. The ledger's posting
    (``points_debt_paid``) is its own trace.
    """
    return int(db.call(PAY, [list(sale_ids), now])[0][0])
