"""Send nothing more to an endpoint."""

from datetime import datetime
from uuid import UUID

from merchants.models import DisabledBy
from merchants.webhooks.held import held_endpoint, record
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.tenancy import merchant_scope


def disable_endpoint(*, merchant_id: int, uuid: UUID, now: datetime, actor: Actor) -> None:
    """Disable it; what happens meanwhile waits for three days, as with a server that is away.

    Disabled by itself, it is now disabled by its people, who thereby know. Raises
    ``EndpointUnknown``.
    """
    with merchant_scope(merchant_id), transaction():
        endpoint = held_endpoint(uuid)
        if endpoint.disabled_by == DisabledBy.STAFF:
            return
        endpoint.disabled_at = endpoint.disabled_at or now
        endpoint.disabled_by = DisabledBy.STAFF
        endpoint.save(update_fields=["disabled_at", "disabled_by"])
        record("webhook_endpoint_disabled", endpoint, actor=actor)
