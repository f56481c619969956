"""Give an endpoint a new secret; for a day the one before signs too."""

from datetime import datetime
from uuid import UUID

from merchants.webhooks.held import held_endpoint, record
from merchants.webhooks.schedule import OLD_SECRET_LASTS
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.standard_webhooks import new_secret
from okplatform.kernel.tenancy import merchant_scope
from payments.secrets import locked


def rotate_secret(*, merchant_id: int, uuid: UUID, now: datetime, actor: Actor) -> str:
    """Return the new secret, which nobody is shown again.

    Of three, the oldest signs no more: whoever lost a secret rotates twice. Raises
    ``EndpointUnknown``.
    """
    secret = new_secret()
    with merchant_scope(merchant_id), transaction():
        endpoint = held_endpoint(uuid)
        endpoint.old_secret = endpoint.secret
        endpoint.old_secret_until = now + OLD_SECRET_LASTS
        endpoint.secret = locked(secret)
        endpoint.save(update_fields=["secret", "old_secret", "old_secret_until"])
        record("webhook_secret_rotated", endpoint, actor=actor)
    return secret
