"""Send to an endpoint again."""

from datetime import datetime
from uuid import UUID

from merchants.webhooks.held import held_endpoint, record
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.tenancy import merchant_scope


def enable_endpoint(*, merchant_id: int, uuid: UUID, now: datetime, actor: Actor) -> None:
    """Enable it, its breaker closed: what waits goes at once. Raises ``EndpointUnknown``."""
    with merchant_scope(merchant_id), transaction():
        endpoint = held_endpoint(uuid)
        if endpoint.disabled_at is None:
            return
        endpoint.disabled_at, endpoint.disabled_by = None, ""
        endpoint.failures, endpoint.opened_at, endpoint.next_try_at = 0, None, now
        endpoint.save(
            update_fields=["disabled_at", "disabled_by", "failures", "opened_at", "next_try_at"]
        )
        record("webhook_endpoint_enabled", endpoint, actor=actor)
