"""Take a yes back, or every yes at once; in force on the very next query."""

from datetime import datetime

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction, transaction_required
from wallet.events import ConsentWithdrawn

# A clock that runs behind must not end a consent before it began.
WITHDRAW = """
UPDATE wallet_consent SET withdrawn_at = greatest(%(now)s, granted_at)
WHERE person_id = %(person_id)s AND withdrawn_at IS NULL
  AND (%(merchant_id)s::bigint IS NULL OR merchant_id = %(merchant_id)s)
  AND (%(purpose)s::text IS NULL OR purpose = %(purpose)s)
RETURNING id, merchant_id, purpose
"""


def withdraw_consent(
    *, person_id: int, merchant_id: int, purpose: str, now: datetime, actor: Actor
) -> None:
    """Withdraw the consent in force; without one there is nothing to do."""
    with transaction():
        _withdraw(person_id, merchant_id, purpose, now=now, actor=actor)


def withdraw_consents(
    *, person_id: int, now: datetime, actor: Actor, merchant_id: int | None = None
) -> int:
    """Withdraw all that a person allows one merchant, or everybody; return how many there were."""
    with transaction():
        return _withdraw(person_id, merchant_id, None, now=now, actor=actor)


@transaction_required
def withdraw_all(*, person_id: int, now: datetime, actor: Actor) -> int:
    """Withdraw everything as a part of a larger action; return how many there were."""
    return _withdraw(person_id, None, None, now=now, actor=actor)


def _withdraw(
    person_id: int, merchant_id: int | None, purpose: str | None, *, now: datetime, actor: Actor
) -> int:
    asked = {"person_id": person_id, "merchant_id": merchant_id, "purpose": purpose, "now": now}
    withdrawn = call(WITHDRAW, asked)
    for consent_id, at_merchant, of_purpose in withdrawn:
        audit.record(
            actor=actor,
            action="consent_withdrawn",
            object_type="consent",
            object_id=consent_id,
            merchant_id=at_merchant,
            data={"purpose": of_purpose},
        )
        events.publish(
            ConsentWithdrawn(person_id=person_id, merchant_id=at_merchant, purpose=of_purpose),
            now=now,
            merchant_id=at_merchant,
        )
    return len(withdrawn)
