"""The files of a merchant's account at OK, for its bookkeeper: each whole, and the same each time.

Only terms that are over can be had. What a day's books say never changes, and what comes after a
term (a later payout) does not stand in its files; so the same file has the same bytes for ever.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import partial
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.errors import Refusal
from okplatform.parties.models import Merchant
from payments.account_queries import Booked
from payments.bankfiles import camt_writing, mt940_writing
from payments.bankfiles.lines import BankLine, StatementClosed, StatementOpened
from payments.bookkeeping.account_books import (
    BALANCE,
    JOURNAL,
    NAMES,
    OK,
    OPENING,
    accounts,
    bank_line_of,
    transaction_of,
    vat_code,
)
from payments.bookkeeping.books import (
    Books,
    Journal,
    JournalType,
    OpeningLine,
    Relation,
    RelationType,
)
from payments.bookkeeping.csv_export import CsvForm, write_csv
from payments.bookkeeping.invoices import Period
from payments.bookkeeping.terms import months
from payments.bookkeeping.vat import Vat, VatCategory, dated_rates
from payments.bookkeeping.xaf import XafVersion, write_xaf
from payments.calendar import ZONE, local_day
from payments.chart import EUR
from payments.invoicing import buyer, party, seller
from payments.models import InvoiceFile, InvoiceForm


class AccountFileForm(StrEnum):
    """In which forms the account can be had."""

    CAMT_053 = "camt053"
    MT940 = "mt940"
    XAF_32 = "xaf32"
    XAF_40 = "xaf40"
    CSV = "csv"
    UBL = "ubl"


ENDINGS = {
    AccountFileForm.CAMT_053: ("xml", "application/xml"),
    AccountFileForm.MT940: ("sta", "text/plain; charset=us-ascii"),
    AccountFileForm.XAF_32: ("xaf", "application/xml"),
    AccountFileForm.XAF_40: ("xaf", "application/xml"),
    AccountFileForm.CSV: ("csv", "text/csv; charset=utf-8"),
    AccountFileForm.UBL: ("zip", "application/zip"),
}


class TermNotOver(Refusal):
    """The books of the term are not closed yet."""

    code = "term_not_over"
    status = 422
    sentence = _("This period is not over yet. Choose one that is, or come back the day after it.")


@dataclass(frozen=True, slots=True)
class AccountFile:
    """A file to be: its name, what it is, and its bytes, piece by piece."""

    name: str
    content_type: str
    pieces: Iterator[bytes]


def account_file(
    *, form: AccountFileForm, merchant: Merchant, term: str, period: Period, now: datetime
) -> AccountFile:
    """Return a file of a merchant's live account over a term; the merchant's scope is open.

    ``term`` is the period's name, for the file's. Raises ``TermNotOver``.
    """
    if period.last >= local_day(now):
        raise TermNotOver
    account = _Account(merchant, period)
    write: dict[AccountFileForm, Callable[[], Iterator[bytes]]] = {
        AccountFileForm.CAMT_053: account.camt053,
        AccountFileForm.MT940: account.mt940,
        AccountFileForm.XAF_32: partial(account.xaf, XafVersion.XAF_32),
        AccountFileForm.XAF_40: partial(account.xaf, XafVersion.XAF_40),
        AccountFileForm.CSV: account.csv,
        AccountFileForm.UBL: account.ubl,
    }
    ending, content_type = ENDINGS[form]
    name = f"OK-{merchant.reference}-{term}-{form}.{ending}"
    return AccountFile(name, content_type, write[form]())


def statement_iban(merchant_id: int) -> str:
    """Return the number under which bookkeeping programs know a merchant's account at OK.

    It has the form and the check digits of a Dutch IBAN (ISO 13616) of a bank that does not exist:
    programs want one, and nobody can pay to it.
    """
    bban = f"OKOK{merchant_id:010}"
    digits = "".join(str(int(character, 36)) for character in f"{bban}NL00")
    return f"NL{98 - int(digits) % 97:02}{bban}"


def midnight(day: date) -> datetime:
    """Return the moment at which a day begins for the banks."""
    return datetime.combine(day, time(), ZONE).astimezone(UTC)


class _Account:
    """One merchant's live account over a period."""

    def __init__(self, merchant: Merchant, period: Period) -> None:
        self.merchant, self.period = merchant, period
        self.language = merchant.language
        self.ends_at = midnight(period.last + timedelta(days=1))
        self.booked = Booked(merchant.pk, since=midnight(period.first), until=self.ends_at)
        self.opening, self.total, self.count = self.booked.totals()

    def camt053(self) -> Iterator[bytes]:
        """Write the statement as camt.053."""
        name = f"{self.period.first}/{self.period.last}"
        head, foot = self._opened("camt.053", name), self._closed()
        return camt_writing.write(head, self._bank_lines(), foot, created_at=self.ends_at)

    def mt940(self) -> Iterator[bytes]:
        """Write the statement as MT940; its number is the year and the day on which it ends."""
        head = self._opened("MT940", f"{self.period.last:%y%j}")
        return mt940_writing.write(head, self._bank_lines(), self._closed())

    def xaf(self, version: XafVersion) -> Iterator[bytes]:
        """Write the books as an auditfile."""
        return write_xaf(self._books(), version=version)

    def csv(self) -> Iterator[bytes]:
        """Write the books for a spreadsheet."""
        return write_csv(self._books(), CsvForm(language=self.language))

    def ubl(self) -> Iterator[bytes]:
        """Pack the invoices that were issued in the period."""
        kept = InvoiceFile.objects.filter(
            form=InvoiceForm.UBL,
            invoice__merchant=self.merchant,
            invoice__issued_on__range=(self.period.first, self.period.last),
        ).order_by("invoice__number")
        packed = BytesIO()
        with ZipFile(packed, "w") as archive:
            for number, content in kept.values_list("invoice__number", "content"):
                member = ZipInfo(f"OK-{number}.xml", (self.period.last.year, 1, 1, 0, 0, 0))
                member.compress_type = ZIP_DEFLATED
                archive.writestr(member, bytes(content))
        yield packed.getvalue()

    def _opened(self, kind: str, number: str) -> StatementOpened:
        return StatementOpened(
            kind=kind,
            message_id=f"OK{self.merchant.pk}-{self.period.last:%y%m%d}"[:16],
            number=number,
            iban=statement_iban(self.merchant.pk),
            currency=EUR,
            opening=self.opening,
            first_day=self.period.first,
            last_day=self.period.last,
        )

    def _closed(self) -> StatementClosed:
        closing = self.opening + self.total
        return StatementClosed(lines=self.count, total=self.total, closing=closing)

    def _bank_lines(self) -> Iterator[BankLine]:
        for entry, booking in enumerate(self.booked.bookings(books=False), start=1):
            yield bank_line_of(booking, entry, self.language)

    def _books(self) -> Books:
        rates = {rate for _since, rate in dated_rates()}
        vats = [Vat(VatCategory.STANDARD, rate) for rate in sorted(rates)]
        opening = (OpeningLine(BALANCE, self.opening), OpeningLine(OPENING, -self.opening))
        return Books(
            company=party(buyer(self.merchant)),
            currency=EUR,
            fiscal_year=str(self.period.last.year),
            first_day=self.period.first,
            last_day=self.period.last,
            created_on=self.period.last + timedelta(days=1),
            accounts=accounts(self.language),
            periods=tuple(months(self.period)),
            journals=self._journals,
            relations=(Relation(code=OK, party=party(seller()), type=RelationType.SUPPLIER),),
            vat_codes=tuple(vat_code(vat, self.language) for vat in vats),
            opening=opening if self.opening else (),
        )

    def _journals(self) -> Iterator[Journal]:
        found = self.booked.bookings(books=True)
        yield Journal(
            code=JOURNAL,
            name=NAMES[self.language][JOURNAL],
            type=JournalType.BANK,
            transactions=(transaction_of(booking, self.language) for booking in found),
        )
