"""Four words for transactions, each saying what is meant.

``transaction`` opens the one transaction of an action; ``savepoint`` a part that may fail alone;
``transaction_required`` marks what only makes sense inside; ``durable`` what must never happen
inside (a call to the outside). Nobody else touches ``django.db.transaction``.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ContextDecorator, contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import structlog
from django.db import connection
from django.db.transaction import atomic

from okplatform.kernel.journal import Journal

P = ParamSpec("P")
R = TypeVar("R")
log = structlog.get_logger(__name__)


class TransactionError(RuntimeError):
    """A programming mistake: a transaction is open where none may be, or the other way round."""


class _Unit:
    """One open transaction: its journal and what waits for its commit."""

    def __init__(self) -> None:
        self.journal = Journal()
        self.after_commit: list[Callable[[], None]] = []
        self.on_events_waiting: Callable[[], None] | None = None


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
    if is_open():
        message = "A transaction is open already; actions do not nest."
        raise TransactionError(message)
    opened = _Unit()
    _local.unit = opened
    try:
        with atomic():
            yield
            waiting = opened.journal.flush()
    finally:
        _local.unit = None
    if waiting and opened.on_events_waiting:
        opened.after_commit.append(opened.on_events_waiting)
    for effect in opened.after_commit:
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
    mark = open_unit.journal.mark()
    effects = len(open_unit.after_commit)
    try:
        with atomic():
            yield
    except BaseException:
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
    """Run one statement and return its rows, if it has any; jsonb comes as text."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []
