"""What every reader gives: plain rows, and what is wrong with them (pure)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

MOST_ROWS = 10_000
"""Cards in one file."""


class Unreadable(Exception):  # noqa: N818 -- an answer, as a Refusal is
    """Nothing of the file can be used; ``code`` says why, and ``facts`` fill in the sentence."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that does not come in as it stands in the file; ``line`` 0 is of no line."""

    line: int
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A card as a file has it, nothing of it checked.

    ``code`` is what scanners read, ``kind`` what the file calls its symbology and ``symbology``
    what we do, empty where we know no such. ``balance`` is in minor units where ``unit`` is a
    currency, else in whole ones. Days are ISO 8601. ``photos`` names entries of the archive by
    side (front, back, logo). ``own`` is a card as an export of ours wrote it out: it then has
    everything, and the rest is not looked at.
    """

    line: int
    name: str
    issuer: str = ""
    code: str = ""
    kind: str = ""
    symbology: str = ""
    encoding: str = ""
    number: str = ""
    note: str = ""
    colour: str = ""
    valid_from: str | None = None
    expires_on: str | None = None
    groups: Sequence[str] = ()
    starred: bool = False
    archived: bool = False
    balance: int | None = None
    unit: str = ""
    used_at: datetime | None = None
    photos: Mapping[str, str] = field(default_factory=dict)
    own: Any = None
    problems: Sequence[Problem] = ()


def no_entry(_name: str) -> bytes:
    """Stand in for the archive of a file that is none."""
    raise Unreadable("zip_broken")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file as it was read: which app made it, its rows, and how to read a photo of it."""

    source: str
    rows: Sequence[Row]
    problems: Sequence[Problem] = ()
    photo: Callable[[str], bytes] = no_entry


def bounded(rows: Sequence[Row]) -> Sequence[Row]:
    """Return the rows; raises ``Unreadable`` where there are none, or too many."""
    if not rows:
        raise Unreadable("no_cards")
    if len(rows) > MOST_ROWS:
        raise Unreadable("too_many_cards", number=len(rows), most=MOST_ROWS)
    return rows
