"""Take a key back."""

from datetime import datetime

from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.models import ApiKey


def revoke_api_key(*, merchant_id: int, key_id: int, actor: Actor, now: datetime) -> None:
    """Revoke a key for good: from this moment it is refused. Twice is once."""
    with db.transaction(), merchant_scope(merchant_id):
        if ApiKey.objects.filter(pk=key_id, revoked_at=None).update(revoked_at=now):
            audit.record(
                actor=actor,
                action="api_key_revoked",
                object_type="api_key",
                object_id=key_id,
                merchant_id=merchant_id,
            )
