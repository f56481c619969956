"""The one place that reads the wall clock.

Edges (views, tasks, commands) call ``now`` once and pass it down, so that retries, tests and
midnight agree.
"""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the current moment, aware and in UTC."""
    return datetime.now(UTC)
