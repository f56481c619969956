"""File closed sales with the people who made them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from okplatform.kernel.db import call, transaction_required

# From the sales themselves, so that a receipt can only say what the sale says. The sales are looked
# up one by one, behind OFFSET 0: asked for those with a person, the planner may walk through all of
# them, which are few by statistics from before a busy hour.
FILE = """
INSERT INTO wallet_receipt (person_id, merchant_id, sale_id, mode, filed_at)
SELECT sale.person_id, sale.merchant_id, sale.id, sale.mode, %s
FROM unnest(%s::bigint[]) AS asked(id) CROSS JOIN LATERAL (
    SELECT * FROM trade_sale WHERE id = asked.id OFFSET 0
) AS sale
WHERE sale.person_id IS NOT NULL AND sale.state = 'closed'
ORDER BY sale.id
ON CONFLICT (sale_id) DO NOTHING
RETURNING id, person_id
"""

# What the shop promised when it sold: as it stood then, whatever the catalogue says later.
KEEP_WARRANTIES = """
INSERT INTO wallet_warranty (person_id, receipt_id, line, ends_on, note, set_at)
SELECT receipt.person_id, receipt.id, line.number,
    (sale.closed_at AT TIME ZONE store.timezone)::date
        + make_interval(months => product.warranty_months),
    '', %s
FROM wallet_receipt receipt
JOIN trade_sale sale ON sale.id = receipt.sale_id
JOIN parties_store store ON store.id = sale.store_id
JOIN trade_sale_line line ON line.sale_id = sale.id
JOIN trade_product product ON product.id = line.product_id
WHERE receipt.id = ANY(%s) AND product.warranty_months IS NOT NULL
ORDER BY receipt.id, line.number
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Filed:
    """A receipt that is new."""

    receipt_id: int
    person_id: int


@transaction_required
def file_receipts(*, sale_ids: Sequence[int], now: datetime) -> list[Filed]:
    """File the members' sales among ``sale_ids`` in one statement; return those not filed before.

    Their warranties, where the shop promises any, are kept with them. A receipt is the person's
    view of a sale that has its own audit entry, so it gets none.
    """
    filed = [Filed(*row) for row in call(FILE, [now, list(sale_ids)])]
    if filed:
        call(KEEP_WARRANTIES, [now, [one.receipt_id for one in filed]])
    return filed
