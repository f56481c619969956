"""Let a till vendor's keys act for a merchant."""

from datetime import datetime

from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor

GRANT = """
INSERT INTO parties_partnergrant (partner_id, merchant_id, granted_at)
VALUES (%(partner)s, %(merchant)s, %(now)s)
ON CONFLICT (merchant_id, partner_id)
    DO UPDATE SET granted_at = %(now)s, withdrawn_at = NULL
    WHERE parties_partnergrant.withdrawn_at IS NOT NULL
RETURNING id
"""


def grant_partner(*, partner_id: int, merchant_id: int, actor: Actor, now: datetime) -> None:
    """Allow the partner, again if it was withdrawn; twice is once."""
    with db.transaction():
        if db.call(GRANT, {"partner": partner_id, "merchant": merchant_id, "now": now}):
            audit.record(
                actor=actor,
                action="partner_granted",
                object_type="partner",
                object_id=partner_id,
                merchant_id=merchant_id,
            )
