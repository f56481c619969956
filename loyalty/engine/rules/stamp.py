"""Stamp cards: every so many pieces, or visits, one piece is free or cheaper."""

from dataclasses import dataclass

from typing_extensions import override

from loyalty.engine.rules.offer import Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class StampCard(Offer):
    """A stamp for each piece that is paid for; number ``size`` gets ``percentage_bp`` off.

    A category means what is below it too. ``per_visit`` gives one stamp for a basket, however many
    pieces are in it. Stamps end when ``lapse_days`` went by without a new one, by the calendar of
    the store; None is never. In one basket at most ``most`` pieces are free.
    """

    skus: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    size: int
    percentage_bp: int
    per_visit: bool = False
    lapse_days: int | None = None

    @property
    @override
    def for_the_known(self) -> bool:
        """Stamps are counted per member."""
        return True
