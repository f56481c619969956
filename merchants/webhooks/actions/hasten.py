"""Let the test endpoints of a merchant live through time that its sandbox skips."""

from datetime import timedelta

from okplatform.kernel.db import call, transaction_required

# What is kept by everybody's clock moves towards us by what the sandbox's clock moves away.
ENDPOINTS = """
UPDATE merchants_webhook_endpoint
SET next_try_at = next_try_at - %(by)s, old_secret_until = old_secret_until - %(by)s
WHERE merchant_id = %(merchant)s AND mode = 'test'
"""

DELIVERIES = """
UPDATE merchants_webhook_delivery SET give_up_at = give_up_at - %(by)s
WHERE merchant_id = %(merchant)s AND mode = 'test' AND state = 'waiting'
"""


@transaction_required
def hasten(*, merchant_id: int, by: timedelta) -> None:
    """Bring the next try, the end of an old secret and of all trying nearer; live ones stay."""
    asked = {"merchant": merchant_id, "by": by}
    call(ENDPOINTS, asked)
    call(DELIVERIES, asked)
