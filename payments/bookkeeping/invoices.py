"""Invoices and credit notes as plain values, with their sums (pure).

Amounts are integers in minor units, VAT not included unless said. VAT is computed per category and
rate on the **sum** of the lines, never line by line (EN 16931, BR-CO-17 and BR-S-09). Numbers
without gaps are the caller's: a number is given out in the transaction that stores the invoice.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from typing_extensions import override

from payments.bookkeeping.parties import Party
from payments.bookkeeping.vat import Vat, VatCategory

CURRENCY = re.compile(r"[A-Z]{3}")


class InvoiceRefusedError(ValueError):
    """What was given is not an invoice that may be sent; the message says what is wrong."""


class Unit(StrEnum):
    """What a line counts, by UN/ECE Recommendation 20."""

    PIECE = "C62"
    MONTH = "MON"


class PaymentMeans(StrEnum):
    """How it is paid, by UNCL4461; Peppol allows these between Dutch companies (NL-R-008)."""

    STANDING_AGREEMENT = "57"
    """Taken off the payouts."""
    CREDIT_TRANSFER = "58"
    DIRECT_DEBIT = "59"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """How and where it is paid.

    ``iban`` is the account to pay to by credit transfer, or to collect from by direct debit, which
    also names its mandate and the creditor identifier of who collects.
    """

    means: PaymentMeans
    iban: str = ""
    mandate: str = ""
    creditor: str = ""

    def __post_init__(self) -> None:
        if self.means is PaymentMeans.CREDIT_TRANSFER and not self.iban:
            message = "a credit transfer needs an account (BR-61)"
            raise InvoiceRefusedError(message)
        if self.means is PaymentMeans.DIRECT_DEBIT and not (self.mandate and self.creditor):
            message = "a direct debit names its mandate and creditor (PEPPOL-EN16931-R061)"
            raise InvoiceRefusedError(message)


@dataclass(frozen=True, slots=True)
class Period:
    """The days that are invoiced, the last one included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            message = f"a period does not end on {self.last} before it begins on {self.first}"
            raise InvoiceRefusedError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """One line: ``net`` for the whole ``quantity``, below zero for what is given back."""

    name: str
    net: int
    vat: Vat
    quantity: int = 1
    unit: Unit = Unit.PIECE
    detail: str = ""

    def __post_init__(self) -> None:
        if not self.name.strip():
            message = "a line says what it is for (BR-25)"
            raise InvoiceRefusedError(message)
        if self.quantity < 1:
            message = f"a line counts something, not {self.quantity}; its net may be negative"
            raise InvoiceRefusedError(message)


@dataclass(frozen=True, slots=True)
class VatTotal:
    """What an invoice asks under one treatment, and the VAT on it."""

    vat: Vat
    net: int

    @property
    def amount(self) -> int:
        """Return the VAT on the sum, rounded once, half up."""
        return self.vat.on(self.net)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What an invoice and a credit note have in common.

    ``paid`` of the gross is settled already (taken off a payout); ``reference`` is what the buyer
    knows it by. Raises ``InvoiceRefusedError``.
    """

    number: str
    issued_on: date
    currency: str
    seller: Party
    buyer: Party
    reference: str
    lines: tuple[InvoiceLine, ...]
    payment: Payment
    period: Period | None = None
    note: str = ""
    paid: int = 0

    def __post_init__(self) -> None:
        self._check_head()
        self._check_vat()
        if not 0 <= self.paid <= self.gross:
            # A negative invoice is a credit note, and the other way round.
            message = f"{self.paid} cannot have been paid of {self.gross}"
            raise InvoiceRefusedError(message)

    def _check_head(self) -> None:
        if not (self.number.strip() and self.reference.strip()):
            message = "an invoice has a number, and a reference of the buyer (PEPPOL-EN16931-R003)"
            raise InvoiceRefusedError(message)
        if not CURRENCY.fullmatch(self.currency):
            message = f"{self.currency!r} is not a currency"
            raise InvoiceRefusedError(message)
        if not self.lines:
            message = "an invoice has a line (BR-16)"
            raise InvoiceRefusedError(message)

    def _check_vat(self) -> None:
        treatments = {line.vat for line in self.lines}
        if not self.seller.vat_number:
            message = "the seller has a VAT number (BR-S-02, BR-Z-02, BR-E-02, BR-AE-02)"
            raise InvoiceRefusedError(message)
        if len({(vat.category, vat.rate_bp) for vat in treatments}) < len(treatments):
            message = "one VAT category cannot have two exemptions (BR-E-01, BR-AE-01)"
            raise InvoiceRefusedError(message)
        is_reversed = any(vat.category is VatCategory.REVERSE_CHARGE for vat in treatments)
        if is_reversed and not self.buyer.vat_number:
            message = "the buyer who owes the VAT has a VAT number (BR-AE-02)"
            raise InvoiceRefusedError(message)

    @property
    def net(self) -> int:
        """Return the sum of the lines."""
        return sum(line.net for line in self.lines)

    @property
    def vat_totals(self) -> tuple[VatTotal, ...]:
        """Return the sum and its VAT per treatment, the highest rate first."""
        treatments = sorted({line.vat for line in self.lines}, key=lambda v: (-v.rate_bp, v))
        return tuple(
            VatTotal(vat, sum(line.net for line in self.lines if line.vat == vat))
            for vat in treatments
        )

    @property
    def vat(self) -> int:
        """Return all VAT."""
        return sum(total.amount for total in self.vat_totals)

    @property
    def gross(self) -> int:
        """Return the total, VAT included."""
        return self.net + self.vat

    @property
    def payable(self) -> int:
        """Return what is still to be paid."""
        return self.gross - self.paid


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice(Document):
    """A request to pay, with the day by which."""

    due_on: date

    @override
    def __post_init__(self) -> None:
        # Not super(): a dataclass with slots is another class than the one super() would mean.
        Document.__post_init__(self)
        if self.due_on < self.issued_on:
            message = f"an invoice of {self.issued_on} is not due on {self.due_on}"
            raise InvoiceRefusedError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditNote(Document):
    """An invoice taken back, whole or in part: positive amounts, and the invoice it is about."""

    invoice_number: str
    invoice_issued_on: date

    @override
    def __post_init__(self) -> None:
        # Not super(): a dataclass with slots is another class than the one super() would mean.
        Document.__post_init__(self)
        if not self.invoice_number.strip():
            message = "a credit note names its invoice (NL-R-001)"
            raise InvoiceRefusedError(message)
        if self.payment.means is PaymentMeans.DIRECT_DEBIT:
            message = "money is not given back by direct debit"
            raise InvoiceRefusedError(message)
        if self.issued_on < self.invoice_issued_on:
            message = f"an invoice of {self.invoice_issued_on} is not credited before"
            raise InvoiceRefusedError(message)
