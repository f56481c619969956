"""OK invoices Kim's greengrocery, and keeps its books."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from payments.bookkeeping.books import (
    AccountType,
    BookPeriod,
    Books,
    Journal,
    JournalType,
    LedgerAccount,
    OpeningLine,
    Relation,
    RelationType,
    Transaction,
    TransactionLine,
    VatCode,
)
from payments.bookkeeping.invoices import (
    CreditNote,
    Invoice,
    InvoiceLine,
    Payment,
    PaymentMeans,
    Period,
    Unit,
)
from payments.bookkeeping.parties import Address, Party
from payments.bookkeeping.vat import Vat, VatCategory, standard

ISSUED = date(2026, 10, 31)
DUE = date(2026, 11, 14)
IBAN = "NL91ABNA0417164300"

HIGH = standard(ISSUED)
LOW = Vat(VatCategory.STANDARD, 900)

OK = Party(
    name="OK B.V.",
    address=Address(street="Keizersgracht 1", postal_code="1015 CJ", city="Amsterdam"),
    kvk="61200904",
    vat_number="NL081230047B01",
)
KIM = Party(
    name="Groente & Fruit Şahin <Kim>",
    address=Address(street="Markt 12 bis", postal_code="3511 AB", city="Utrecht"),
    kvk="30124501",
    vat_number="NL081230011B01",
)

OFF_THE_PAYOUT = Payment(means=PaymentMeans.STANDING_AGREEMENT)
TRANSFER = Payment(means=PaymentMeans.CREDIT_TRANSFER, iban=IBAN)
DEBIT = Payment(
    means=PaymentMeans.DIRECT_DEBIT, iban=IBAN, mandate="M-1", creditor="NL98ZZZ999999990000"
)

LINES = (
    InvoiceLine(name="Maandbedrag", net=1500, vat=HIGH, unit=Unit.MONTH),
    InvoiceLine(
        name="Betalingen in de winkel", net=210, vat=HIGH, quantity=6, detail="€ 0,35 per betaling"
    ),
    InvoiceLine(name="Terug voor een storing", net=-35, vat=HIGH),
    InvoiceLine(name="Handboek", net=333, vat=LOW),
)


def invoice(**changes: Any) -> Invoice:
    """An invoice of € 20.08, with € 3.82 of VAT."""
    return Invoice(**(_document() | {"due_on": DUE} | changes))


def credit_note(**changes: Any) -> CreditNote:
    """The same, taken back."""
    about = {"invoice_number": "2026-00016", "invoice_issued_on": date(2026, 9, 30)}
    return CreditNote(**(_document() | about | changes))


def _document() -> dict[str, Any]:
    return {
        "number": "2026-00017",
        "issued_on": ISSUED,
        "currency": "EUR",
        "seller": OK,
        "buyer": KIM,
        "reference": "groente-fruit",
        "lines": LINES,
        "payment": OFF_THE_PAYOUT,
        "period": Period(date(2026, 10, 1), ISSUED),
    }


SALE = Transaction(
    number=41,
    day=date(2026, 2, 27),
    text="Verkoop <kassa 2>",
    lines=(
        TransactionLine(account="1310", amount=1090, document="R-41", match="PO-7", relation="OK"),
        TransactionLine(
            account="8000", amount=-1000, document="R-41", vat_code="LAAG", vat_amount=-90
        ),
        TransactionLine(account="1520", amount=-90, document="R-41"),
    ),
)
PAYOUT = Transaction(
    number=42,
    day=date(2026, 3, 1),
    text="Uitbetaling PO-7",
    lines=(
        TransactionLine(account="1100", amount=1090, document="PO-7", match="PO-7"),
        TransactionLine(account="1310", amount=-1090, document="PO-7", match="PO-7", relation="OK"),
    ),
)


def journal(transactions: Iterable[Transaction] = (SALE, PAYOUT), **changes: Any) -> Journal:
    """Return the one journal of Kim's books."""
    head = {"code": "OK", "name": "Betalingen via OK", "type": JournalType.GENERAL}
    return Journal(**(head | {"transactions": transactions} | changes))


def books(*journals: Journal, **changes: Any) -> Books:
    """Kim's books of 2026."""
    whole: dict[str, Any] = {
        "company": KIM,
        "currency": "EUR",
        "fiscal_year": "2026",
        "first_day": date(2026, 1, 1),
        "last_day": date(2026, 12, 31),
        "created_on": date(2027, 1, 5),
        "accounts": (
            LedgerAccount(code="1100", name="Bank", type=AccountType.BALANCE_SHEET),
            LedgerAccount(code="1310", name="Te ontvangen", type=AccountType.BALANCE_SHEET),
            LedgerAccount(
                code="1520", name="Btw laag", type=AccountType.BALANCE_SHEET, reference="BSchBtw"
            ),
            LedgerAccount(code="8000", name="Omzet", type=AccountType.PROFIT_AND_LOSS),
        ),
        "periods": (
            BookPeriod(
                number=1, name="Januari/februari", first=date(2026, 1, 1), last=date(2026, 2, 28)
            ),
            BookPeriod(number=2, name="De rest", first=date(2026, 3, 1), last=date(2026, 12, 31)),
        ),
        "journals": lambda: journals or (journal(),),
        "relations": (Relation(code="OK", party=OK, type=RelationType.SUPPLIER),),
        "vat_codes": (VatCode(code="LAAG", name="Btw 9 %", vat=LOW, to_pay="1520"),),
        "opening": (OpeningLine("1100", 5000), OpeningLine("1310", -5000)),
    }
    return Books(**(whole | changes))
