"""Five words for transactions, each saying what is meant.

``transaction`` opens the one transaction of an action, ``one_statement`` that of an action whose
whole change is said for ``later``; ``savepoint`` a part that may fail alone;
``transaction_required`` marks what only makes sense inside; ``durable`` what must never happen
inside (a call to the outside). Nobody else touches ``django.db.transaction``.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ContextDecorator, contextmanager, nullcontext
from functools import wraps
from typing import Any, NoReturn, ParamSpec, TypeVar

import structlog
from django.db import connection
from django.db.transaction import atomic

from okplatform.kernel.journal import Journal
from okplatform.kernel.later import Later, Refusals, TransactionError, send

__all__ = [
    "Later",
    "TransactionError",
    "after_commit",
    "call",
    "durable",
    "is_open",
    "later",
    "one_statement",
    "savepoint",
    "transaction",
    "transaction_required",
    "unit",
]

P = ParamSpec("P")
R = TypeVar("R")
log = structlog.get_logger(__name__)


class _Unit:
    """One open transaction: what it will still say, and what waits for its commit."""

    def __init__(self) -> None:
        self.calls: list[Later[Any]] = []
        self.journal = Journal()
        self.after_commit: list[Callable[[], None]] = []
        self.on_events_waiting: Callable[[], None] | None = None

    def send(self) -> None:
        """Send what was said for later; what follows sees it."""
        send(self.calls)
        self.calls.clear()

    def finish(self) -> None:
        """Send what is left, and the journal with it."""
        send([*self.calls, *self.journal.writing()])
        if self.on_events_waiting and self.journal.waiting:
            self.after_commit.append(self.on_events_waiting)


class _Local(threading.local):
    unit: _Unit | None = None


_local = _Local()


def is_open() -> bool:
    """Say whether this thread is inside a transaction; one around a test case does not count."""
    if _local.unit is not None:
        return True
    blocks = connection.atomic_blocks
    # Only Django's own mark tells; it is private, and the stubs do not have it.
    return any(not block._from_testcase for block in blocks)  # type: ignore[attr-defined]  # noqa: SLF001


def unit() -> _Unit:
    """Return the open unit of work; raises ``TransactionError`` outside one."""
    if _local.unit is None:
        message = "This needs an open transaction()."
        raise TransactionError(message)
    return _local.unit


@contextmanager
def transaction() -> Iterator[None]:
    """Open the transaction of one action; commit writes its audit rows and events with the change.

    Raises ``TransactionError`` when one is open already: an action is whole, or it is part of
    another and then says ``transaction_required``. What waits for the commit runs after it, and
    can no longer undo anything.
    """
    with _unit() as opened, atomic():
        yield
        opened.finish()
    _after(opened)


@contextmanager
def one_statement() -> Iterator[None]:
    """Open the transaction of an action that only says ``later``: one statement, one round trip.

    It needs no BEGIN and no COMMIT, because a statement is a transaction by itself. Whatever else
    asks the database inside it raises ``TransactionError``: it would not be a part of it.
    """
    # In a test case's own transaction a refusal has to leave that one alone.
    kept_apart = atomic if connection.in_atomic_block else nullcontext
    with _unit() as opened:
        with connection.execute_wrapper(_refuse_to_ask):
            yield
        with kept_apart():
            opened.finish()
    _after(opened)


@contextmanager
def _unit() -> Iterator[_Unit]:
    if is_open():
        message = "A transaction is open already; actions do not nest."
        raise TransactionError(message)
    opened = _local.unit = _Unit()
    try:
        yield opened
    finally:
        _local.unit = None
        # What was not sent never happens, also if somebody asks for its value now.
        opened.calls.clear()


def _refuse_to_ask(*_asked: object) -> NoReturn:
    message = "Ask before one_statement(): inside it everything is said for later."
    raise TransactionError(message)


def _after(done: _Unit) -> None:
    for effect in done.after_commit:
        try:
            effect()
        except Exception:
            log.exception(
                "after_commit_failed", effect=getattr(effect, "__qualname__", repr(effect))
            )


@contextmanager
def savepoint() -> Iterator[None]:
    """Try a part of a transaction; if it fails, what it changed and published is forgotten."""
    open_unit = unit()
    open_unit.send()
    mark = open_unit.journal.mark()
    effects = len(open_unit.after_commit)
    try:
        with atomic():
            yield
            open_unit.send()
    except BaseException:
        open_unit.calls.clear()
        open_unit.journal.cut(mark)
        del open_unit.after_commit[effects:]
        raise


def transaction_required(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a function that is a part of a larger action; called on its own it raises."""

    @wraps(function)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        unit()
        return function(*args, **kwargs)

    return inside


class _Durable(ContextDecorator):
    """Refuse to run inside an open transaction."""

    def __enter__(self) -> None:
        if is_open():
            message = "No call to the outside inside a transaction."
            raise TransactionError(message)

    def __exit__(self, *exc_info: object) -> None:
        return None


def durable(function: Callable[P, R] | None = None) -> Any:
    """Mark a call to the outside, as a decorator or a context: raises in a transaction."""
    return _Durable() if function is None else _Durable()(function)


def after_commit(effect: Callable[[], None]) -> None:
    """Run ``effect`` once the open transaction is committed; never if it is rolled back."""
    unit().after_commit.append(effect)


def call(sql: str, params: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
    """Run one statement and return its rows, if it has any; jsonb comes as text.

    What the open transaction has said for ``later`` goes first.
    """
    if _local.unit is not None and _local.unit.calls:
        _local.unit.send()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


def later(function: str, params: Sequence[Any], *, refusals: Refusals | None = None) -> Later[Any]:
    """Call an SQL function, ``name(%s, …)``, when the open transaction ends or next asks.

    All such calls travel in one statement, in this order. ``refusals`` says by SQLSTATE what to
    raise. Django's models do not wait for them: use ``call`` or ``later``, or models, not both.
    """
    open_unit = unit()
    said = Later[Any](function, params, open_unit.send, refusals or {})
    open_unit.calls.append(said)
    return said
