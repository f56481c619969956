"""What a sale is when it is written down: plain values, no database in them.

All amounts are integers in minor units of the sale's currency, VAT included.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

Reason = Mapping[str, Any]
"""Why something came off a line: ``{"kind", "id", "text": {"nl", "en"}, "amount"}``."""


@dataclass(frozen=True, slots=True)
class SaleKey:
    """What names a sale: the till's UUID, unique per merchant and mode."""

    merchant_id: int
    mode: str
    uuid: UUID


GOODS = "goods"
DEPOSIT_RETURN = "deposit_return"
TIP = "tip"
"""Kinds of lines (``models.LineKind``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFacts:
    """A line with its split: ``paid`` is ``gross`` less ``discount`` and contains ``vat``.

    Lines are numbered from 1. ``unit_price`` is per piece, or per 1,000 gram or millilitre.
    ``sku`` names the merchant's product, if it has one; a sale may hold what no catalogue knows.
    ``kind`` says what it is of; returned empties have negative amounts. ``minimum_age``: in years.
    """

    number: int
    sku: str
    name: str
    quantity: int
    unit: str
    unit_price: int
    gross: int
    discount: int
    paid: int
    vat_rate_bp: int
    vat: int
    points: int
    reasons: Sequence[Reason]
    category_reference: str
    kind: str = GOODS
    minimum_age: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderFacts:
    """What paid a part; numbered from 1. ``reference`` is the payment terminal's number, if any."""

    number: int
    kind: str
    amount: int
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """Everything that is true of a sale once it is closed.

    ``points_earned`` is the whole sale's, which rounding may set apart from the sum over its lines.
    ``basket_hash`` (32 bytes) tells a repeated call from a changed one.
    """

    store_id: int
    channel: str
    terminal_id: int | None
    person_id: int | None
    revision: int
    currency: str
    points_earned: int
    basket_hash: bytes
    operator: str
    language: str
    reference: str
    lines: Sequence[LineFacts]
    tenders: Sequence[TenderFacts]

    @property
    def gross(self) -> int:
        """Return what the basket costs before discounts."""
        return sum(line.gross for line in self.lines)

    @property
    def discount(self) -> int:
        """Return what came off."""
        return sum(line.discount for line in self.lines)

    @property
    def tenders_by_kind(self) -> dict[str, int]:
        """Return how much each kind of tender paid."""
        totals: dict[str, int] = {}
        for tender in self.tenders:
            totals[tender.kind] = totals.get(tender.kind, 0) + tender.amount
        return totals


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnLineFacts:
    """What came back of the sale's line ``number``; ``amount`` contains ``vat``.

    ``quantity`` is 0 where the goods stay and their price is lowered after all.
    """

    number: int
    quantity: int
    amount: int
    vat: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnTenderFacts:
    """By what a part is given back. ``reference`` is the payment terminal's number, if any."""

    kind: str
    amount: int
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnFacts:
    """Everything that is true of what one visit brought back of a sale.

    ``request_hash`` (32 bytes) tells a repeated request from another one.
    """

    uuid: UUID
    store_id: int
    terminal_id: int | None
    operator: str
    reason: str
    language: str
    currency: str
    request_hash: bytes
    lines: Sequence[ReturnLineFacts]
    tenders: Sequence[ReturnTenderFacts]

    @property
    def amount(self) -> int:
        """Return what is given back."""
        return sum(line.amount for line in self.lines)

    @property
    def vat(self) -> int:
        """Return the VAT in it."""
        return sum(line.vat for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineStanding:
    """A line of a closed sale, and what has come back of it so far."""

    number: int
    sku: str
    name: str
    quantity: int
    unit: str
    paid: int
    vat_rate_bp: int
    vat: int
    points: int
    reasons: Sequence[Reason]
    returned_quantity: int = 0
    returned_amount: int = 0
    returned_vat: int = 0
    kind: str = GOODS

    @property
    def quantity_left(self) -> int:
        """Return how much of it the shopper still has."""
        return self.quantity - self.returned_quantity

    @property
    def amount_left(self) -> int:
        """Return what has not been given back of what was paid for it."""
        return self.paid - self.returned_amount


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderStanding:
    """What one kind of tender paid of a sale, and what it has given back so far."""

    kind: str
    paid: int
    returned: int

    @property
    def left(self) -> int:
        """Return what it may still give back."""
        return self.paid - self.returned


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFacts:
    """A product of the catalogue; prices as on ``Product``, the bar code in any of its lengths."""

    sku: str
    name: str
    price: int
    vat_rate_bp: int
    gtin: str = ""
    unit: str = "piece"
    category_reference: str | None = None
    active: bool = True
    warranty_months: int | None = None
