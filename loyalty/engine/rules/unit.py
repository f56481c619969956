"""Offers on pieces: the third one free, three for a price, one of each for a price."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from typing_extensions import override

from loyalty.engine.rules.line import percentage
from loyalty.engine.rules.offer import Offer
from loyalty.engine.sets import Picked, Run, sets_that_save, value_of

_price = itemgetter(0)


class Part(NamedTuple):
    """So many ``pieces`` of any of some products or categories."""

    pieces: int
    skus: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitOffer(Offer):
    """An offer on sets of pieces, from any lines; a set has the pieces of each of its ``parts``.

    A piece that fits in several parts belongs to the first that names its product, else the first
    that names its category. Goods by weight count as one piece.
    """

    parts: tuple[Part, ...]

    def make(self, runs: Sequence[list[Run]], times: int) -> tuple[int, Sequence[Picked]]:
        """Return what at most ``times`` sets take off, and the pieces they are made of.

        ``runs`` are the pieces that fit each part.
        """
        raise NotImplementedError  # each kind of rule says it its own way


@dataclass(frozen=True, slots=True, kw_only=True)
class NthPercentage(UnitOffer):
    """A percentage off one piece of every so many: 3 and 100 % is the third one free.

    It has one part. The cheapest pieces are those that cost less.
    """

    percentage_bp: int

    @override
    def make(self, runs: Sequence[list[Run]], times: int) -> tuple[int, Sequence[Picked]]:
        """Take the percentage off the cheapest piece of each set; sets are the cheapest pieces."""
        pieces = sorted(runs[0])
        amount = percentage(value_of(pieces, times), self.percentage_bp)
        return amount, [(pieces, times * self.parts[0].pieces)]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPrice(UnitOffer):
    """One ``price``, in minor units, for a set: three for a price, or one of each.

    Sets are made of the dearest pieces first, as long as the price saves something.
    """

    price: int

    @override
    def make(self, runs: Sequence[list[Run]], times: int) -> tuple[int, Sequence[Picked]]:
        """Let the dearest pieces cost the set's price, as long as that saves something."""
        # Runs come in the order of their lines, which equal prices keep.
        parts = [
            (sorted(pieces, key=_price, reverse=True), part.pieces)
            for pieces, part in zip(runs, self.parts, strict=True)
        ]
        times = sets_that_save(parts, times, self.price)
        picked = [(pieces, count * times) for pieces, count in parts]
        return sum(value_of(*each) for each in picked) - times * self.price, picked
