"""What a till says of a shift, in plain values (pure)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

SKEW = timedelta(minutes=5)
"""So far a till's clock may be ahead of ours: what it calls later than now is now."""

LATEST = timedelta(days=31)
"""So long ago a shift may have begun that is heard of for the first time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftAsked:
    """A shift as a till puts it; None is not said. Cash is in minor units."""

    is_closed: bool
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    operator: str = ""
    cash_at_opening: int | None = None
    cash_counted: int | None = None


def agrees(said: datetime | int | None, stands: datetime | int | None) -> bool:
    """Say whether what is said again is what stands; a moment may have been brought back to now."""
    if said is None:
        return True
    if isinstance(said, datetime) and isinstance(stands, datetime):
        return timedelta(0) <= said - stands <= SKEW
    return said == stands


def not_ahead(said: datetime | None, now: datetime) -> datetime:
    """Return a moment of a till's clock by ours; without one it is now."""
    if said is None or now < said <= now + SKEW:
        return now
    return said
