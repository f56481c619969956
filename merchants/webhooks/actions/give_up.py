"""Stop trying what nobody took for three days."""

from datetime import datetime

from okplatform.kernel.db import call, transaction

# Not while somebody is sending: that one may have been taken a moment ago.
GIVE_UP = """
UPDATE merchants_webhook_delivery delivery SET state = 'given_up', ended_at = %(now)s
FROM merchants_webhook_endpoint endpoint
WHERE delivery.state = 'waiting' AND delivery.give_up_at <= %(now)s
  AND endpoint.id = delivery.endpoint_id
  AND (endpoint.claimed_until IS NULL OR endpoint.claimed_until <= %(now)s)
RETURNING delivery.id
"""


def give_up(*, now: datetime) -> int:
    """Give up what has waited too long and return how many; it is kept and can be replayed."""
    with transaction():
        return len(call(GIVE_UP, {"now": now}))
