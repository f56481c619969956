"""XML Auditfile Financieel 3.2, which Dutch bookkeeping programs and the tax office read (pure).

Source: XmlAuditfileFinancieel3.2.xsd (auditfiles.nl, 2014). The totals of all transactions stand
before the first of them, so the books are read twice: once to check and to add up, once to write.
"""

from collections.abc import Iterator

from payments.bookkeeping.audit import Audit, BooksRefusedError, Totals, check, totals
from payments.bookkeeping.books import Books, Journal, Relation, Transaction, TransactionLine
from payments.bookkeeping.decimals import decimal, percentage
from payments.bookkeeping.markup import DECLARATION, clean, encoded, group, leaf
from payments.bookkeeping.parties import Address, Party

NAMESPACE = "http://www.auditfiles.nl/XAF/3.2"
SOFTWARE = "OK"

# What the schema has room for, where it is less than what we may hold.
SHORT, LONG, FISCAL_YEAR, POSTAL_CODE, TAX_NUMBER = 50, 999, 9, 10, 30

Elements = list[str]


def write_xaf(books: Books, *, software_version: str = "") -> Iterator[bytes]:
    """Check the books, then return their auditfile in pieces.

    Raises ``BooksRefusedError`` at once when they do not add up. It is raised halfway, and the
    file stays unfinished, only when the second reading gives other transactions than the first.
    """
    added = check(books)
    return encoded(_file(books, added, software_version))


def _file(books: Books, added: Totals, software_version: str) -> Iterator[str]:
    yield DECLARATION
    yield f'<auditfile xmlns="{NAMESPACE}">'
    yield from _header(books, software_version)
    yield "<company>"
    yield from _company(books.company)
    yield from _relations(books)
    yield from _accounts(books)
    yield from _vat_codes(books)
    yield from _periods(books)
    yield from _opening(books)
    yield from _transactions(books, added)
    yield "</company>"
    yield "</auditfile>"


def _header(books: Books, software_version: str) -> Elements:
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


def _company(party: Party) -> Elements:
    return [
        *leaf("companyIdent", party.kvk),
        *leaf("companyName", clean(party.name, LONG)),
        *leaf("taxRegistrationCountry", party.country),
        *leaf("taxRegIdent", clean(party.vat_number or party.kvk, TAX_NUMBER)),
        *_address(party.address),
    ]


def _address(address: Address | None) -> Elements:
    if address is None:
        return []
    return group(
        "streetAddress",
        leaf("streetname", clean(address.street, LONG)),
        leaf("city", clean(address.city, SHORT)),
        leaf("postalCode", clean(address.postal_code, POSTAL_CODE)),
        leaf("country", address.country),
    )


def _relations(books: Books) -> Elements:
    return group("customersSuppliers", *(_relation(relation) for relation in books.relations))


def _relation(relation: Relation) -> Elements:
    party = relation.party
    country = leaf("taxRegistrationCountry", party.country) if party.vat_number else []
    return group(
        "customerSupplier",
        leaf("custSupID", relation.code),
        leaf("custSupName", clean(party.name, SHORT)),
        leaf("commerceNr", party.kvk),
        country,
        leaf("taxRegIdent", clean(party.vat_number, TAX_NUMBER)),
        leaf("custSupTp", relation.type.value),
        _address(party.address),
    )


def _accounts(books: Books) -> Elements:
    return group(
        "generalLedger",
        *(
            group(
                "ledgerAccount",
                leaf("accID", account.code),
                leaf("accDesc", clean(account.name, LONG)),
                leaf("accTp", account.type.value),
                leaf("leadCode", clean(account.reference, LONG)),
            )
            for account in books.accounts
        ),
    )


def _vat_codes(books: Books) -> Elements:
    return group(
        "vatCodes",
        *(
            group(
                "vatCode",
                leaf("vatID", code.code),
                leaf("vatDesc", clean(code.name, LONG)),
                leaf("vatToPayAccID", code.to_pay),
                leaf("vatToClaimAccID", code.to_claim),
            )
            for code in books.vat_codes
        ),
    )


def _periods(books: Books) -> Elements:
    return group(
        "periods",
        *(
            group(
                "period",
                leaf("periodNumber", period.number),
                leaf("periodDesc", clean(period.name, SHORT)),
                leaf("startDatePeriod", period.first),
                leaf("endDatePeriod", period.last),
            )
            for period in books.periods
        ),
    )


def _opening(books: Books) -> Elements:
    return group(
        "openingBalance",
        leaf("opBalDate", books.first_day),
        _sums(totals(line.amount for line in books.opening)),
        *(
            group("obLine", leaf("nr", number), leaf("accID", line.account), _amount(line.amount))
            for number, line in enumerate(books.opening, start=1)
        ),
    )


def _transactions(books: Books, added: Totals) -> Iterator[str]:
    audit = Audit(books)
    rates = {code.code: percentage(code.vat.rate_bp) for code in books.vat_codes}
    yield "<transactions>"
    yield from _sums(added)
    for journal in books.journals():
        yield from _journal(journal, audit, rates)
    if audit.totals != added:
        message = f"the books changed while they were written: {added} became {audit.totals}"
        raise BooksRefusedError(message)
    yield "</transactions>"


def _journal(journal: Journal, audit: Audit, rates: dict[str, str]) -> Iterator[str]:
    yield "<journal>"
    yield from leaf("jrnID", journal.code)
    yield from leaf("desc", clean(journal.name, LONG))
    yield from leaf("jrnTp", journal.type.value)
    for transaction in audit.transactions(journal):
        yield from _transaction(transaction, audit, rates)
    yield "</journal>"


def _transaction(transaction: Transaction, audit: Audit, rates: dict[str, str]) -> Elements:
    return group(
        "transaction",
        leaf("nr", transaction.number),
        leaf("desc", clean(transaction.text, LONG)),
        leaf("periodNumber", audit.period_of(transaction.day).number),
        leaf("trDt", transaction.day),
        *(
            _line(number, line, transaction, rates)
            for number, line in enumerate(transaction.lines, start=1)
        ),
    )


def _line(
    number: int, line: TransactionLine, transaction: Transaction, rates: dict[str, str]
) -> Elements:
    return group(
        "trLine",
        leaf("nr", number),
        leaf("accID", line.account),
        leaf("docRef", clean(line.document, LONG)),
        leaf("effDate", transaction.day),
        leaf("desc", clean(line.text, LONG)),
        _amount(line.amount),
        leaf("matchKeyID", line.match),
        leaf("custSupID", line.relation),
        leaf("invRef", clean(line.invoice, LONG)),
        _vat(line, rates),
    )


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
