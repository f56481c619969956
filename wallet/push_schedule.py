"""How long notifications are kept and tried (pure)."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

WAITS = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
)
AFTER_THOSE = timedelta(hours=2)
LONGEST_WAIT = timedelta(days=1)
"""Whatever a push service asks for."""
SPREAD = 0.2
"""A service that fell over would not get up if all that waits for it came at the same moment."""

LASTS = timedelta(days=1)
"""A notice that nothing else gives an end is stale after this."""
SECURITY_LASTS = timedelta(days=7)
TEST_LASTS = timedelta(minutes=5)

KEPT_FOR = timedelta(days=7)
"""What was said, and how it went, after it ended; nothing is said twice because it was forgotten,
for the reason to say it has ended by then too."""

REMINDED_FROM_HOUR = 9
"""By the person's clock: a reminder has all day."""


def wait(attempts: int, *, asked: str, now: datetime, spread: float) -> timedelta:
    """Return how long to wait after so many tries, at least one.

    ``asked`` is the ``Retry-After`` of the answer (RFC 9110: seconds or a date), or empty; it
    makes the wait longer, never shorter. ``spread``, from 0 to 1, is drawn by the caller.
    """
    usual = WAITS[attempts - 1] if attempts <= len(WAITS) else AFTER_THOSE
    spread_out = usual * (1 - SPREAD / 2 + SPREAD * spread)
    return min(max(spread_out, _asked(asked, now=now)), LONGEST_WAIT)


def _asked(said: str, *, now: datetime) -> timedelta:
    said = said.strip()
    if said.isascii() and said.isdigit():
        return timedelta(seconds=int(said[:9]))
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return timedelta()
    return (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
