"""What the actions of a merchant's people share: the endpoint, held by its row."""

from uuid import UUID

from merchants.models import WebhookEndpoint
from merchants.webhooks.refusals import EndpointDisabled, EndpointUnknown
from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction_required


@transaction_required
def held_endpoint(uuid: UUID, *, enabled: bool = False) -> WebhookEndpoint:
    """Return the merchant's endpoint, whose row nobody else changes until the transaction ends.

    Raises ``EndpointUnknown``, and ``EndpointDisabled`` where it must be ``enabled``.
    """
    endpoint = WebhookEndpoint.objects.select_for_update().filter(uuid=uuid).first()
    if endpoint is None:
        raise EndpointUnknown
    if enabled and endpoint.disabled_at is not None:
        raise EndpointDisabled
    return endpoint


@transaction_required
def record(action: str, endpoint: WebhookEndpoint, *, actor: Actor, **data: object) -> None:
    """Write down who did what to an endpoint."""
    audit.record(
        actor=actor,
        action=action,
        object_type="webhook_endpoint",
        object_id=endpoint.pk,
        merchant_id=endpoint.merchant_id,
        mode=endpoint.mode,
        data=data,
    )
