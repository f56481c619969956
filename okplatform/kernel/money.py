"""Money is an integer in minor units (cents) beside an ISO 4217 currency; no floats."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import repeat
from operator import floordiv, mod, mul

from babel.numbers import format_currency

BASIS_POINTS = 10_000
MINOR_UNITS = 100


def half_up(numerator: int, denominator: int) -> int:
    """Divide and round half away from zero, exactly.

    Raises ``ZeroDivisionError`` for a zero denominator; the denominator must not be negative.
    """
    quotient, remainder = divmod(abs(numerator), denominator)
    rounded = quotient + (2 * remainder >= denominator)
    return rounded if numerator >= 0 else -rounded


def vat_included(gross: int, rate_bp: int) -> int:
    """Return the VAT contained in a gross amount; ``rate_bp`` in basis points (900 is 9 %)."""
    return half_up(gross * rate_bp, BASIS_POINTS + rate_bp)


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Split ``total`` over ``weights`` so that the parts add up to it exactly.

    Largest remainder method (Hamilton); a tie goes to the lowest index. Weights are not negative.
    When all are zero the first part takes everything, so that no cent is lost; an empty
    ``weights`` takes a zero total only.
    """
    if not weights:
        if total:
            message = "a total other than zero cannot be split over nothing"
            raise ValueError(message)
        return []
    if len(weights) == 1:
        return [total]
    whole = sum(weights)
    if whole == 0:
        return [total, *([0] * (len(weights) - 1))]
    size = abs(total)
    # By functions of C: a basket is split a dozen times.
    scaled = list(map(mul, weights, repeat(size)))
    parts = list(map(floordiv, scaled, repeat(whole)))
    missing = size - sum(parts)
    if missing:
        remainders = list(map(mod, scaled, repeat(whole)))
        by_remainder = sorted(range(len(parts)), key=remainders.__getitem__, reverse=True)
        for index in by_remainder[:missing]:
            parts[index] += 1
    return parts if total >= 0 else [-part for part in parts]


@dataclass(frozen=True, slots=True)
class _Pattern:
    """How a language writes a currency: what stands before, between and after the digits."""

    before: str
    before_negative: str
    group: str
    point: str
    after: str

    def write(self, amount: int) -> str:
        whole, cents = divmod(abs(amount), MINOR_UNITS)
        before = self.before if amount >= 0 else self.before_negative
        return f"{before}{f'{whole:,}'.replace(',', self.group)}{self.point}{cents:02}{self.after}"


@cache
def _pattern(currency: str, language: str) -> _Pattern:
    """Learn from CLDR, through Babel, how a language writes a currency."""
    probe, digits = Decimal("1234567.89"), "1234567"
    written = format_currency(probe, currency, locale=language)
    negative = format_currency(-probe, currency, locale=language)
    first, last = written.index(digits[0]), written.rindex("9")
    whole, point = written[first : last - 2], written[last - 2]
    return _Pattern(
        before=written[:first],
        before_negative=negative[: negative.index(digits[0])],
        group=whole[1],
        point=point,
        after=written[last + 1 :],
    )


def format_money(amount: int, currency: str, language: str) -> str:
    """Write an amount for a reader: ``€ 18,40`` in Dutch, ``€18.40`` in English.

    A till's answer holds dozens of amounts, so Babel is asked once per language and currency.
    """
    return _pattern(currency, language).write(amount)
