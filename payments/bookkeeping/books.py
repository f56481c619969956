"""A merchant's books of one year, as plain values for whoever writes a file of them (pure).

Amounts are integers in minor units: **positive is debit, negative is credit**, as bookkeepers
read them. The ledger of ``payments.chart`` says what OK owes the merchant; that is the merchant's
debit, so the sign stays. ``payments.bookkeeping.audit`` proves that they add up.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from payments.bookkeeping.parties import Party
from payments.bookkeeping.vat import Vat


class AccountType(StrEnum):
    """Where an account stands at the end of the year (XAF's accTp)."""

    BALANCE_SHEET = "B"
    PROFIT_AND_LOSS = "P"
    MIXED = "M"


class JournalType(StrEnum):
    """What a journal is about (XAF's jrnTp)."""

    BANK = "B"
    CASH = "C"
    GENERAL = "G"
    MEMORIAL = "M"
    OPENING = "O"
    PURCHASES = "P"
    SALES = "S"


class RelationType(StrEnum):
    """What a relation is to the merchant (XAF's custSupTp)."""

    BOTH = "B"
    CUSTOMER = "C"
    OTHER = "O"
    SUPPLIER = "S"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A customer or supplier. Shoppers are not among them: the books do not say who bought."""

    code: str
    party: Party
    type: RelationType


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerAccount:
    """An account of the merchant's chart; ``reference`` is its RGS code, if it has one."""

    code: str
    name: str
    type: AccountType
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VatCode:
    """What a VAT code of the lines means, and the accounts it is owed or claimed on."""

    code: str
    name: str
    vat: Vat
    to_pay: str = ""
    to_claim: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookPeriod:
    """A part of the year, from 1; a transaction belongs to the period that its day falls in."""

    number: int
    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """What stood on an account when the year began."""

    account: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionLine:
    """One line of a transaction.

    ``document`` names what it rests on (a receipt, an invoice). Lines with the same ``match``
    belong together: the sales of a payout carry the payout's reference, so that nobody has to
    match them by hand. ``vat_amount`` is the VAT that this line is about, debit above zero.
    """

    account: str
    amount: int
    document: str
    text: str = ""
    match: str = ""
    relation: str = ""
    invoice: str = ""
    vat_code: str = ""
    vat_amount: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """Lines that sum to zero; ``number`` rises within its journal (the posting's id does)."""

    number: int
    day: date
    text: str
    lines: Sequence[TransactionLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """A journal; its transactions may be a stream."""

    code: str
    name: str
    type: JournalType
    transactions: Iterable[Transaction]


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Everything of one merchant and one year.

    ``journals`` is called twice, to check and to write, and gives the same both times: read both
    from one snapshot. ``periods`` stand in order and do not overlap.
    """

    company: Party
    currency: str
    fiscal_year: str
    first_day: date
    last_day: date
    created_on: date
    accounts: Sequence[LedgerAccount]
    periods: Sequence[BookPeriod]
    journals: Callable[[], Iterable[Journal]]
    relations: Sequence[Relation] = ()
    vat_codes: Sequence[VatCode] = ()
    opening: Sequence[OpeningLine] = ()
