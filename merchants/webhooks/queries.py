"""Reads of endpoints and their deliveries. Those of the console need an open merchant scope."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from merchants.models import DeliveryState, DisabledBy, WebhookDelivery, WebhookEndpoint
from okplatform.kernel.db import call

# An endpoint whose breaker is open is due for its test events all the same.
DUE = """
SELECT endpoint.id FROM merchants_webhook_endpoint endpoint
WHERE endpoint.disabled_at IS NULL
  AND (endpoint.claimed_until IS NULL OR endpoint.claimed_until <= %(now)s)
  AND (
      endpoint.next_try_at <= %(now)s AND EXISTS (
          SELECT FROM merchants_webhook_delivery delivery
          WHERE delivery.endpoint_id = endpoint.id AND delivery.state = 'waiting'
            AND delivery.event_id IS NOT NULL)
      OR EXISTS (
          SELECT FROM merchants_webhook_delivery delivery
          WHERE delivery.endpoint_id = endpoint.id AND delivery.state = 'waiting'
            AND delivery.event_id IS NULL)
  )
ORDER BY endpoint.next_try_at, endpoint.id LIMIT %(most)s
"""


def due_endpoints(*, now: datetime, most: int) -> Sequence[int]:
    """Return the endpoints that something can be sent to now, of all merchants."""
    return [pk for (pk,) in call(DUE, {"now": now, "most": most})]


def endpoints() -> Sequence[WebhookEndpoint]:
    """Return a merchant's endpoints: live before test, the oldest first."""
    return list(WebhookEndpoint.objects.order_by("mode", "pk"))


def endpoint(uuid: UUID) -> WebhookEndpoint | None:
    """Return one of a merchant's endpoints."""
    found: WebhookEndpoint | None = WebhookEndpoint.objects.filter(uuid=uuid).first()
    return found


def deliveries(
    endpoint_id: int, *, before: int | None, limit: int, state: str = ""
) -> Sequence[WebhookDelivery]:
    """Return an endpoint's deliveries, the newest first, without what they say."""
    found = WebhookDelivery.objects.filter(endpoint_id=endpoint_id).defer("body")
    if before is not None:
        found = found.filter(pk__lt=before)
    if state:
        found = found.filter(state=state)
    return list(found.order_by("-pk")[:limit])


def waiting(endpoint_id: int) -> int:
    """Return how many deliveries wait."""
    return int(
        WebhookDelivery.objects.filter(endpoint_id=endpoint_id, state=DeliveryState.WAITING).count()
    )


def in_trouble() -> Sequence[WebhookEndpoint]:
    """Return the merchant's endpoints that its people have to look at.

    Their server said that it is gone, or does not take what we send.
    """
    gone = Q(disabled_by=DisabledBy.GONE)
    open_since = Q(disabled_at=None, opened_at__isnull=False)
    return list(WebhookEndpoint.objects.filter(gone | open_since).order_by("pk"))
