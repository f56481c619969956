"""What a transaction says besides its change: audit rows and events, in one statement."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db import connection

# One round trip for both: a sale pays for its trail with a single statement. The sequence per
# aggregate is safe because whoever publishes holds the aggregate's row lock; the unique constraint
# catches whoever does not. Ids follow the order of publishing: the relay goes by them.
FLUSH = """
WITH audited AS (
    INSERT INTO kernel_auditentry
        (actor_kind, actor_id, action, object_type, object_id, merchant_id, mode, data, trace_id)
    SELECT actor_kind, actor_id, action, object_type, object_id, merchant_id, mode, data, trace_id
    FROM jsonb_to_recordset(%(audits)s::jsonb) AS audit(
        actor_kind text, actor_id text, action text, object_type text, object_id text,
        merchant_id bigint, mode text, data jsonb, trace_id text)
), published AS (
    INSERT INTO kernel_event
        (type, aggregate_type, aggregate_id, sequence, merchant_id, mode, payload, trace_id,
         occurred_at)
    SELECT type, aggregate_type, aggregate_id,
        coalesce((SELECT max(earlier.sequence) FROM kernel_event earlier
                  WHERE earlier.aggregate_type = event.aggregate_type
                    AND earlier.aggregate_id = event.aggregate_id), 0)
        + row_number() OVER (PARTITION BY aggregate_type, aggregate_id ORDER BY position),
        merchant_id, mode, payload, trace_id, occurred_at
    FROM jsonb_to_recordset(%(events)s::jsonb) AS event(
        position int, type text, aggregate_type text, aggregate_id text, merchant_id bigint,
        mode text, payload jsonb, trace_id text, occurred_at timestamptz)
    ORDER BY position
    RETURNING id, type, aggregate_type, aggregate_id
)
INSERT INTO kernel_outboxitem (event_id, aggregate_type, aggregate_id)
SELECT id, aggregate_type, aggregate_id FROM published WHERE type = ANY(%(subscribed)s)
"""


@dataclass(slots=True)
class Journal:
    """The audit rows and events of one open transaction, in the order they were said."""

    audits: list[Mapping[str, Any]] = field(default_factory=list)
    events: list[Mapping[str, Any]] = field(default_factory=list)
    subscribed: set[str] = field(default_factory=set)

    def mark(self) -> tuple[int, int]:
        """Return a position to go back to when a savepoint rolls back."""
        return len(self.audits), len(self.events)

    def cut(self, mark: tuple[int, int]) -> None:
        """Forget what was said after ``mark``."""
        del self.audits[mark[0] :]
        del self.events[mark[1] :]

    def flush(self) -> bool:
        """Write everything; return whether an event waits for a handler."""
        if not self.audits and not self.events:
            return False
        waiting = sorted({event["type"] for event in self.events} & self.subscribed)
        positioned = [{"position": position, **event} for position, event in enumerate(self.events)]
        with connection.cursor() as cursor:
            cursor.execute(
                FLUSH,
                {
                    "audits": orjson.dumps(self.audits).decode(),
                    "events": orjson.dumps(positioned).decode(),
                    "subscribed": waiting,
                },
            )
        return bool(waiting)
