"""A sale as the checkout knows it, whether it was just made, lies open as a draft, or is read back.

These are facts about the sale, not about the person: whoever answers asks the wallet for the name
anew, through consent (invariant 7).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from merchants.checkout.basket import Basket, Line


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFacts:
    """A line with its split; see ``trade.SaleLine``."""

    number: int
    sku: str
    name: str
    category_reference: str
    quantity: int
    unit: str
    unit_price: int
    gross: int
    discount: int
    paid: int
    vat_rate_bp: int
    vat: int
    points: int
    reasons: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleFacts:
    """A sale with its lines and tenders. Amounts in minor units; ``person_id`` is never answered."""

    uuid: UUID
    revision: int
    mode: str
    state: str
    store: str | None
    terminal: str | None
    operator: str
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
    tenders: Sequence[Mapping[str, Any]] = ()
    near_misses: Sequence[Mapping[str, Any]] = ()
    closed_at: datetime | None = None

    def closed(
        self, *, tenders: Sequence[Mapping[str, Any]], points: int, now: datetime
    ) -> "SaleFacts":
        """Return the same sale, paid."""
        return replace(
            self,
            state="closed",
            tenders=tenders,
            points_earned=points,
            closed_at=now,
            near_misses=(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What an open sale keeps between calls: the quote to be paid as it was shown.

    ``handle`` and ``funding_ref`` come from the scan; ``given`` and ``earned`` are what loyalty
    settles; ``version`` names the programme that was asked.
    """

    lines: Sequence[Mapping[str, Any]]
    near_misses: Sequence[Mapping[str, Any]]
    funding_ref: int | None
    handle: int | None
    settlement: Mapping[str, Any] = field(default_factory=dict)


def line_facts(
    lines: Iterable[Line], quote_lines: Iterable[Any], vat: Sequence[int]
) -> list[LineFacts]:
    """Join a basket's lines with the engine's split of them."""
    return [
        LineFacts(
            number=line.number,
            sku=line.sku,
            name=line.name,
            category_reference=line.category,
            quantity=line.quantity,
            unit=line.unit,
            unit_price=line.unit_price,
            gross=line.gross,
            discount=quoted.discount,
            paid=quoted.paid,
            vat_rate_bp=line.vat_rate_bp,
            vat=contained,
            points=quoted.points,
            reasons=quoted.reasons(),
        )
        for line, quoted, contained in zip(lines, quote_lines, vat, strict=True)
    ]


def as_json(lines: Iterable[LineFacts]) -> list[dict[str, Any]]:
    """Return lines as JSON-able values, for a draft or for SQL."""
    return [asdict(line) for line in lines]


def open_sale(
    *,
    uuid: UUID,
    mode: str,
    basket: Basket,
    person_id: int | None,
    lines: Sequence[LineFacts],
    points: int,
    near_misses: Sequence[Mapping[str, Any]],
) -> SaleFacts:
    """Return the facts of a sale that was just priced."""
    gross = sum(line.gross for line in lines)
    discount = sum(line.discount for line in lines)
    return SaleFacts(
        uuid=uuid,
        revision=basket.revision,
        mode=mode,
        state="open",
        store=basket.store,
        terminal=basket.terminal,
        operator=basket.operator,
        language=basket.language,
        reference=basket.reference,
        currency=basket.currency,
        gross=gross,
        discount=discount,
        due=gross - discount,
        points_earned=points,
        person_id=person_id,
        fingerprint=basket.fingerprint,
        lines=lines,
        near_misses=near_misses,
    )
