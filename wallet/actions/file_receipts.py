"""File closed sales with the people who made them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from okplatform.kernel.db import call, transaction_required

# From the sales themselves, so that a receipt can only say what the sale says.
FILE = """
INSERT INTO wallet_receipt (person_id, merchant_id, sale_id, mode, filed_at)
SELECT person_id, merchant_id, id, mode, %s FROM trade_sale
WHERE id = ANY(%s) AND person_id IS NOT NULL AND state = 'closed'
ORDER BY id
ON CONFLICT (sale_id) DO NOTHING
RETURNING id, person_id
"""


@dataclass(frozen=True, slots=True)
class Filed:
    """A receipt that is new."""

    receipt_id: int
    person_id: int


@transaction_required
def file_receipts(*, sale_ids: Sequence[int], now: datetime) -> list[Filed]:
    """File the members' sales among ``sale_ids`` in one statement; return those not filed before.

    A receipt is the person's view of a sale that has its own audit entry, so it gets none.
    """
    return [Filed(*row) for row in call(FILE, [now, list(sale_ids)])]
