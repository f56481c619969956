"""Send again what has ended: one delivery, or everything since a moment."""

from datetime import datetime
from uuid import UUID

from merchants.webhooks.held import held_endpoint, record
from merchants.webhooks.schedule import give_up_at
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction
from okplatform.kernel.tenancy import merchant_scope

# In the order in which things happened, behind whatever waits already.
REPLAY = """
WITH ended AS (
    SELECT id FROM merchants_webhook_delivery
    WHERE endpoint_id = %(endpoint)s AND state <> 'waiting' AND event_id IS NOT NULL
      AND (%(delivery)s::bigint IS NULL OR id = %(delivery)s)
      AND (%(since)s::timestamptz IS NULL OR created_at >= %(since)s)
    ORDER BY id
), placed AS MATERIALIZED (
    SELECT id, nextval('merchants_webhook_place') AS place FROM ended
)
UPDATE merchants_webhook_delivery delivery
SET state = 'waiting', place = placed.place, replays = replays + 1, attempts = 0, ended_at = NULL,
    give_up_at = %(give_up_at)s
FROM placed WHERE delivery.id = placed.id
RETURNING delivery.id
"""


def replay(
    *,
    merchant_id: int,
    uuid: UUID,
    delivery_id: int | None = None,
    since: datetime | None = None,
    now: datetime,
    actor: Actor,
) -> int:
    """Let one delivery wait again, or all planned ``since`` then; return how many do.

    They keep their ``webhook-id``, so that a receiver knows what it has had. What waits already is
    left where it is. Raises ``EndpointUnknown`` or ``EndpointDisabled``.
    """
    with merchant_scope(merchant_id), transaction():
        endpoint = held_endpoint(uuid, enabled=True)
        asked = {
            "endpoint": endpoint.pk,
            "delivery": delivery_id,
            "since": since,
            "give_up_at": give_up_at(now),
        }
        replayed = len(call(REPLAY, asked))
        if replayed:
            record("webhooks_replayed", endpoint, actor=actor, deliveries=replayed)
    return replayed
