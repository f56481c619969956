"""What the actions of invoicing share: the parties, the document behind the rows, its files."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.conf import settings

from okplatform.kernel.db import call, transaction_required
from okplatform.parties.models import Merchant
from payments.bookkeeping.fees import FeeKind
from payments.bookkeeping.invoice_pdf import write_pdf
from payments.bookkeeping.invoices import (
    CreditNote,
    InvoiceLine,
    Payment,
    PaymentMeans,
    Period,
    Unit,
)
from payments.bookkeeping.invoices import Invoice as InvoiceDocument
from payments.bookkeeping.parties import Address, Party
from payments.bookkeeping.ubl import lacks, write_ubl
from payments.bookkeeping.vat import Vat, VatCategory
from payments.chart import FEE_ROUNDING, FEES_EARNED, INVOICES_OPEN, MERCHANT_PAYABLE, VAT_PAYABLE
from payments.ledger import AccountRef
from payments.models import Invoice, InvoiceFile, InvoiceForm, InvoiceKind
from payments.models import InvoiceLine as LineRow

ADDRESS = ("street", "postal_code", "city", "country")
NUMBER = "SELECT invoice_number(%s)"


def seller() -> dict[str, str]:
    """Return who invoices: OK, by its settings."""
    return {
        "name": settings.OK_SELLER_NAME,
        "street": settings.OK_SELLER_STREET,
        "postal_code": settings.OK_SELLER_POSTAL_CODE,
        "city": settings.OK_SELLER_CITY,
        "country": "NL",
        "kvk": settings.OK_SELLER_KVK,
        "vat_number": settings.OK_SELLER_VAT_NUMBER,
    }


def buyer(merchant: Merchant) -> dict[str, str]:
    """Return a merchant as it stands on its invoice."""
    return {
        "name": merchant.name,
        "street": merchant.street,
        "postal_code": merchant.postal_code,
        "city": merchant.city,
        "country": merchant.country,
        "kvk": merchant.kvk,
        "vat_number": merchant.vat_number,
        "reference": merchant.reference,
    }


def party(facts: dict[str, Any]) -> Party:
    """Return a party as the formats take it; without an address where none was known."""
    address = None
    if facts["street"]:
        address = Address(**{name: facts[name] for name in ADDRESS})
    return Party(
        name=facts["name"], address=address, kvk=facts["kvk"], vat_number=facts["vat_number"]
    )


@transaction_required
def take_number(year: int) -> tuple[int, str]:
    """Take the next number of a year, as a count and as it is written.

    Others wait for it until this transaction ends; a rollback gives it back.
    """
    sequence = int(call(NUMBER, [year])[0][0])
    return sequence, f"{year}-{sequence:05}"


def document_of(invoice: Invoice, lines: Sequence[LineRow]) -> InvoiceDocument | CreditNote:
    """Return an invoice or a credit note as the formats take it, from its rows alone."""
    facts: dict[str, Any] = {
        "number": invoice.number,
        "issued_on": invoice.issued_on,
        "currency": invoice.currency,
        "seller": party(invoice.seller),
        "buyer": party(invoice.buyer),
        "reference": invoice.buyer["reference"],
        "lines": tuple(_line(line) for line in lines),
        "period": Period(invoice.first_day, invoice.last_day),
        "note": invoice.reason,
        "payment": Payment(means=PaymentMeans.STANDING_AGREEMENT),
    }
    if invoice.kind == InvoiceKind.CREDIT_NOTE:
        # All of it is settled: added to what the merchant is owed, or no longer to be paid.
        about = invoice.credits
        return CreditNote(
            **facts,
            paid=invoice.gross - invoice.settled,
            invoice_number=about.number if about else "",
            invoice_issued_on=about.issued_on if about else invoice.issued_on,
        )
    if invoice.settled < invoice.gross:
        iban = invoice.house_account.iban
        facts["payment"] = Payment(means=PaymentMeans.CREDIT_TRANSFER, iban=iban)
    return InvoiceDocument(**facts, paid=invoice.settled, due_on=invoice.due_on)


def _line(row: LineRow) -> InvoiceLine:
    return InvoiceLine(
        name=row.name,
        detail=row.detail,
        net=row.net,
        quantity=row.count,
        unit=Unit.MONTH if row.kind == FeeKind.MONTHLY else Unit.PIECE,
        vat=Vat(VatCategory.STANDARD, row.vat_rate_bp),
    )


@transaction_required
def keep_documents(invoice: Invoice, lines: Sequence[LineRow]) -> None:
    """Keep a document for ever as it is sent: on paper, and as UBL where nothing is lacking."""
    document = document_of(invoice, lines)
    keep_file(invoice, InvoiceForm.PDF, write_pdf(document, language=invoice.language))
    if not lacks(document):
        keep_file(invoice, InvoiceForm.UBL, write_ubl(document))


@transaction_required
def keep_file(invoice: Invoice, form: InvoiceForm, content: bytes) -> None:
    """Keep one form of a document."""
    InvoiceFile.objects.create(
        invoice=invoice, form=form, content=content, sha256=hashlib.sha256(content).hexdigest()
    )


def entries(invoice: Invoice, *, sign: int) -> list[tuple[AccountRef, int]]:
    """Return the lines of an invoice's posting; a credit note has the other ``sign`` (-1)."""

    def ours(kind: str) -> AccountRef:
        return AccountRef(kind, invoice.house_account_id, invoice.currency)

    payable = AccountRef(MERCHANT_PAYABLE.kind, invoice.merchant_id, invoice.currency)
    lines = (
        (payable, -invoice.settled),
        (ours(INVOICES_OPEN.kind), -(invoice.gross - invoice.settled)),
        (ours(FEES_EARNED.kind), invoice.net - invoice.rounding),
        (ours(FEE_ROUNDING.kind), invoice.rounding),
        (ours(VAT_PAYABLE.kind), invoice.vat),
    )
    return [(ref, sign * amount) for ref, amount in lines if amount]
