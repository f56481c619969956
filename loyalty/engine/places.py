"""The rules that count at one moment, all that are on one product together.

What a basket meets does not depend on the basket alone but on the hour: so windows are asked once a
minute, and a line is looked up once. What is remembered follows from the rules and nothing else.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from loyalty.engine.rules import (
    BasketOffer,
    Offer,
    PointsPerEuro,
    PointsPerPiece,
    PointsTimes,
    TargetedEarnRule,
    Window,
)
from loyalty.engine.shelf import Groups, PointShelf, Shelf, StampShelf

MOST_REMEMBERED = 20_000
"""Of how many pairs of product and category a moment remembers which rules are on both."""

MOST_MOMENTS = 16
"""How many moments with other open windows are remembered; a shop has a few in a day."""

_UNNAMED = "\0"
"""Stands for a product that no rule names: text in PostgreSQL has no such character."""


class Shelves(NamedTuple):
    """All rules that are found by what they are on."""

    everyone: Shelf
    some: Shelf
    stamps: StampShelf
    points: PointShelf


class Named(NamedTuple):
    """What the rules for points that name a product give.

    ``rate`` per cent paid and ``per_piece``, in milli-points, all together; each of them with its
    id in ``rates`` and ``pieces``; of factors the highest.
    """

    rate: int
    per_piece: int
    times: PointsTimes | None
    rates: tuple[tuple[int, int], ...]
    pieces: tuple[tuple[int, int], ...]


NO_POINTS = Named(0, 0, None, (), ())


class Place(NamedTuple):
    """The rules on a product: those for everyone, stamp cards, those for some, and points.

    Unit offers and stamp cards are their places on their shelves, the former with their part.
    """

    lines: Groups
    units: tuple[tuple[int, int], ...]
    stamps: tuple[int, ...]
    some_lines: Groups
    some_units: tuple[tuple[int, int], ...]
    named: Named


NOTHING = Place((), (), (), (), (), NO_POINTS)


class Moment:
    """The rules that count when some windows are open, for a member or for somebody unknown.

    Most products no rule names: those share the place of their category.
    """

    __slots__ = (
        "_categories",
        "_known",
        "_open",
        "_places",
        "_shelves",
        "_skus",
        "baskets",
        "some",
    )

    def __init__(self, places: "Places", open_windows: frozenset[int], *, known: bool) -> None:
        """Begin with no product looked up; windows are told apart by their ``id``."""
        self._shelves, self._open, self._known = places.shelves, open_windows, known
        self._skus, self._categories = places.skus, places.categories
        self._places: dict[tuple[str, str], Place] = {}
        self.baskets = self._baskets(places.shelves.everyone)
        self.some = self._baskets(places.shelves.some)

    def at(self, sku: str, category: str) -> Place:
        """Return the rules that count on this product in this category."""
        if sku not in self._skus:
            if category not in self._categories:
                return NOTHING
            sku = _UNNAMED
        known = self._places.get((sku, category))
        if known is None:
            if len(self._places) >= MOST_REMEMBERED:
                self._places.clear()
            known = self._places[sku, category] = self._made(sku, category)
        return known

    def is_on(self, window: Window) -> bool:
        """Say whether a window of the program is open."""
        return id(window) in self._open

    def _counts(self, offer: Offer) -> bool:
        return id(offer.window) in self._open and (
            self._known or not (offer.members_only or offer.for_the_known)
        )

    def _baskets(self, shelf: Shelf) -> tuple[tuple[BasketOffer, bool], ...]:
        return tuple(each for each in shelf.baskets if self._counts(each[0]))

    def _made(self, sku: str, category: str) -> Place:
        everyone, some, stamps, points = self._shelves
        return Place(
            lines=self._groups(everyone.line_groups(sku, category)),
            units=self._units(everyone, sku, category),
            stamps=tuple(at for at in stamps.on(sku, category) if self._counts(stamps.all[at])),
            some_lines=self._groups(some.line_groups(sku, category)),
            some_units=self._units(some, sku, category),
            named=self._named(points.on(sku, category)),
        )

    def _groups(self, groups: Groups) -> Groups:
        left = (tuple(entry for entry in group if self._counts(entry.offer)) for group in groups)
        return tuple(group for group in left if group)

    def _units(self, shelf: Shelf, sku: str, category: str) -> tuple[tuple[int, int], ...]:
        parts = shelf.unit_parts(sku, category)
        return tuple(part for part in parts if self._counts(shelf.units[part[0]]))

    def _named(self, named: Iterable[TargetedEarnRule]) -> Named:
        rules = [rule for rule in named if id(rule.window) in self._open]
        rates = [
            (rule.id, rule.milli_per_cent) for rule in rules if isinstance(rule, PointsPerEuro)
        ]
        pieces = [(rule.id, rule.milli) for rule in rules if isinstance(rule, PointsPerPiece)]
        times = [rule for rule in rules if isinstance(rule, PointsTimes)]
        return Named(
            sum(milli for _id, milli in rates),
            sum(milli for _id, milli in pieces),
            max(times, key=lambda rule: rule.times_milli, default=None),
            tuple(rates),
            tuple(pieces),
        )


class Places:
    """Finds the moment of a basket."""

    __slots__ = ("_last", "_moments", "_windows", "categories", "shelves", "skus")

    def __init__(self, shelves: Shelves, windows: Iterable[Window]) -> None:
        """Keep the shelves, and each window once."""
        self.shelves = shelves
        both = (shelves.everyone, shelves.some)
        self.skus = _keys(
            *(shelf.lines_by_sku for shelf in both),
            *(shelf.units_by_sku for shelf in both),
            shelves.stamps.by_sku,
            shelves.points.by_sku,
        )
        self.categories = _keys(
            *(shelf.lines_by_category for shelf in both),
            *(shelf.units_by_category for shelf in both),
            shelves.stamps.by_category,
            shelves.points.by_category,
        )
        self._windows = tuple(windows)
        self._moments: dict[tuple[frozenset[int], bool], Moment] = {}
        self._last: tuple[date, int, frozenset[int]] | None = None

    def on(self, wall: datetime, *, known: bool) -> Moment:
        """Return the rules that count when the clock on the store's wall stands at ``wall``."""
        key = self._open(wall), known
        moment = self._moments.get(key)
        if moment is None:
            if len(self._moments) >= MOST_MOMENTS:
                self._moments.clear()
            moment = self._moments[key] = Moment(self, key[0], known=known)
        return moment

    def _open(self, wall: datetime) -> frozenset[int]:
        """Return the windows that are open; they know no seconds, so a minute is asked once."""
        day, minute, last = wall.date(), wall.hour * 60 + wall.minute, self._last
        if last is not None and last[1] == minute and last[0] == day:
            return last[2]
        found = frozenset(id(window) for window in self._windows if window.contains(wall))
        self._last = day, minute, found
        return found


def _keys(*shelves: Mapping[str, object]) -> frozenset[str]:
    return frozenset().union(*shelves)
