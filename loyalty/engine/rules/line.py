"""Offers on the price of lines: a percentage, money off a piece, another price for a piece."""

from dataclasses import dataclass

from typing_extensions import override

from loyalty.engine.rules.offer import Offer
from okplatform.kernel.money import BASIS_POINTS


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOffer(Offer):
    """An offer on lines of some products or categories; a category means what is below it too."""

    skus: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()

    def discount(self, value: int, pieces: int) -> int:
        """Return what it takes off ``pieces`` that still cost ``value`` together, at most that."""
        raise NotImplementedError  # each kind of rule says it its own way


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePercentage(LineOffer):
    """A percentage off what is still to pay of a line."""

    percentage_bp: int

    @override
    def discount(self, value: int, pieces: int) -> int:
        """Return the percentage, rounded half up once for the line."""
        return percentage(value, self.percentage_bp)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAmountOff(LineOffer):
    """Money off each piece, in minor units."""

    amount_off: int

    @override
    def discount(self, value: int, pieces: int) -> int:
        """Return the amount for each piece."""
        return min(self.amount_off * pieces, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFixedPrice(LineOffer):
    """Another price for each piece, in minor units; a piece that costs less already stays so."""

    price: int

    @override
    def discount(self, value: int, pieces: int) -> int:
        """Return what the pieces cost above that price."""
        return max(value - self.price * pieces, 0)


def percentage(value: int, share_bp: int) -> int:
    """Return ``share_bp`` basis points of ``value``, half up, at most ``value``; neither negative.

    The same as ``half_up``, written out: it is called for every rule that matches a line.
    """
    amount = (2 * value * share_bp + BASIS_POINTS) // (2 * BASIS_POINTS)
    return min(value, amount)
