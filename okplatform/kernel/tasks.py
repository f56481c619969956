"""Celery's way into the relay; both tasks may run twice, or side by side."""

import time

from celery import shared_task

from okplatform.kernel import idempotency, nudge, relay
from okplatform.kernel.clock import now

# Long enough to collect a batch at full load, far below the second that the console may lag.
GATHER_SECONDS = 0.4
# A task costs more than the few events it finds: under load one stays and goes on.
STAY_SECONDS = 2.0
# What came in while a full load was delivered waits until it is worth a batch.
FEW = 50


@shared_task(name="kernel.relay", ignore_result=True)
def deliver() -> None:
    """Deliver after a nudge, and stay for a while as long as more keeps coming."""
    until = time.monotonic() + STAY_SECONDS
    handled = relay.drain()
    while handled and time.monotonic() < until:
        time.sleep(GATHER_SECONDS)  # noqa: TID251 -- not waiting for something: letting it gather
        handled = relay.drain(least=FEW)
    nudge.heard()
    relay.drain()


@shared_task(name="kernel.sweep", ignore_result=True, expires=5)
def sweep() -> None:
    """Deliver what no nudge announced: lost messages, and events whose back-off is over."""
    relay.drain()


@shared_task(name="kernel.forget_idempotency_keys", ignore_result=True)
def forget_idempotency_keys() -> None:
    """Drop idempotency keys past their thirty days."""
    idempotency.forget(now=now())
