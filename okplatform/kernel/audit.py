"""Who did what to what: one row beside every change, in its transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from okplatform.kernel import db, tracing


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an opaque kind ("person", "api_key", "membership", "system") and its id."""

    kind: str
    id: str


SYSTEM = Actor(kind="system", id="system")


def record(
    *,
    actor: Actor,
    action: str,
    object_type: str,
    object_id: str | int,
    merchant_id: int | None = None,
    mode: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Write an audit row with the open transaction; raises ``TransactionError`` outside one.

    ``action`` is past tense ("sale_closed"); ``data`` is JSON-able, small, and holds no secret and
    no code.
    """
    db.unit().journal.audits.append(
        {
            "actor_kind": actor.kind,
            "actor_id": actor.id,
            "action": action,
            "object_type": object_type,
            "object_id": str(object_id),
            "merchant_id": merchant_id,
            "mode": mode,
            "data": data or {},
            "trace_id": tracing.current_trace_id(),
        }
    )
