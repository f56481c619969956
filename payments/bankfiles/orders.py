"""What we ask our bank to do: transfers and direct debits, and how they go together (pure).

Amounts are integers in euro cents. A file (message) holds batches (PmtInf); the bank books each
batch as one entry under our ``batch_id`` and tells of each order under its ``end_to_end_id``.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from stdnum import iso11649
from stdnum.eu import at_02

from payments.bankfiles.fields import is_iban
from payments.bankfiles.texts import is_reference, reduced

LARGEST = 999_999_999_99
"""The largest amount in SEPA, in cents: the rulebooks' AT-T002, 999 999 999.99."""
NAME, TEXT = 70, 140
MESSAGE_ID = 29
"""How long a message id may be, so that its batches' ids fit in 35."""


class OrderRefused(ValueError):  # noqa: N818 -- it is the order that is refused
    """An order that no file may hold; ``code`` is stable, ``end_to_end_id`` names it."""

    def __init__(self, code: str, sentence: str, end_to_end_id: str = "") -> None:
        """Keep what is wrong with which order."""
        super().__init__(sentence)
        self.code, self.end_to_end_id = code, end_to_end_id


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAccount:
    """Our account at the bank that gets the file."""

    name: str
    iban: str
    bic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Creditor(OwnAccount):
    """Our account with the SEPA creditor identifier (AT-02) that our mandates name."""

    creditor_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One amount to or from an account; ``text`` or ``structured`` (ISO 11649) says what for."""

    end_to_end_id: str
    amount: int
    name: str
    iban: str
    requested_on: date
    text: str = ""
    structured: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(Order):
    """Pay this to that account."""


class SequenceType(StrEnum):
    """Which of a mandate's direct debits this is (SeqTp)."""

    FIRST = "FRST"
    RECURRENT = "RCUR"
    ONE_OFF = "OOFF"
    FINAL = "FNAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectDebit(Order):
    """Collect this from that account, by a mandate that its holder signed."""

    mandate_id: str
    signed_on: date
    sequence: SequenceType


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Orders of one day, and of one sequence type, that the bank books as one entry."""

    batch_id: str
    requested_on: date
    sequence: SequenceType | None
    orders: tuple[Order, ...]


def batches(message_id: str, orders: Sequence[Order]) -> tuple[Batch, ...]:
    """Return the batches of a file, by day and sequence type; always the same for the same orders.

    Their ids are the message's with a number from 1, so that the caller knows them beforehand.
    """
    ordered = sorted(orders, key=_belongs_to)
    return tuple(
        Batch(
            batch_id=f"{message_id}-{number}",
            requested_on=requested_on,
            sequence=SequenceType(sequence) if sequence else None,
            orders=tuple(group),
        )
        for number, ((requested_on, sequence), group) in enumerate(
            groupby(ordered, key=_belongs_to), start=1
        )
    )


def _belongs_to(order: Order) -> tuple[date, str]:
    return order.requested_on, order.sequence if isinstance(order, DirectDebit) else ""


def check(message_id: str, account: OwnAccount, orders: Sequence[Order]) -> None:
    """Raise ``OrderRefused`` for what a bank would refuse, or carry out differently than meant."""
    if not orders:
        raise OrderRefused("no_orders", "A file must ask for something.")
    if len(message_id) > MESSAGE_ID or not is_reference(message_id):
        raise OrderRefused("wrong_reference", f"{message_id!r} cannot be a message's id.")
    if not is_iban(account.iban):
        raise OrderRefused("wrong_iban", "Our own IBAN is not valid.")
    if isinstance(account, Creditor) and not at_02.is_valid(account.creditor_id):
        raise OrderRefused("wrong_creditor_id", "Our creditor identifier is not valid.")
    for order in orders:
        _check(order)
    repeated = [
        name for name, times in Counter(o.end_to_end_id for o in orders).items() if times > 1
    ]
    if repeated:
        sentence = "Two orders of a file have the same end-to-end id."
        raise OrderRefused("repeated_reference", sentence, repeated[0])


def _check(order: Order) -> None:
    name = order.end_to_end_id
    references = [name, order.mandate_id] if isinstance(order, DirectDebit) else [name]
    if not all(map(is_reference, references)):
        raise OrderRefused("wrong_reference", "Banks do not carry this reference unchanged.", name)
    if not 0 < order.amount <= LARGEST:
        sentence = f"{order.amount} is not an amount from 1 to {LARGEST} cents."
        raise OrderRefused("wrong_amount", sentence, name)
    if not is_iban(order.iban):
        raise OrderRefused("wrong_iban", "The IBAN is not valid.", name)
    if not reduced(order.name, NAME):
        raise OrderRefused("no_name", "An account without its holder's name.", name)
    if order.structured and (order.text or not iso11649.is_valid(order.structured)):
        sentence = "A creditor reference (ISO 11649) must be valid, and stand without a text."
        raise OrderRefused("wrong_structured_reference", sentence, name)
