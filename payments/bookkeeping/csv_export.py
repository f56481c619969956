"""A merchant's books as CSV: a line for each line of the ledger, for any spreadsheet (pure).

RFC 4180, in UTF-8 with a byte order mark, because Excel takes a file without one for an old code
page. What people wrote is never a formula: a spreadsheet would run it (OWASP, CSV Injection).
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from unicodedata import normalize

from payments.bookkeeping.audit import Audit, check
from payments.bookkeeping.books import Books, Journal, Transaction
from payments.bookkeeping.decimals import decimal
from payments.bookkeeping.markup import clean, encoded

BYTE_ORDER_MARK = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@")
"""How a formula begins; a tab or a return before it is collapsed."""

COLUMNS = {
    "nl": (
        "Dagboek",
        "Boekstuk",
        "Datum",
        "Rekening",
        "Rekeningnaam",
        "Omschrijving",
        "Document",
        "Factuur",
        "Relatie",
        "Uitbetaling",
        "Debet",
        "Credit",
        "Btw-code",
        "Btw-bedrag",
        "Munt",
    ),
    "en": (
        "Journal",
        "Transaction",
        "Date",
        "Account",
        "Account name",
        "Description",
        "Document",
        "Invoice",
        "Relation",
        "Payout",
        "Debit",
        "Credit",
        "VAT code",
        "VAT amount",
        "Currency",
    ),
}


class Separator(Enum):
    """What stands between two fields: Dutch spreadsheets expect a semicolon."""

    SEMICOLON = ";"
    COMMA = ","


POINTS = {"nl": ",", "en": "."}


@dataclass(frozen=True, slots=True)
class CsvForm:
    """How a merchant wants its file; ``language`` (nl, en) also says what a decimal looks like."""

    language: str
    separator: Separator = Separator.SEMICOLON


def write_csv(books: Books, form: CsvForm) -> Iterator[bytes]:
    """Check the books, then return their lines in pieces.

    Raises ``BooksRefusedError`` at once when they do not add up, ``KeyError`` for a language that
    is not ours.
    """
    columns, point = COLUMNS[form.language], POINTS[form.language]
    check(books)
    return encoded(_lines(books, columns, point, form.separator.value), newline="\r\n")


def _lines(books: Books, columns: tuple[str, ...], point: str, separator: str) -> Iterator[str]:
    audit = Audit(books)
    names = {account.code: account.name for account in books.accounts}
    yield BYTE_ORDER_MARK + _record(columns, separator)
    for journal in books.journals():
        for transaction in audit.transactions(journal):
            for fields in _fields(journal, transaction, names, point):
                yield _record([*fields, books.currency], separator)


def _fields(
    journal: Journal, transaction: Transaction, names: dict[str, str], point: str
) -> Iterator[list[str]]:
    for line in transaction.lines:
        yield [
            harmless(journal.code),
            str(transaction.number),
            transaction.day.isoformat(),
            harmless(line.account),
            harmless(names[line.account]),
            harmless(line.text or transaction.text),
            harmless(line.document),
            harmless(line.invoice),
            harmless(line.relation),
            harmless(line.match),
            decimal(line.amount, point=point) if line.amount >= 0 else "",
            decimal(-line.amount, point=point) if line.amount < 0 else "",
            harmless(line.vat_code),
            decimal(line.vat_amount, point=point) if line.vat_code else "",
        ]


def harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: an apostrophe before what would be."""
    plain = clean(text)
    # Some spreadsheets read the wide characters of Japanese keyboards as the usual ones.
    return f"'{plain}" if normalize("NFKC", plain).startswith(FORMULA_STARTS) else plain


def _record(fields: Iterable[str], separator: str) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator, lineterminator="").writerow(fields)
    return buffer.getvalue()
