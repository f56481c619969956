"""Long lists by cursor: where a page begins is in its address, and costs nothing to find."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from payments.whereabouts import Item, Place

PER_PAGE = 50
DIGITS = 18
"""Of a primary key; one more may be too large for PostgreSQL."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ListPage(Generic[T]):
    """One page of a list, and the cursor of the next; empty where this is the last."""

    rows: Sequence[T]
    following: str = ""
    is_first: bool = True


def page_of_items(rows: Sequence[Item], *, after: Place | None) -> ListPage[Item]:
    """Return a page of bookings, of which one more than a page was asked for."""
    shown = rows[:PER_PAGE]
    following = ""
    if len(rows) > PER_PAGE:
        following = f"{shown[-1].booked_at.isoformat()}~{shown[-1].posting_id}"
    return ListPage(shown, following, after is None)


def place(text: str | None) -> Place | None:
    """Read the cursor of a list of bookings; what is none begins at the beginning."""
    moment, _tilde, posting = (text or "").partition("~")
    try:
        at = datetime.fromisoformat(moment)
        number_after = int(posting)
    except ValueError:
        return None
    return Place(at, number_after) if at.tzinfo else None


def number(text: str | None) -> int | None:
    """Read a cursor that is a primary key."""
    return int(text) if text and text.isdecimal() and len(text) <= DIGITS else None
