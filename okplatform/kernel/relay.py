"""The outbox relay: feeds waiting events to their handlers.

Each run claims a batch with SKIP LOCKED, at most one event per aggregate (the oldest), so several
relays share the work and order is kept. All handlers of a batch act in one transaction that also
takes the batch off the outbox: an effect is kept exactly when the outbox forgets the event. If a
batch fails, its events go one by one and handler by handler, so that one bad apple waits alone,
with its back-off on its row.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson
import structlog

from okplatform.kernel import clock, db, events, metrics, tenancy, tracing
from okplatform.kernel.events import Delivered, Subscription

log = structlog.get_logger(__name__)

BATCH = 200
LONGEST_WAIT = timedelta(minutes=10)

# The events are looked up one by one, behind OFFSET 0: as a join the planner may walk through all
# events there ever were to merge them with the few that wait, which its statistics have never seen.
CLAIM = """
WITH mine AS MATERIALIZED (
    SELECT item.event_id, item.done
    FROM kernel_outboxitem item
    WHERE item.next_attempt_at <= %(now)s
      AND (%(event_id)s IS NULL OR item.event_id = %(event_id)s)
      AND NOT EXISTS (
          SELECT 1 FROM kernel_outboxitem earlier
          WHERE earlier.aggregate_type = item.aggregate_type
            AND earlier.aggregate_id = item.aggregate_id
            AND earlier.event_id < item.event_id)
    ORDER BY item.event_id
    LIMIT %(batch)s
    FOR UPDATE OF item SKIP LOCKED
)
SELECT event.id, event.type, event.sequence, event.occurred_at, event.payload, event.trace_id,
       event.merchant_id, event.mode, mine.done
FROM mine CROSS JOIN LATERAL (
    SELECT * FROM kernel_event WHERE id = mine.event_id OFFSET 0
) AS event
ORDER BY mine.event_id
"""


class _Claimed:
    """A row of the outbox under our lock."""

    def __init__(self, row: Sequence[Any]) -> None:
        self.id, self.type, self.sequence, self.occurred_at, payload, *rest = row
        self.payload = orjson.loads(payload)
        self.trace_id, self.merchant_id, self.mode, self.done = rest

    def delivered(self, subscription: Subscription) -> Delivered[Any]:
        event = subscription.event_class(**self.payload)
        return Delivered(
            self.id,
            self.sequence,
            self.occurred_at,
            event,
            self.trace_id,
            self.merchant_id,
            self.mode,
        )


def drain(*, now: datetime | None = None, batch: int = BATCH, least: int = 1) -> int:
    """Deliver everything that is due; return how many events were handled.

    ``now`` is read anew for each batch unless given. Stops when fewer than ``least`` were due, by
    default none; what failed waits for its next try.
    """
    handled = 0
    while True:
        moment = now or clock.now()
        found, done = _deliver_batch(now=moment, batch=batch)
        handled += done
        if found < least:
            return handled


def _claim(*, now: datetime, batch: int, event_id: int | None = None) -> list[_Claimed]:
    rows = db.call(CLAIM, {"now": now, "batch": batch, "event_id": event_id})
    return [_Claimed(row) for row in rows]


def _deliver_batch(*, now: datetime, batch: int) -> tuple[int, int]:
    """Deliver one batch; return how many were found and how many were handled."""
    claimed: list[_Claimed] = []
    try:
        with db.transaction(), tenancy.operator_scope("relay"):
            claimed = _claim(now=now, batch=batch)
            _act(claimed)
            _forget(claimed)
    except Exception:
        log.warning("relay_batch_failed", events=len(claimed), exc_info=len(claimed) <= 1)
        return len(claimed), sum(_deliver_alone(item, now=now) for item in claimed)
    for item in claimed:
        metrics.EVENTS_HANDLED.labels(item.type).inc()
    return len(claimed), len(claimed)


def _act(claimed: Iterable[_Claimed]) -> None:
    by_handler: dict[Subscription, list[_Claimed]] = defaultdict(list)
    for item in claimed:
        for subscription in events.subscriptions(item.type):
            if subscription.name not in item.done:
                by_handler[subscription].append(item)
    for subscription, items in by_handler.items():
        with tracing.traced(items[0].trace_id if len(items) == 1 else tracing.new_trace_id()):
            subscription.handler([item.delivered(subscription) for item in items])


def _forget(claimed: Sequence[_Claimed]) -> None:
    if claimed:
        db.call(
            "DELETE FROM kernel_outboxitem WHERE event_id = ANY(%s)",
            [[item.id for item in claimed]],
        )


def _deliver_alone(item: _Claimed, *, now: datetime) -> bool:
    """Deliver one event, each handler in a transaction of its own; say whether all have acted."""
    for subscription in events.subscriptions(item.type):
        try:
            if not _act_once(item.id, subscription, now=now):
                return False
        except Exception as error:
            log.exception("handler_failed", handler=subscription.name, event_id=item.id)
            metrics.EVENTS_FAILED.labels(subscription.name).inc()
            _postpone(item.id, now=now, error=error)
            return False
    with db.transaction():
        _forget([item])
    metrics.EVENTS_HANDLED.labels(item.type).inc()
    return True


def _act_once(event_id: int, subscription: Subscription, *, now: datetime) -> bool:
    """Let one handler act on one event and remember it; false if another relay holds it."""
    with db.transaction(), tenancy.operator_scope("relay"):
        mine = _claim(now=now, batch=1, event_id=event_id)
        if not mine:
            return False
        if subscription.name not in mine[0].done:
            _act_with(mine[0], subscription)
    return True


def _act_with(item: _Claimed, subscription: Subscription) -> None:
    with tracing.traced(item.trace_id):
        subscription.handler([item.delivered(subscription)])
    db.call(
        "UPDATE kernel_outboxitem SET done = done || %s::text WHERE event_id = %s",
        [subscription.name, item.id],
    )


def _postpone(event_id: int, *, now: datetime, error: Exception) -> None:
    """Write the back-off on the row: 1, 2, 4, … seconds, ten minutes at most."""
    with db.transaction():
        db.call(
            """
            UPDATE kernel_outboxitem
            SET attempts = attempts + 1, last_error = %s,
                next_attempt_at =
                    %s + least(interval '1 second' * power(2, least(attempts, 20)), %s)
            WHERE event_id = %s
            """,
            [f"{type(error).__name__}: {error}"[:500], now, LONGEST_WAIT, event_id],
        )
