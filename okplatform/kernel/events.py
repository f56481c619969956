"""Upward talk: a lower app publishes a fact, an upper app handles it later.

An event is written with its transaction (``kernel_event``, never changed) and waits in the outbox
(``kernel_outboxitem``) until every handler has acted. See ``relay`` for the delivery.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from okplatform.kernel import db, nudge, tracing


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact in the past tense.

    Subclasses are frozen dataclasses of JSON-able fields and stand in ``<app>/events``.

    ``type`` is "<app>.<fact>"; events about one aggregate (``aggregate_type`` + ``aggregate_id``)
    are handled in order.
    """

    type: ClassVar[str]
    aggregate_type: ClassVar[str]

    @property
    def aggregate_id(self) -> str:
        """Return the id within ``aggregate_type``."""
        raise NotImplementedError  # each event names its own


E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Delivered(Generic[E]):
    """An event as a handler gets it."""

    id: int
    sequence: int
    occurred_at: datetime
    event: E
    trace_id: str
    merchant_id: int | None
    mode: str | None


Handler = Callable[[Sequence[Delivered[Any]]], None]


@dataclass(frozen=True, slots=True)
class Subscription:
    """A handler and the name under which it is remembered to have acted."""

    name: str
    event_class: type[Event]
    handler: Handler


_subscriptions: dict[str, list[Subscription]] = defaultdict(list)


def handles(event_class: type[E]) -> Callable[[Callable[[Sequence[Delivered[E]]], None]], Handler]:
    """Subscribe a function of ``<app>/handlers.py`` to an event class.

    It gets a batch, at most one event per aggregate, inside one transaction that the relay opened.
    It may run again after a failure, but its effect is kept once: the outbox forgets the event in
    that same transaction.
    """

    def subscribe(handler: Callable[[Sequence[Delivered[E]]], None]) -> Handler:
        name = f"{handler.__module__}.{handler.__qualname__}"
        _subscriptions[event_class.type].append(Subscription(name, event_class, handler))
        return handler

    return subscribe


def subscriptions(event_type: str) -> Sequence[Subscription]:
    """Return who handles events of this type, in the order of their registration."""
    return _subscriptions.get(event_type, ())


def publish(
    event: Event, *, now: datetime, merchant_id: int | None = None, mode: str | None = None
) -> None:
    """Publish a fact with the open transaction; raises ``TransactionError`` outside one.

    The caller holds a lock on the aggregate's row, so that the sequence per aggregate is the order
    of the facts.
    """
    unit = db.unit()
    unit.journal.events.append(
        {
            "type": event.type,
            "aggregate_type": event.aggregate_type,
            "aggregate_id": event.aggregate_id,
            "merchant_id": merchant_id,
            "mode": mode,
            "payload": event,
            "trace_id": tracing.current_trace_id(),
            "occurred_at": now,
        }
    )
    if event.type in _subscriptions:
        unit.journal.subscribed.add(event.type)
        unit.on_events_waiting = nudge.nudge
