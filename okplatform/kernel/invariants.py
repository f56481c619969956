"""Proofs that the books and the promises hold; ``manage.py verify`` runs them all.

An app states its own in ``<app>/invariants``. Each is aggregated SQL, so that it stays fast on
millions of rows, and says how many rows it looked at: a proof over nothing proves nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from okplatform.kernel import db

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Proof:
    """How many rows were looked at, and one sentence for each breach found."""

    rows: int
    breaches: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Invariant:
    """A promise with a name."""

    name: str
    prove: Callable[[], Proof]


_invariants: dict[str, Invariant] = {}


def invariant(name: str) -> Callable[[Callable[[], Proof]], Callable[[], Proof]]:
    """Register a proof under a unique name (snake_case, a statement)."""

    def register(prove: Callable[[], Proof]) -> Callable[[], Proof]:
        if name in _invariants:
            message = f"Two invariants are called {name}."
            raise ValueError(message)
        _invariants[name] = Invariant(name, prove)
        return prove

    return register


def all_invariants() -> Iterator[Invariant]:
    """Yield every registered invariant, in the order of the apps."""
    yield from _invariants.values()


def prove_none(*, rows: str, breaches: str) -> Proof:
    """Prove that a query finds nothing.

    ``rows`` is SQL giving the number of rows looked at; ``breaches`` SQL giving one text per
    breach.
    """
    looked_at = int(db.call(rows)[0][0])
    first = f"SELECT breach FROM ({breaches}) AS found(breach) LIMIT {MOST_SHOWN}"  # noqa: S608 -- ours
    return Proof(rows=looked_at, breaches=[str(row[0]) for row in db.call(first)])


# An event waits for a handler for seconds; ten minutes is the longest back-off between two tries.
@invariant("events_are_handled")
def events_are_handled() -> Proof:
    """Prove that every event published is handled: none waits in the outbox too long."""
    return prove_none(
        rows="SELECT count(*) FROM kernel_event",
        breaches="""
            SELECT 'event ' || event.id || ' (' || event.type || ') waits'
                   || CASE WHEN item.last_error <> '' THEN ': ' || item.last_error ELSE '' END
            FROM kernel_outboxitem item JOIN kernel_event event ON event.id = item.event_id
            WHERE item.next_attempt_at < now() - interval '1 minute' OR item.attempts >= 5
        """,
    )


@invariant("events_are_in_order")
def events_are_in_order() -> Proof:
    """Sequences per aggregate have no gap: 1 to the number of its events."""
    return prove_none(
        rows="SELECT count(*) FROM kernel_event",
        breaches="""
            SELECT 'aggregate ' || aggregate_type || ' ' || aggregate_id
                   || ' has a gap in its events'
            FROM kernel_event GROUP BY aggregate_type, aggregate_id
            HAVING max(sequence) <> count(*) OR min(sequence) <> 1
        """,
    )


@invariant("idempotency_keys_are_decided")
def idempotency_keys_are_decided() -> Proof:
    """Prove that a key has a decision or a lease, never both and never neither."""
    return prove_none(
        rows="SELECT count(*) FROM kernel_idempotencykey",
        breaches="""
            SELECT 'idempotency key ' || id || ' has neither a decision nor a lease, or both'
            FROM kernel_idempotencykey WHERE (status IS NULL) = (lease_until IS NULL)
        """,
    )
