"""Take a yes back; in force on the very next query."""

from datetime import datetime

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction
from wallet.events import ConsentWithdrawn

WITHDRAW = """
UPDATE wallet_consent SET withdrawn_at = %(now)s
WHERE person_id = %(person_id)s AND merchant_id = %(merchant_id)s
  AND purpose = %(purpose)s AND withdrawn_at IS NULL
RETURNING id
"""


def withdraw_consent(
    *, person_id: int, merchant_id: int, purpose: str, now: datetime, actor: Actor
) -> None:
    """Withdraw the consent in force; without one there is nothing to do."""
    with transaction():
        withdrawn = call(
            WITHDRAW,
            {"person_id": person_id, "merchant_id": merchant_id, "purpose": purpose, "now": now},
        )
        if not withdrawn:
            return
        audit.record(
            actor=actor,
            action="consent_withdrawn",
            object_type="consent",
            object_id=withdrawn[0][0],
            merchant_id=merchant_id,
            data={"purpose": purpose},
        )
        events.publish(
            ConsentWithdrawn(person_id=person_id, merchant_id=merchant_id, purpose=purpose),
            now=now,
            merchant_id=merchant_id,
        )
