"""XML Auditfile Financieel, which Dutch bookkeeping programs and the tax office read (pure).

Two versions. 3.2: XmlAuditfileFinancieel3.2.xsd (auditfiles.nl, 2014), which programs read today;
4.0: XmlAuditfileFinancieel4.0.xsd (Belastingdienst), which the tax office takes the place of it
with. The totals of all transactions stand before the first of them, so the books are read twice:
once to check and to add up, once to write.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from typing_extensions import override

from payments.bookkeeping.audit import Audit, BooksRefusedError, Totals, check, totals
from payments.bookkeeping.books import (
    AccountType,
    BookPeriod,
    Books,
    Journal,
    LedgerAccount,
    Relation,
    RelationType,
    Transaction,
    TransactionLine,
)
from payments.bookkeeping.decimals import decimal, percentage
from payments.bookkeeping.markup import DECLARATION, clean, encoded, group, leaf
from payments.bookkeeping.parties import Address, Party

SOFTWARE = "OK"
UNVERSIONED = "1"

# What the schemas have room for, where it is less than what we may hold.
SHORT, LONG, FISCAL_YEAR, POSTAL_CODE, TAX_NUMBER = 50, 999, 9, 10, 30
MEDIUM, STREET = 255, 100

Elements = list[str]


class XafVersion(StrEnum):
    """The versions that we write."""

    XAF_32 = "3.2"
    XAF_40 = "4.0"


NAMESPACES = {
    XafVersion.XAF_32: "http://www.auditfiles.nl/XAF/3.2",
    XafVersion.XAF_40: (
        "http://www.odb.belastingdienst.nl/Belastingdienst/BCPP/1.1/structures/XmlauditfileXAF_4.0"
    ),
}


def write_xaf(
    books: Books, *, version: XafVersion = XafVersion.XAF_32, software_version: str = ""
) -> Iterator[bytes]:
    """Check the books, then return their auditfile in pieces.

    Raises ``BooksRefusedError`` at once when they do not add up. It is raised halfway, and the
    file stays unfinished, only when the second reading gives other transactions than the first.
    """
    added = check(books)
    form = _Xaf40(books) if version is XafVersion.XAF_40 else _Xaf32(books)
    return encoded(form.file(added, software_version))


@dataclass(frozen=True, slots=True)
class _Xaf32:
    """The elements of one file in their order; what 4.0 says in another way, it overrides."""

    books: Books

    @property
    def version(self) -> XafVersion:
        return XafVersion.XAF_32

    def file(self, added: Totals, software_version: str) -> Iterator[str]:
        yield DECLARATION
        yield f'<auditfile xmlns="{NAMESPACES[self.version]}">'
        yield from self.header(software_version)
        yield "<company>"
        yield from self.company(self.books.company)
        yield from group("customersSuppliers", *map(self.relation, self.books.relations))
        yield from group("generalLedger", *map(self.account, self.books.accounts))
        yield from self.vat_codes()
        yield from group("periods", *map(self.period, self.books.periods))
        yield from self.opening()
        yield from self.transactions(added)
        yield "</company>"
        yield "</auditfile>"

    def header(self, software_version: str) -> Elements:
        books = self.books
        return group(
            "header",
            leaf("fiscalYear", clean(books.fiscal_year, FISCAL_YEAR)),
            leaf("startDate", books.first_day),
            leaf("endDate", books.last_day),
            leaf("curCode", books.currency),
            leaf("dateCreated", books.created_on),
            leaf("softwareDesc", SOFTWARE),
            leaf("softwareVersion", clean(software_version, 20)),
        )

    def company(self, party: Party) -> Elements:
        return [
            *leaf("companyIdent", party.kvk),
            *leaf("companyName", clean(party.name, LONG)),
            *leaf("taxRegistrationCountry", party.country),
            *leaf("taxRegIdent", clean(party.vat_number or party.kvk, TAX_NUMBER)),
            *self.address(party.address),
        ]

    def address(self, address: Address | None) -> Elements:
        if address is None:
            return []
        return group(
            "streetAddress",
            leaf("streetname", clean(address.street, STREET)),
            leaf("city", clean(address.city, SHORT)),
            leaf("postalCode", clean(address.postal_code, POSTAL_CODE)),
            leaf("country", address.country),
        )

    def relation(self, relation: Relation) -> Elements:
        party = relation.party
        country = leaf("taxRegistrationCountry", party.country) if party.vat_number else []
        return group(
            "customerSupplier",
            leaf("custSupID", relation.code),
            leaf("custSupName", clean(party.name, SHORT)),
            leaf("commerceNr", party.kvk),
            country,
            leaf("taxRegIdent", clean(party.vat_number, TAX_NUMBER)),
            self.relation_type(relation.type),
            self.address(party.address),
        )

    def relation_type(self, kind: RelationType) -> Elements:
        return leaf("custSupTp", kind.value)

    def account(self, account: LedgerAccount) -> Elements:
        return group(
            "ledgerAccount",
            leaf("accID", account.code),
            leaf("accDesc", clean(account.name, LONG)),
            leaf("accTp", account.type.value),
            leaf("leadCode", clean(account.reference, LONG)),
        )

    def vat_codes(self) -> Elements:
        return group(
            "vatCodes",
            *(
                group(
                    "vatCode",
                    leaf("vatID", code.code),
                    leaf("vatDesc", clean(code.name, STREET)),
                    leaf("vatToPayAccID", code.to_pay),
                    leaf("vatToClaimAccID", code.to_claim),
                )
                for code in self.books.vat_codes
            ),
        )

    def period(self, period: BookPeriod) -> Elements:
        return group(
            "period",
            leaf("periodNumber", period.number),
            leaf("periodDesc", clean(period.name, SHORT)),
            leaf("startDatePeriod", period.first),
            leaf("endDatePeriod", period.last),
        )

    def opening(self) -> Elements:
        return group(
            "openingBalance",
            leaf("opBalDate", self.books.first_day),
            *self.opening_lines(),
        )

    def opening_lines(self) -> Iterator[Elements]:
        opening = self.books.opening
        yield _sums(totals(line.amount for line in opening))
        for number, line in enumerate(opening, start=1):
            yield group(
                "obLine", leaf("nr", number), leaf("accID", line.account), _amount(line.amount)
            )

    def transactions(self, added: Totals) -> Iterator[str]:
        audit = Audit(self.books)
        rates = {code.code: percentage(code.vat.rate_bp) for code in self.books.vat_codes}
        yield "<transactions>"
        yield from _sums(added)
        for journal in self.books.journals():
            yield from self.journal(journal, audit, rates)
        if audit.totals != added:
            message = f"the books changed while they were written: {added} became {audit.totals}"
            raise BooksRefusedError(message)
        yield "</transactions>"

    def journal(self, journal: Journal, audit: Audit, rates: dict[str, str]) -> Iterator[str]:
        yield "<journal>"
        yield from leaf("jrnID", journal.code)
        yield from leaf("desc", clean(journal.name, LONG))
        yield from leaf("jrnTp", journal.type.value)
        for transaction in audit.transactions(journal):
            yield from self.transaction(transaction, audit, rates)
        yield "</journal>"

    def transaction(
        self, transaction: Transaction, audit: Audit, rates: dict[str, str]
    ) -> Elements:
        return group(
            "transaction",
            leaf("nr", transaction.number),
            leaf("desc", clean(transaction.text, LONG)),
            leaf("periodNumber", audit.period_of(transaction.day).number),
            leaf("trDt", transaction.day),
            *(
                self.line(number, line, transaction, rates)
                for number, line in enumerate(transaction.lines, start=1)
            ),
        )

    def line(
        self, number: int, line: TransactionLine, transaction: Transaction, rates: dict[str, str]
    ) -> Elements:
        return group(
            "trLine",
            leaf("nr", number),
            leaf("accID", line.account),
            leaf("docRef", clean(line.document, MEDIUM)),
            leaf("effDate", transaction.day),
            *self.about(line),
            leaf("custSupID", line.relation),
            leaf("invRef", clean(line.invoice, MEDIUM)),
            _vat(line, rates),
        )

    def about(self, line: TransactionLine) -> Iterator[Elements]:
        yield leaf("desc", clean(line.text, LONG))
        yield _amount(line.amount)
        yield leaf("matchKeyID", line.match)


class _Xaf40(_Xaf32):
    """What 4.0 calls otherwise, no longer has, or demands."""

    __slots__ = ()

    @property
    @override
    def version(self) -> XafVersion:
        return XafVersion.XAF_40

    @override
    def header(self, software_version: str) -> Elements:
        return _Xaf32.header(self, software_version or UNVERSIONED)

    @override
    def company(self, party: Party) -> Elements:
        return [
            *leaf("Commercenr", party.kvk),
            *leaf("companyName", clean(party.name, MEDIUM)),
            *leaf("taxRegistrationCountry", party.country),
            *leaf("taxRegIdent", clean(party.vat_number or party.kvk, TAX_NUMBER)),
            *self.address(party.address),
        ]

    @override
    def relation_type(self, kind: RelationType) -> Elements:
        # Neither customer nor supplier has no letter any more.
        return [] if kind is RelationType.OTHER else leaf("custSupTp", kind.value)

    @override
    def account(self, account: LedgerAccount) -> Elements:
        # Nor has an account that may stand on either side: it is on the balance sheet.
        mixed = account.type is AccountType.MIXED
        kind = AccountType.BALANCE_SHEET if mixed else account.type
        return group(
            "ledgerAccount",
            leaf("accID", account.code),
            leaf("accDesc", clean(account.name, MEDIUM)),
            leaf("accTp", kind.value),
            leaf("RGScode", clean(account.reference, MEDIUM)),
        )

    @override
    def period(self, period: BookPeriod) -> Elements:
        return group(
            "period",
            leaf("periodNumber", period.number),
            leaf("startDatePeriod", period.first),
            leaf("endDatePeriod", period.last),
        )

    @override
    def opening(self) -> Elements:
        return group("openingBalance", *self.opening_lines())

    @override
    def about(self, line: TransactionLine) -> Iterator[Elements]:
        # There is no key to match by: what belongs together says so in words.
        yield leaf("desc", clean(f"{line.text} {line.match}", LONG))
        yield _amount(line.amount)


def _vat(line: TransactionLine, rates: dict[str, str]) -> Elements:
    if not line.vat_code:
        return []
    return group(
        "vat",
        leaf("vatID", line.vat_code),
        leaf("vatPerc", rates[line.vat_code]),
        leaf("vatAmnt", decimal(abs(line.vat_amount))),
        leaf("vatAmntTp", _side(line.vat_amount)),
    )


def _sums(added: Totals) -> Elements:
    return [
        *leaf("linesCount", added.lines),
        *leaf("totalDebit", decimal(added.debit)),
        *leaf("totalCredit", decimal(added.credit)),
    ]


def _amount(amount: int) -> Elements:
    return [*leaf("amnt", decimal(abs(amount))), *leaf("amntTp", _side(amount))]


def _side(amount: int) -> str:
    return "C" if amount < 0 else "D"
