"""Two at the same moment, so that the same seed makes them meet in the same way again.

The first gives way at a chosen statement: then the second goes on until it is done, or until
PostgreSQL lets it wait for the first, which goes on then. Nothing depends on how fast they are.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connection, connections

from demo.simulate.breaking import Execute

A = TypeVar("A")
B = TypeVar("B")

LOOK_SECONDS = 0.001
IS_WAITING = "SELECT pg_backend_pid() = ANY(pg_blocking_pids(%s))"


@dataclass(frozen=True, slots=True)
class Met(Generic[A, B]):
    """What both did; ``at_once`` is false when the first was done before it had to give way."""

    first: A
    second: B
    at_once: bool


class Meeting:
    """A second worker with a connection of its own."""

    def __init__(self) -> None:
        self._second = ThreadPoolExecutor(1)
        self._pid = self._second.submit(_connect).result()

    def close(self) -> None:
        """Send the second worker home."""
        self._second.submit(connections.close_all).result()
        self._second.shutdown()

    def of(self, first: Callable[[], A], second: Callable[[], B], *, at: int) -> Met[A, B]:
        """Do both; the first gives way before its statement number ``at``."""
        way = _Way(at, lambda: self._let_go_on(second))
        with connection.execute_wrapper(way):
            one = first()
        other = way.given or self._second.submit(second)
        return Met(one, other.result(), at_once=way.given is not None)

    def _let_go_on(self, second: Callable[[], B]) -> Future[B]:
        going = self._second.submit(second)
        while not wait([going], LOOK_SECONDS).done and not self._is_waiting():
            pass
        return going

    def _is_waiting(self) -> bool:
        # Past Django: one who says everything for later must not ask in between.
        with connection.connection.cursor() as cursor:
            cursor.execute(IS_WAITING, [self._pid])
            return bool(cursor.fetchone()[0])


class _Way(Generic[B]):
    """Counts the first one's statements, and gives way before one of them."""

    def __init__(self, at: int, give: Callable[[], Future[B]]) -> None:
        self._left, self._give = at, give
        self.given: Future[B] | None = None

    def __call__(self, execute: Execute, sql: str, params: Any, many: Any, context: Any) -> Any:
        self._left -= 1
        if self._left == 0:
            self.given = self._give()
        return execute(sql, params, many, context)


def _connect() -> int:
    connection.ensure_connection()
    return int(connection.connection.info.backend_pid)
