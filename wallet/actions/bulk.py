"""Bulk twins of actions, for an importer that writes many rows at once and publishes no events."""

from datetime import datetime

from okplatform.kernel.db import call, transaction_required

FILE_ALL = """
WITH filed AS (
    INSERT INTO wallet_receipt (person_id, merchant_id, sale_id, mode, filed_at)
    SELECT person_id, merchant_id, id, mode, %(now)s FROM trade_sale
    WHERE merchant_id = %(merchant_id)s AND mode = %(mode)s
      AND person_id IS NOT NULL AND state = 'closed'
    ON CONFLICT (sale_id) DO NOTHING
    RETURNING 1
)
SELECT count(*) FROM filed
"""


@transaction_required
def file_receipts_of_merchant(*, merchant_id: int, mode: str, now: datetime) -> int:
    """File every closed sale of a merchant's members that has no receipt yet; return how many."""
    return int(call(FILE_ALL, {"merchant_id": merchant_id, "mode": mode, "now": now})[0][0])
