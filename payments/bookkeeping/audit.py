"""Proves that books add up before a byte of them is written (pure)."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NoReturn

from payments.bookkeeping.books import BookPeriod, Books, Journal, Transaction, TransactionLine
from payments.bookkeeping.markup import clean

IDENTIFIER_LENGTH = 35
"""What XAF has room for in an identifier (IdentificationString35)."""


class BooksRefusedError(ValueError):
    """The books do not add up, or name something that they do not have; nothing may be written."""


@dataclass(frozen=True, slots=True)
class Totals:
    """How many lines there are, and what they sum to on each side."""

    lines: int
    debit: int
    credit: int


def totals(amounts: Iterable[int]) -> Totals:
    """Add up amounts, debit and credit apart."""
    lines = debit = credit = 0
    for amount in amounts:
        lines += 1
        debit += max(amount, 0)
        credit += max(-amount, 0)
    return Totals(lines, debit, credit)


class Audit:
    """Lets transactions through one by one, checked, and keeps the totals.

    Nothing else is kept, so that a year of any size takes no memory. Raises
    ``BooksRefusedError``.
    """

    def __init__(self, books: Books) -> None:
        self._accounts = _codes("account", [(line.code, line.name) for line in books.accounts])
        self._relations = _codes(
            "relation", [(line.code, line.party.name) for line in books.relations]
        )
        self._vat_codes = _codes("VAT code", [(line.code, line.name) for line in books.vat_codes])
        self._periods = _in_order(books)
        self._starts = [period.first for period in self._periods]
        self._lines = self._debit = self._credit = 0

    @property
    def totals(self) -> Totals:
        """Return the totals of what was let through."""
        return Totals(self._lines, self._debit, self._credit)

    def period_of(self, day: date) -> BookPeriod:
        """Return the period that a day falls in; refuse a day outside all."""
        index = bisect_right(self._starts, day) - 1
        if index < 0 or day > self._periods[index].last:
            _refuse(f"{day} falls in no period of these books")
        return self._periods[index]

    def account(self, code: str, where: str) -> None:
        """Refuse an account that the books do not have."""
        if code not in self._accounts:
            _refuse(f"{where}: there is no account {code!r}")

    def transactions(self, journal: Journal) -> Iterator[Transaction]:
        """Yield a journal's transactions, each one checked first."""
        before = 0
        for transaction in journal.transactions:
            if transaction.number <= before:
                _refuse(f"journal {journal.code}: {transaction.number} comes after {before}")
            before = transaction.number
            self._check(transaction, f"journal {journal.code}, transaction {transaction.number}")
            yield transaction

    def _check(self, transaction: Transaction, where: str) -> None:
        added = totals(line.amount for line in transaction.lines)
        if added.debit != added.credit or not added.lines:
            _refuse(f"{where}: debit {added.debit} is not credit {added.credit}")
        self.period_of(transaction.day)
        for line in transaction.lines:
            self._check_line(line, where)
        self._lines += added.lines
        self._debit += added.debit
        self._credit += added.credit

    def _check_line(self, line: TransactionLine, where: str) -> None:
        self.account(line.account, where)
        if line.relation and line.relation not in self._relations:
            _refuse(f"{where}: there is no relation {line.relation!r}")
        if line.vat_code and line.vat_code not in self._vat_codes:
            _refuse(f"{where}: there is no VAT code {line.vat_code!r}")
        if line.vat_amount and not line.vat_code:
            _refuse(f"{where}: VAT without a VAT code")
        if not clean(line.document):
            _refuse(f"{where}: a line names the document that it rests on")
        if len(line.match) > IDENTIFIER_LENGTH:
            _refuse(f"{where}: {line.match!r} is too long")


def check(books: Books) -> Totals:
    """Read all books once and return the totals of their transactions.

    Raises ``BooksRefusedError`` when anything does not add up.
    """
    audit = Audit(books)
    if not clean(books.fiscal_year):
        _refuse("books have a year")
    opening = totals(line.amount for line in books.opening)
    if opening.debit != opening.credit:
        _refuse(f"opening balance: debit {opening.debit} is not credit {opening.credit}")
    for line in books.opening:
        audit.account(line.account, "opening balance")
    for vat in books.vat_codes:
        for code in filter(None, (vat.to_pay, vat.to_claim)):
            audit.account(code, f"VAT code {vat.code}")
    named = []
    for journal in books.journals():
        named.append((journal.code, journal.name))
        for _transaction in audit.transactions(journal):
            pass
    _codes("journal", named)
    return audit.totals


def _codes(what: str, named: Sequence[tuple[str, str]]) -> frozenset[str]:
    """Return the codes as a set; refuse one that is there twice or that no file can hold."""
    unique = frozenset(code for code, _name in named)
    if len(unique) < len(named):
        _refuse(f"a {what} is there twice")
    for code, name in named:
        if not code or clean(code, IDENTIFIER_LENGTH) != code:
            _refuse(f"{code!r} is no code for a {what}")
        if not clean(name):
            _refuse(f"{what} {code} has no name")
    return unique


def _in_order(books: Books) -> Sequence[BookPeriod]:
    """Return the periods when each begins after the one before, within the year."""
    number, last = 0, None
    for period in books.periods:
        if period.number <= number or (last is not None and period.first <= last):
            _refuse(f"period {period.number} does not come after {number}")
        if not books.first_day <= period.first <= period.last <= books.last_day:
            _refuse(f"period {period.number} is not within the year")
        number, last = period.number, period.last
    return books.periods


def _refuse(message: str) -> NoReturn:
    raise BooksRefusedError(message)
