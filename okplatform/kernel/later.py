"""Calls of SQL functions that travel together: one statement, in the order they were said.

A sale writes through half a dozen functions of four apps. Each round trip costs both sides about
as much as a small function's work, and most of it is waking each other up; so an action says its
call for later (``db.later``), and the transaction sends them all in its end.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

from django.db import DatabaseError, connection

R = TypeVar("R")

Refusals = Mapping[str, Callable[[str | None], Exception]]
"""By SQLSTATE, what to raise when the function raises that; it is given the error's DETAIL."""

_NOT_SENT = object()


class TransactionError(RuntimeError):
    """A programming mistake: a transaction is open where none may be, or the other way round."""


@dataclass(slots=True)
class Later(Generic[R]):
    """One function call, ``name(%s, …)``, that PostgreSQL has not seen yet.

    The function refuses by raising a SQLSTATE of its own (``OK…``), never by what it returns: the
    value is usually read when everything is committed.
    """

    call: str
    params: Sequence[Any]
    send_waiting: Callable[[], None]
    refusals: Refusals = field(default_factory=dict)
    _value: Any = _NOT_SENT

    @property
    def value(self) -> R:
        """Return what the function returned; asked for before the end, it sends what waits.

        Raises ``TransactionError`` when its transaction was undone: it never ran.
        """
        if self._value is _NOT_SENT:
            self.send_waiting()
        if self._value is _NOT_SENT:
            message = f"{self.call} was undone with its transaction."
            raise TransactionError(message)
        return cast("R", self._value)

    def returned(self, value: Any) -> None:
        """Take what PostgreSQL sent back."""
        self._value = value


def send(calls: Sequence[Later[Any]]) -> None:
    """Make the calls in one statement; PostgreSQL evaluates a select list from left to right.

    Raises the refusal of the call that failed, or the database's own error.
    """
    if not calls:
        return
    statement = f"SELECT {', '.join(one.call for one in calls)}"
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, [_plain(param) for one in calls for param in one.params])
            row = cursor.fetchone()
    except DatabaseError as error:
        refusal = _refusal(calls, error)
        if refusal is None:
            raise
        raise refusal from error
    for one, value in zip(calls, row or (), strict=True):
        one.returned(value)


def _plain(param: Any) -> Any:
    """Return a whole number as text: PostgreSQL then takes the function's own type for it.

    A number of another width it would convert by a function call of its own, planned and run.
    """
    return str(param) if type(param) is int else param


def _refusal(calls: Sequence[Later[Any]], error: DatabaseError) -> Exception | None:
    cause: Any = error.__cause__
    sqlstate = getattr(cause, "pgcode", None) or ""
    for one in calls:
        if sqlstate in one.refusals:
            return one.refusals[sqlstate](cause.diag.message_detail)
    return None
