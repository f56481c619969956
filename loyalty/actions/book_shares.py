"""Book what suppliers pay of the offers of a sale, after it, and less what came back of it."""

from collections.abc import Sequence
from datetime import datetime

from loyalty.reversing import offers_left
from okplatform.kernel import db
from okplatform.kernel.money import BASIS_POINTS, half_up
from okplatform.trade.queries import lines_standing
from payments.chart import EUR, SUPPLIER_RECEIVABLE, SUPPLIER_SHARES
from payments.ledger import AccountRef, post

# Of a merchant without suppliers this finds nothing, and that is all there is.
BEGIN = """
INSERT INTO loyalty_supplier_share
    (sale_id, offer_id, merchant_id, mode, supplier_id, share_bp, amount, steps)
SELECT DISTINCT sale.id, share.offer_id, sale.merchant_id, sale.mode, share.supplier_id,
    share.share_bp, 0, 0
FROM loyalty_offer_share share
JOIN trade_sale sale ON sale.merchant_id = share.merchant_id AND sale.id = ANY(%(sales)s)
JOIN trade_sale_line line ON line.sale_id = sale.id
CROSS JOIN LATERAL jsonb_array_elements(line.reasons) reason
WHERE reason ->> 'kind' = 'offer' AND (reason ->> 'id')::bigint = share.offer_id
    AND sale.currency = 'EUR'
ON CONFLICT (sale_id, offer_id) DO NOTHING
RETURNING sale_id
"""
# Held, so that what is read after it is all that came back until now.
HOLD = """
SELECT sale_id, offer_id, merchant_id, mode, supplier_id, share_bp, amount, steps
FROM loyalty_supplier_share WHERE sale_id = ANY(%(sales)s) ORDER BY sale_id, offer_id FOR UPDATE
"""
KEEP = """
UPDATE loyalty_supplier_share SET amount = %s, steps = %s WHERE sale_id = %s AND offer_id = %s
"""


@db.transaction_required
def begin_shares(*, sale_ids: Sequence[int], now: datetime) -> int:
    """Book the shares of sales that have closed; return how many. It may run twice."""
    begun = sorted({sale_id for (sale_id,) in db.call(BEGIN, {"sales": list(sale_ids)})})
    return follow_shares(sale_ids=begun, now=now) if begun else 0


@db.transaction_required
def follow_shares(*, sale_ids: Sequence[int], now: datetime) -> int:
    """Bring the shares of these sales to what stands of their goods; return how many changed.

    A share is of what the offer gave, less its part of the goods that came back, half a cent up.
    The ledger's posting (``supplier_share``) is its trace.
    """
    changed = 0
    for sale, offer, merchant, mode, supplier, share_bp, before, steps in db.call(
        HOLD, {"sales": list(sale_ids)}
    ):
        given = offers_left(lines_standing(sale)).get(offer, 0)
        amount = half_up(given * share_bp, BASIS_POINTS)
        if amount == before:
            continue
        post(
            kind="supplier_share",
            reference=f"{sale}-{offer}-{steps + 1}",
            mode=mode,
            entries=[
                (AccountRef(SUPPLIER_RECEIVABLE.kind, supplier, EUR), before - amount),
                (AccountRef(SUPPLIER_SHARES.kind, merchant, EUR), amount - before),
            ],
            now=now,
        )
        db.call(KEEP, (amount, steps + 1, sale, offer))
        changed += 1
    return changed
