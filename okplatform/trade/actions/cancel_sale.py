"""Give up a sale, also one that never arrived."""

from dataclasses import dataclass
from datetime import datetime

from okplatform.kernel import audit, db, events, tracing
from okplatform.kernel.audit import Actor
from okplatform.trade.events import SaleCancelled
from okplatform.trade.facts import SaleKey

CANCEL = """
INSERT INTO trade_sale (
    merchant_id, mode, uuid, store_id, terminal_id, person_id, revision, state, currency, gross,
    discount, due, points_earned, basket_hash, draft, operator, language, reference, opened_at,
    cancelled_at, trace_id)
VALUES (
    %(merchant_id)s, %(mode)s, %(uuid)s, %(store_id)s, NULL, NULL, 0, 'cancelled', %(currency)s,
    0, 0, 0, 0, '', '{}', '', %(language)s, '', %(now)s, %(now)s, %(trace_id)s)
ON CONFLICT (merchant_id, mode, uuid) DO UPDATE
    SET state = 'cancelled', cancelled_at = %(now)s, draft = '{}'
    WHERE trade_sale.state = 'open'
RETURNING id, store_id
"""

FIND = "SELECT id, state FROM trade_sale WHERE merchant_id = %s AND mode = %s AND uuid = %s"


@dataclass(frozen=True, slots=True)
class Cancelled:
    """What became of the sale: ``state`` is "cancelled", or "closed" where it was paid before.

    ``changed`` is false for a repeated call.
    """

    sale_id: int
    state: str
    changed: bool


@db.transaction_required
def cancel(
    *,
    key: SaleKey,
    store_id: int | None,
    currency: str,
    language: str,
    actor: Actor,
    now: datetime,
) -> Cancelled:
    """Cancel an open sale, or entomb an unknown UUID, so that a late original can never pay."""
    rows = db.call(
        CANCEL,
        {
            "merchant_id": key.merchant_id,
            "mode": key.mode,
            "uuid": key.uuid,
            "store_id": store_id,
            "currency": currency,
            "language": language,
            "now": now,
            "trace_id": tracing.current_trace_id(),
        },
    )
    if not rows:
        sale_id, state = db.call(FIND, (key.merchant_id, key.mode, key.uuid))[0]
        return Cancelled(sale_id=sale_id, state=state, changed=False)
    sale_id, known_store_id = rows[0]
    audit.record(
        actor=actor,
        action="sale_cancelled",
        object_type="sale",
        object_id=sale_id,
        merchant_id=key.merchant_id,
        mode=key.mode,
    )
    events.publish(
        SaleCancelled(
            sale_id=sale_id,
            uuid=str(key.uuid),
            merchant_id=key.merchant_id,
            mode=key.mode,
            store_id=known_store_id,
            cancelled_at=now.isoformat(),
        ),
        now=now,
        merchant_id=key.merchant_id,
        mode=key.mode,
    )
    return Cancelled(sale_id=sale_id, state="cancelled", changed=True)
