"""A receipt as plain values: the page, the PDF and the JSON are all drawn from it.

Amounts are in minor units of the paper's currency, VAT included; rates in basis points. Texts are
in ``Paper.language``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from wallet.hooks import Funding, ReceiptNote, SalePoints


@dataclass(frozen=True, slots=True, kw_only=True)
class Seller:
    """Who sold it and where; ``street``, ``postal_code`` and ``address_city`` are the company's.

    ``reference`` names the merchant in addresses of OK.
    """

    reference: str
    name: str
    store: str
    city: str
    channel: str
    street: str
    postal_code: str
    address_city: str
    country: str
    kvk: str
    vat_number: str

    @property
    def address(self) -> str:
        """Return the company's address in one line, or nothing."""
        if not self.street:
            return ""
        return f"{self.street}, {self.postal_code} {self.address_city}"


@dataclass(frozen=True, slots=True)
class Discount:
    """What came off and why, added up over the lines it came off."""

    text: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """What was bought; ``unit_price`` is per piece, or per 1,000 gram or millilitre.

    ``measure`` says how much of it at what price, where that is more than one piece.
    """

    number: int
    sku: str
    name: str
    quantity: int
    unit: str
    unit_price: int
    measure: str
    gross: int
    paid: int
    vat_rate_bp: int
    vat: int
    discounts: Sequence[Discount]

    @property
    def discount(self) -> int:
        """Return what came off."""
        return self.gross - self.paid


@dataclass(frozen=True, slots=True)
class Vat:
    """What was paid at one rate, and the VAT in it."""

    rate_bp: int
    paid: int
    amount: int


@dataclass(frozen=True, slots=True)
class Paid:
    """A tender; ``funding`` is what the OK part was paid from, where that is known."""

    kind: str
    label: str
    amount: int
    funding: Funding | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineBack:
    """What came back of a line; with ``is_lowered`` the goods stayed and cost less after all."""

    number: int
    name: str
    quantity: int
    amount: int
    vat: int
    is_lowered: bool


@dataclass(frozen=True, slots=True)
class CameBack:
    """What one visit brought back, and in which store."""

    at: datetime
    store: str
    timezone: str
    amount: int
    lines: Sequence[LineBack]


@dataclass(frozen=True, slots=True)
class Until:
    """A warranty that the person keeps, of one line or of everything (None)."""

    line: int | None
    ends_on: date
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One receipt. ``number`` is the sale's own, by which any till finds it for a return.

    ``till_number`` is what the till calls it; ``closed_at`` reads in ``timezone``, the store's.
    ``points`` is None where no programme knows the sale.
    """

    number: UUID
    till_number: str
    mode: str
    language: str
    currency: str
    closed_at: datetime
    timezone: str
    seller: Seller
    lines: Sequence[PaperLine]
    discounts: Sequence[Discount]
    gross: int
    discount: int
    due: int
    vat: Sequence[Vat]
    paid: Sequence[Paid]
    came_back: Sequence[CameBack]
    points: SalePoints | None
    notes: Sequence[ReceiptNote]
    warranties: Sequence[Until]

    @property
    def name(self) -> str:
        """Return what to call its file: the day, the shop, and the start of its number."""
        return f"{self.day:%Y-%m-%d}-{self.seller.reference}-{str(self.number)[:8]}"

    @property
    def day(self) -> date:
        """Return the day of the purchase, where it was made."""
        return self.closed_at.date()
