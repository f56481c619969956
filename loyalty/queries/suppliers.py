"""What suppliers pay of offers, month by month, from the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from loyalty.models import OfferShare
from okplatform.kernel import db
from payments.chart import SUPPLIER_RECEIVABLE

MOST_LINES = 240


@dataclass(frozen=True, slots=True)
class Owed:
    """What one supplier owes of one month's offers, less what came back in it, in minor units."""

    month: date
    supplier: str
    amount: int
    sales: int


_OWED = """
SELECT date_trunc('month', posting.booked_at AT TIME ZONE merchant.timezone)::date AS month,
    supplier.name, -sum(entry.amount)::bigint,
    count(DISTINCT split_part(posting.reference, '-', 1))
FROM loyalty_supplier supplier
JOIN parties_merchant merchant ON merchant.id = supplier.merchant_id
JOIN payments_account account ON account.owner_id = supplier.id
    AND account.kind = %(kind)s AND account.mode = %(mode)s
JOIN payments_entry entry ON entry.account_id = account.id
JOIN payments_posting posting ON posting.id = entry.posting_id
WHERE supplier.merchant_id = %(merchant)s
GROUP BY month, supplier.id ORDER BY month DESC, supplier.name LIMIT %(most)s
"""


def owed_by_suppliers(merchant_id: int, *, mode: str) -> list[Owed]:
    """Return what suppliers owe by month of the merchant's calendar, the newest first."""
    asked = {
        "merchant": merchant_id,
        "mode": mode,
        "kind": SUPPLIER_RECEIVABLE.kind,
        "most": MOST_LINES,
    }
    return [Owed(*row) for row in db.call(_OWED, asked)]


def offer_shares() -> Sequence[OfferShare]:
    """Return which supplier pays how much of which offer; the merchant's scope is open."""
    return list(OfferShare.objects.select_related("offer", "supplier").order_by("offer_id"))
