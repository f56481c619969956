"""When a failed delivery is tried again, when the breaker opens, and when it is given up (pure).

An endpoint is tried again, not one of its deliveries: they keep their order, so that only the
first of them is ever sent. With the breaker open each try is a probe.
"""

from datetime import datetime, timedelta

GIVEN_UP_AFTER = timedelta(days=3)
BREAKER_OPENS_AT = 5
"""Failures in a row."""

WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
)
PROBE_EVERY = timedelta(hours=4)
"""Seldom enough for a server that is gone, often enough for one that has come back."""

SPREAD = 0.2
"""A server that fell over would not get up if all that waits for it came at the same moment."""

OLD_SECRET_LASTS = timedelta(hours=24)
"""After a rotation; until then both secrets sign."""


def wait(failures: int, *, spread: float) -> timedelta:
    """Return how long to wait after so many failures in a row, at least one.

    ``spread``, from 0 to 1, is drawn by the caller: it moves the wait by a tenth at most.
    """
    usual = WAITS[failures - 1] if failures <= len(WAITS) else PROBE_EVERY
    return usual * (1 - SPREAD / 2 + SPREAD * spread)


def give_up_at(first: datetime) -> datetime:
    """Return up to when a delivery is tried that could first be sent at this moment."""
    return first + GIVEN_UP_AFTER
