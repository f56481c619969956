"""A merchant's account at OK, as bookings that its books and its statements are made of (pure).

To the merchant OK is like a bank: sales come in on the account, payouts go out, and invoices are
taken off it. Amounts are in cents as the account sees them: positive is credited to the merchant.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from payments.bankfiles.lines import BankLine
from payments.bookkeeping.books import (
    AccountType,
    LedgerAccount,
    Transaction,
    TransactionLine,
    VatCode,
)
from payments.bookkeeping.vat import Vat
from payments.chart import (
    EUR,
)
from payments.postings import (
    INVOICE_CREDITED,
    INVOICE_ISSUED,
    PART_CAPTURED,
    PAYOUT_ORDERED,
    PAYOUT_RETURNED,
    SALE_PAID,
)

OK, JOURNAL = "OK", "OK"
BALANCE, SALES, PAYOUTS, VAT, CREDITOR, OPENING, COSTS = (
    "1250",
    "1290",
    "1295",
    "1520",
    "1600",
    "0990",
    "4750",
)

NAMES = {
    "nl": {
        BALANCE: "Tegoed bij OK",
        SALES: "Kruispost verkopen betaald met OK",
        PAYOUTS: "Kruispost uitbetalingen van OK",
        VAT: "Btw te vorderen",
        CREDITOR: "Te betalen aan OK",
        OPENING: "Beginstand tegoed bij OK",
        COSTS: "Kosten van OK",
        JOURNAL: "Rekening bij OK",
        SALE_PAID: "Verkoop",
        PART_CAPTURED: "Verkoop, deel",
        PAYOUT_ORDERED: "Uitbetaling",
        PAYOUT_RETURNED: "Uitbetaling kwam terug",
        INVOICE_ISSUED: "Factuur van OK",
        INVOICE_CREDITED: "Creditnota van OK",
        "vat_code": "Btw {rate}%",
        "other": "Boeking",
    },
    "en": {
        BALANCE: "Held at OK",
        SALES: "Sales paid with OK, in transit",
        PAYOUTS: "Payouts from OK, in transit",
        VAT: "VAT to claim",
        CREDITOR: "Payable to OK",
        OPENING: "Opening balance held at OK",
        COSTS: "Costs of OK",
        JOURNAL: "Account at OK",
        SALE_PAID: "Sale",
        PART_CAPTURED: "Sale, part",
        PAYOUT_ORDERED: "Payout",
        PAYOUT_RETURNED: "Payout came back",
        INVOICE_ISSUED: "Invoice of OK",
        INVOICE_CREDITED: "Credit note of OK",
        "vat_code": "VAT {rate}%",
        "other": "Booking",
    },
}
"""What stands in the files, not gettext: a file is the same whoever downloads it again."""

PROFIT_AND_LOSS = {COSTS}


@dataclass(frozen=True, slots=True)
class PaidOut:
    """One booking that a payout is made of: what it rests on, and its amount."""

    document: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """One posting on the account; ``number`` is its id, ``amount`` 0 for an invoice not taken off.

    ``document`` names what it rests on: the sale, the payout, the invoice. ``payout`` is the one it
    was paid out with, or is. ``items`` are a payout's own. The last three are an invoice's.
    """

    number: int
    day: date
    kind: str
    amount: int
    document: str
    place: str = ""
    payout: str = ""
    iban: str = ""
    items: Sequence[PaidOut] = ()
    net: int = 0
    vat: int = 0
    vat_code: str = ""

    def text(self, language: str) -> str:
        """Return what happened, in words."""
        words = NAMES[language]
        said = words.get(self.kind, words["other"])
        return " ".join(part for part in (said, self.place, self.document) if part)


def accounts(language: str) -> tuple[LedgerAccount, ...]:
    """Return the accounts that such books use."""
    codes = (OPENING, BALANCE, SALES, PAYOUTS, VAT, CREDITOR, COSTS)
    return tuple(
        LedgerAccount(
            code=code,
            name=NAMES[language][code],
            type=AccountType.PROFIT_AND_LOSS
            if code in PROFIT_AND_LOSS
            else AccountType.BALANCE_SHEET,
        )
        for code in codes
    )


def vat_code(vat: Vat, language: str) -> VatCode:
    """Return the code under which the VAT of OK's invoices is claimed."""
    name = NAMES[language]["vat_code"].format(rate=f"{vat.rate_bp / 100:g}")
    return VatCode(code=code_of(vat.rate_bp), name=name, vat=vat, to_claim=VAT)


def code_of(rate_bp: int) -> str:
    """Return what a VAT rate is called in the books."""
    return f"V{rate_bp}"


def transaction_of(booking: Booking, language: str) -> Transaction:
    """Return a booking as a transaction of the merchant's books, debit above zero."""
    text = booking.text(language)
    if booking.kind in {INVOICE_ISSUED, INVOICE_CREDITED}:
        lines = _invoice(booking, text)
    elif booking.kind == PAYOUT_ORDERED:
        lines = _payout(booking, text)
    else:
        against = PAYOUTS if booking.kind == PAYOUT_RETURNED else SALES
        lines = (
            _line(booking, BALANCE, booking.amount, text),
            _line(booking, against, -booking.amount, text),
        )
    return Transaction(number=booking.number, day=booking.day, text=text, lines=lines)


def bank_line_of(booking: Booking, entry: int, language: str) -> BankLine:
    """Return a booking as a line of the account's statement."""
    return BankLine(
        entry=entry,
        part=0,
        amount=booking.amount,
        currency=EUR,
        booked_on=booking.day,
        valued_on=booking.day,
        end_to_end_id=booking.document[:35],
        batch_id=booking.payout,
        bank_reference=str(booking.number),
        text=booking.text(language),
        name=OK,
        iban=booking.iban,
        is_reversal=booking.kind == PAYOUT_RETURNED,
    )


def _line(booking: Booking, account: str, amount: int, text: str) -> TransactionLine:
    return TransactionLine(
        account=account,
        amount=amount,
        document=booking.document,
        text=text,
        match=booking.payout,
    )


def _payout(booking: Booking, text: str) -> tuple[TransactionLine, ...]:
    """Take each booking that was paid out off the account by itself: so each finds its payout."""
    return (
        _line(booking, PAYOUTS, -booking.amount, text),
        *(
            TransactionLine(
                account=BALANCE,
                amount=-item.amount,
                document=item.document,
                text=text,
                match=booking.payout,
            )
            for item in booking.items
        ),
    )


def _invoice(booking: Booking, text: str) -> tuple[TransactionLine, ...]:
    """Claim the VAT, take the costs, and pay from the account what was taken off it."""
    sign = 1 if booking.kind == INVOICE_ISSUED else -1
    net, vat = sign * booking.net, sign * booking.vat
    lines = (
        (COSTS, net, booking.vat_code, vat),
        (VAT, vat, "", 0),
        (BALANCE, booking.amount, "", 0),
        (CREDITOR, -(net + vat) - booking.amount, "", 0),
    )
    return tuple(
        TransactionLine(
            account=account,
            amount=amount,
            document=booking.document,
            text=text,
            match=booking.payout if account == BALANCE else "",
            relation=OK,
            invoice=booking.document,
            vat_code=code,
            vat_amount=claimed,
        )
        for account, amount, code, claimed in lines
        if amount
    )
