"""A sale as the checkout answers it, whether it was just priced, lies open, or is read back.

These are facts about the sale, not about the person: whoever answers asks the wallet for the name
anew, through consent (invariant 7).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from merchants.checkout.basket import Basket, Line
from okplatform.trade.facts import LineFacts, TenderFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleFacts:
    """A sale with its lines and tenders, amounts in minor units.

    ``person_id`` and ``fingerprint`` are for the checkout itself and never answered.
    ``near_misses`` are the engine's: ``{"kind", "missing", "points", "text"}``.
    """

    uuid: UUID
    revision: int
    mode: str
    state: str
    store: str | None
    terminal: str | None
    language: str
    reference: str
    currency: str
    gross: int
    discount: int
    due: int
    points_earned: int
    person_id: int | None
    fingerprint: bytes
    lines: Sequence[LineFacts] = ()
    tenders: Sequence[TenderFacts] = ()
    near_misses: Sequence[Mapping[str, Any]] = ()
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What an open sale keeps between calls.

    ``basket`` is what was asked, ``lines`` the split as it was shown; ``handle`` is the scanned
    one and ``funding_ref`` what it pays from.
    """

    basket: Basket
    lines: Sequence[LineFacts]
    near_misses: Sequence[Mapping[str, Any]]
    handle: int | None
    funding_ref: int | None

    def as_json(self) -> dict[str, Any]:
        """Return the draft as it is stored; the code itself is not kept."""
        stored = asdict(self)
        stored["basket"]["code"] = ""
        return stored

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Draft":
        """Read a stored draft back."""
        basket = stored["basket"]
        return cls(
            basket=Basket(**{**basket, "lines": tuple(Line(**line) for line in basket["lines"])}),
            lines=[LineFacts(**line) for line in stored["lines"]],
            near_misses=stored["near_misses"],
            handle=stored["handle"],
            funding_ref=stored["funding_ref"],
        )
