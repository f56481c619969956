"""Let a merchant's server hear what happens from now on."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.conf import settings

from merchants.models import WebhookEndpoint
from merchants.webhooks.refusals import AddressNotAllowed, TooManyEndpoints, TypesUnknown
from merchants.webhooks.vocabulary import NAMES
from okplatform.kernel import audit
from okplatform.kernel.addresses import may_be_named
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction
from okplatform.kernel.standard_webhooks import new_secret
from okplatform.kernel.tenancy import merchant_scope
from payments.secrets import locked

MOST = 10
"""Endpoints of a merchant that are enabled, live and test together."""

# Whoever adds an endpoint waits for whoever does so at the same moment, or the two would be one
# too many.
HOLD = "SELECT pg_advisory_xact_lock(hashtextextended('merchants_webhook_endpoint', %s))"


def add_endpoint(
    *,
    merchant_id: int,
    mode: str,
    uuid: UUID,
    url: str,
    types: Collection[str],
    now: datetime,
    actor: Actor,
) -> str | None:
    """Add an endpoint and return its secret, which nobody is shown again.

    ``uuid`` is the caller's: the same one again adds nothing and returns None. Raises
    ``AddressNotAllowed``, ``TypesUnknown`` or ``TooManyEndpoints``.
    """
    if not may_be_named(url, loopback=settings.OK_WEBHOOK_LOOPBACK):
        raise AddressNotAllowed
    if not types or not set(types) <= set(NAMES):
        raise TypesUnknown
    secret = new_secret()
    with merchant_scope(merchant_id), transaction():
        call(HOLD, [merchant_id])
        if WebhookEndpoint.objects.filter(uuid=uuid).exists():
            return None
        if WebhookEndpoint.objects.filter(disabled_at=None).count() >= MOST:
            raise TooManyEndpoints(most=MOST)
        endpoint = WebhookEndpoint.objects.create(
            merchant_id=merchant_id,
            mode=mode,
            uuid=uuid,
            url=url,
            types=[name for name in NAMES if name in types],
            secret=locked(secret),
            created_at=now,
            next_try_at=now,
        )
        audit.record(
            actor=actor,
            action="webhook_endpoint_added",
            object_type="webhook_endpoint",
            object_id=endpoint.pk,
            merchant_id=merchant_id,
            mode=mode,
            data={"types": endpoint.types},
        )
    return secret
