"""Celery's way to merchants' servers; each task may run twice, or side by side.

They have a queue and a worker of their own, so that servers that take their time hold up nobody
else.
"""

from celery import shared_task

from merchants.models import DeliveryState
from merchants.webhooks.actions.deliver_next import deliver_next
from merchants.webhooks.actions.give_up import give_up
from merchants.webhooks.queries import due_endpoints
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.clock import now

MOST_ENDPOINTS = 500
IN_A_ROW = 20
"""Deliveries to one endpoint before the others have their turn."""


@shared_task(name="merchants.send_webhooks", ignore_result=True, expires=5)
def send_due() -> None:
    """Let each endpoint that something waits for be served."""
    for endpoint_id in due_endpoints(now=now(), most=MOST_ENDPOINTS):
        serve.apply_async((endpoint_id,), expires=60)


@shared_task(name="merchants.serve_webhook_endpoint", ignore_result=True)
def serve(endpoint_id: int) -> None:
    """Send to one endpoint for as long as it takes what it is sent."""
    for _turn in range(IN_A_ROW):
        state = deliver_next(endpoint_id=endpoint_id, now=now(), actor=SYSTEM)
        if state is not DeliveryState.DELIVERED:
            return


@shared_task(name="merchants.give_up_webhooks", ignore_result=True, expires=60)
def stop_trying() -> None:
    """Give up what nobody took for three days."""
    give_up(now=now())
