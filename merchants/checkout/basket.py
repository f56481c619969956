"""The basket a till sends, checked and in plain values; pure, no Django.

Amounts are integers in minor units, VAT included. ``unit_price`` is per piece, or per 1,000 gram or
millilitre.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property

import orjson

from okplatform.trade.facts import DEPOSIT_RETURN, GOODS, TenderFacts

PER_THOUSAND = 1_000
PIECE = "piece"
# A till may round a weighed line its own way; more than a cent apart is a mistake.
WEIGHED_TOLERANCE = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line as the till sent it, with its gross amount worked out.

    ``kind`` is goods, or a deposit that no offer touches; returned empties have a negative
    ``gross``.
    ``minimum_age`` is how old the buyer must be, in years; 0 asks nothing.
    """

    number: int
    sku: str
    name: str
    category: str
    quantity: int
    unit: str
    unit_price: int
    gross: int
    vat_rate_bp: int
    kind: str = GOODS
    minimum_age: int = 0

    def said(self) -> dict[str, object]:
        """Return what the till said, for the fingerprint.

        Of plain goods it is what it was before there were other kinds, so that a till that repeats
        a call from before then hears the same answer.
        """
        said = {name: getattr(self, name) for name in _ALWAYS_SAID}
        if self.kind != GOODS or self.minimum_age:
            said |= {"kind": self.kind, "minimum_age": self.minimum_age}
        return said


_ALWAYS_SAID = tuple(one.name for one in fields(Line) if one.name not in {"kind", "minimum_age"})


@dataclass(frozen=True, kw_only=True)
class Basket:
    """What is bought, where, at which revision.

    ``code`` is the wallet code as it was scanned, or empty; ``code_digest`` its fingerprint, which
    may be kept when the code may not. ``coupons`` are codes in their plain form; ``points`` is how
    many the customer wants to spend (``loyalty.engine.ALL_POINTS``: as many as may be), ``reward``
    what else they are to buy.
    """

    revision: int
    store: str | None
    terminal: str | None
    operator: str
    language: str
    currency: str
    reference: str
    code: str
    code_digest: str
    lines: tuple[Line, ...]
    coupons: tuple[str, ...] = ()
    points: int = 0
    reward: int = 0

    @property
    def gross(self) -> int:
        """Return what the lines add up to."""
        return sum(line.gross for line in self.lines)

    @property
    def goods(self) -> Sequence[Line]:
        """Return the lines that offers and points may touch."""
        return [line for line in self.lines if line.kind == GOODS]

    @property
    def minimum_age(self) -> int:
        """Return how old the buyer must be; 0 where nothing asks it."""
        return max((line.minimum_age for line in self.lines), default=0)

    @cached_property
    def fingerprint(self) -> bytes:
        """Return SHA-256 over everything but the revision: a repeated call has the same one."""
        said = (
            self.store,
            self.terminal,
            self.operator,
            self.language,
            self.currency,
            self.reference,
            self.code_digest,
            [line.said() for line in self.lines],
            # Not for a basket without: it keeps the fingerprint it had before there were coupons.
            *([self.coupons] if self.coupons else ()),
            *([self.points, self.reward] if self.points or self.reward else ()),
        )
        return hashlib.sha256(orjson.dumps(said)).digest()


def one_amount(
    *,
    amount: int,
    store: str | None,
    currency: str,
    language: str,
    description: str,
    reference: str,
    vat_rate_bp: int,
) -> Basket:
    """Return one amount as a basket of one line: what a link or a short request asks for."""
    line = Line(
        number=1,
        sku="",
        name=description,
        category="",
        quantity=1,
        unit=PIECE,
        unit_price=amount,
        gross=amount,
        vat_rate_bp=vat_rate_bp,
    )
    return Basket(
        revision=1,
        store=store,
        terminal=None,
        operator="",
        language=language,
        currency=currency,
        reference=reference,
        code="",
        code_digest="",
        lines=(line,),
    )


def digest(code: str) -> str:
    """Return the fingerprint of a code: hexadecimal SHA-256, empty for no code."""
    return hashlib.sha256(code.encode()).hexdigest() if code else ""


class AmountMismatchError(ValueError):
    """A line's amount is not its quantity times its price."""

    def __init__(self, number: int, expected: int) -> None:
        """Keep the line's number and the amount it should have."""
        super().__init__(f"line {number} should be {expected}")
        self.number = number
        self.expected = expected


def line_gross(
    *, number: int, quantity: int, unit: str, unit_price: int, amount: int | None
) -> int:
    """Return a line's gross amount; raises ``AmountMismatchError`` if ``amount`` contradicts it.

    Weighed goods round half up, and the till's own rounding is kept if it is within a cent.
    """
    if unit == PIECE:
        expected, tolerance = quantity * unit_price, 0
    else:
        expected = (2 * quantity * unit_price + PER_THOUSAND) // (2 * PER_THOUSAND)
        tolerance = WEIGHED_TOLERANCE
    if amount is None:
        return expected
    if abs(amount - expected) > tolerance:
        raise AmountMismatchError(number, expected)
    return amount


def signed(gross: int, kind: str) -> int:
    """Return a line's amount as it counts: returned empties take off."""
    return -gross if kind == DEPOSIT_RETURN else gross


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderAsked:
    """What the till says pays a part; ``amount`` None is "the rest".

    ``shown`` are a gift card's number and PIN, which are never kept; ``card`` is its key once it
    has been found, and ``reference`` then its last digits.
    """

    kind: str
    amount: int | None
    reference: str
    card: int | None = None
    shown: tuple[str, str] | None = field(default=None, repr=False)


class TendersDoNotAddUpError(ValueError):
    """The tenders are more or less than what is due, or leave more than one rest."""


def divide(due: int, asked: Sequence[TenderAsked]) -> list[TenderFacts]:
    """Divide ``due`` over the tenders and return those that pay something.

    One tender may leave its amount open and takes the rest. Raises ``TendersDoNotAddUpError``.
    """
    named = sum(tender.amount for tender in asked if tender.amount is not None)
    open_ended = sum(tender.amount is None for tender in asked)
    rest = due - named
    if open_ended > 1 or rest < 0 or (rest and not open_ended):
        raise TendersDoNotAddUpError
    paying = [(tender, rest if tender.amount is None else tender.amount) for tender in asked]
    return [
        TenderFacts(number=number, kind=tender.kind, amount=amount, reference=tender.reference)
        for number, (tender, amount) in enumerate((pair for pair in paying if pair[1]), start=1)
    ]
