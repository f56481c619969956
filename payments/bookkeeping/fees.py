"""What OK asks for its work: plans, what accrues, and the lines it is invoiced by (pure).

Fees accrue in 1/100 cent, because a price like € 0.0525 exists and a month holds a million of
them. They become cents once, per invoice line, rounded half up; ``FeeLine.remainder`` says what
that kept or gave, so that it can be booked and nothing is lost.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from okplatform.kernel.money import BASIS_POINTS, half_up
from payments.bookkeeping.vat import Vat

HUNDREDTHS = 100
"""How many units of accrual make a cent."""


class FeeKind(StrEnum):
    """What a fee is asked for."""

    MONTHLY = "monthly"
    PAYMENT = "payment"
    REFUND = "refund"
    """The part of a payment's fee that goes back with its refund."""
    HANDLING = "handling"
    """A refund itself, whatever its amount."""


@dataclass(frozen=True, slots=True, order=True)
class Rate:
    """A price: ``fixed`` in 1/100 cent, and ``percentage_bp`` of the amount in basis points."""

    fixed: int
    percentage_bp: int = 0

    def __post_init__(self) -> None:
        if self.fixed < 0 or self.percentage_bp < 0:
            message = "a fee is not negative"
            raise ValueError(message)

    def on(self, amount: int) -> int:
        """Return in 1/100 cent what is asked for an amount in cents, rounded half up.

        What is given back (a negative amount) is the opposite of what was asked.
        """
        variable = half_up(amount * self.percentage_bp * HUNDREDTHS, BASIS_POINTS)
        return variable + (self.fixed if amount >= 0 else -self.fixed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The prices that a merchant agreed to: ``monthly`` in 1/100 cent, a rate per channel."""

    code: str
    monthly: int
    rates: Mapping[str, Rate]

    def month(self, vat: Vat) -> "Accrual":
        """Return what one month costs."""
        price = Rate(self.monthly)
        return Accrual(kind=FeeKind.MONTHLY, channel="", rate=price, vat=vat, amount=price.on(0))

    def payment(self, amount: int, *, channel: str, vat: Vat) -> "Accrual":
        """Return what a payment costs; ``amount`` in cents, negative when its fee is given back.

        Raises ``KeyError`` for a channel that the plan has no price for.
        """
        price = self.rates[channel]
        return Accrual(
            kind=FeeKind.PAYMENT, channel=channel, rate=price, vat=vat, amount=price.on(amount)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Accrual:
    """One fee as it arises; ``amount`` in 1/100 cent, VAT not included."""

    kind: FeeKind
    channel: str
    rate: Rate
    vat: Vat
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class FeeLine:
    """Everything that accrued under one price: a line of the invoice.

    ``accrued`` is in 1/100 cent, ``net`` in cents.
    """

    kind: FeeKind
    channel: str
    rate: Rate
    vat: Vat
    count: int
    accrued: int

    @property
    def net(self) -> int:
        """Return the line in cents, rounded once, half up."""
        return half_up(self.accrued, HUNDREDTHS)

    @property
    def remainder(self) -> int:
        """Return in 1/100 cent what rounding left out; below zero, what it added. At most 50."""
        return self.accrued - self.net * HUNDREDTHS

    @property
    def vat_accrued(self) -> int:
        """Return the VAT in 1/100 cent, to show; an invoice taxes the sum of its lines."""
        return self.vat.on(self.accrued)


def in_order(lines: Iterable[FeeLine]) -> list[FeeLine]:
    """Return lines as an invoice lists them: the month, payments, what refunds gave and cost."""
    kinds = list(FeeKind)
    return sorted(lines, key=lambda line: (kinds.index(line.kind), line))


def fee_lines(accruals: Iterable[Accrual]) -> tuple[FeeLine, ...]:
    """Add up what accrued, one line per kind, channel, price and VAT.

    The order in which fees arose makes no difference; a price or a VAT rate that changed halfway
    the period makes two lines.
    """
    counts: Counter[tuple[FeeKind, str, Rate, Vat]] = Counter()
    sums: Counter[tuple[FeeKind, str, Rate, Vat]] = Counter()
    for accrual in accruals:
        key = (accrual.kind, accrual.channel, accrual.rate, accrual.vat)
        counts[key] += 1
        sums[key] += accrual.amount
    return tuple(
        FeeLine(
            kind=kind,
            channel=channel,
            rate=rate,
            vat=vat,
            count=counts[kind, channel, rate, vat],
            accrued=sums[kind, channel, rate, vat],
        )
        for kind, channel, rate, vat in sorted(counts)
    )
