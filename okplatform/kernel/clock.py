"""The one place that reads the wall clock.

Edges (views, tasks, commands) call ``now`` once and pass it down, so that retries, tests and
midnight agree.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime


def _wall() -> datetime:
    return datetime.now(UTC)


_read: Callable[[], datetime] = _wall


def now() -> datetime:
    """Return the current moment, aware and in UTC."""
    return _read()


@contextmanager
def told_by(read: Callable[[], datetime]) -> Iterator[None]:
    """Let ``read`` tell the time to this whole process: a simulation has days of its own."""
    global _read  # noqa: PLW0603 -- the time is everybody's
    usual, _read = _read, read
    try:
        yield
    finally:
        _read = usual
