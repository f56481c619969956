"""Offers on the basket as a whole."""

from dataclasses import dataclass

from typing_extensions import override

from loyalty.engine.rules.line import percentage
from loyalty.engine.rules.offer import Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketOffer(Offer):
    """An offer on the basket as a whole; one wins, and its amount is split over the lines."""

    def discount(self, remaining: int) -> int:
        """Return what the offer takes off ``remaining``, what the lines it may touch still cost."""
        raise NotImplementedError  # each kind of rule says it its own way


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketPercentage(BasketOffer):
    """A percentage off what is still to pay of the basket."""

    percentage_bp: int

    @override
    def discount(self, remaining: int) -> int:
        """Return the percentage, rounded half up once over the basket, at most what remains."""
        return percentage(remaining, self.percentage_bp)


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketAmountOff(BasketOffer):
    """Money off the basket, in minor units."""

    amount_off: int

    @override
    def discount(self, remaining: int) -> int:
        """Return the amount, at most what remains."""
        return min(self.amount_off, remaining)
