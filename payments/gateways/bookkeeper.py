"""The door to a merchant's bookkeeping program: what goes there, and what it may answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from payments.gateways import GatewayError


class NotTakenError(GatewayError):
    """The program took nothing, for certain, and may take it later: it was busy, or not there."""


class RefusedError(GatewayError):
    """The program took nothing, for certain, and will not until a person has mended something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """One line of a day's statement, in minor units; ``id`` is the posting's, unique for us."""

    id: str
    amount: int
    text: str
    batch: str = ""
    contra_iban: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayStatement:
    """A day of the merchant's account at OK, and what it held after it."""

    reference: str
    day: date
    balance: int
    mutations: Sequence[Mutation]


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """One line of an invoice from OK, VAT not included."""

    text: str
    net: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """An invoice from OK; a credit note has lines below zero."""

    number: str
    day: date
    due: date
    lines: Sequence[BillLine]


class Bookkeeper(Protocol):
    """One merchant's administration in such a program.

    Every method is a call to the outside; none may run inside a transaction. They raise
    ``NotTakenError`` or ``RefusedError``, and ``GatewayError`` when nobody knows whether the
    program acted: then it is looked up before it is tried again.
    """

    def add_statement(self, statement: DayStatement) -> str:
        """Lay a day's statement down; return what the program calls it."""

    def find_statement(self, statement: DayStatement) -> str | None:
        """Return what the program calls a statement that it has; None for one it never took."""

    def add_bill(self, bill: Bill) -> str:
        """Lay an invoice down; return what the program calls it."""

    def find_bill(self, bill: Bill) -> str | None:
        """Return what the program calls an invoice that it has; None for one it never took."""
