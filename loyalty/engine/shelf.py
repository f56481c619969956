"""Where rules are found: by product and by category, in the order in which they act."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple, TypeVar

from loyalty.engine.rules import (
    BasketOffer,
    LineOffer,
    Offer,
    StampCard,
    TargetedEarnRule,
    UnitOffer,
)

T = TypeVar("T")

rank = attrgetter("rank")


class Entry(NamedTuple):
    """A line offer at its place in the order; what to ask of it, said once."""

    position: int
    offer: LineOffer
    asks: bool
    capped: bool


Groups = tuple[tuple[Entry, ...], ...]
"""Offers that exclude each other stand together, in the order in which they act."""


class Tree:
    """The categories, each with everything below it."""

    def __init__(self, parents: Mapping[str, str | None]) -> None:
        """Turn the tree round; raises ``ValueError`` for categories that loop."""
        self._below: dict[str, set[str]] = {}
        for category in parents:
            for ancestor in _lineage(category, parents):
                self._below.setdefault(ancestor, set()).add(category)

    def below(self, categories: Iterable[str]) -> set[str]:
        """Return the categories and all that lies below them; an unknown one is itself."""
        return set().union(*(self._below.get(each, {each}) for each in categories))


@dataclass(frozen=True, slots=True)
class Shelf:
    """Offers by what they are on; every tuple is in the order of ``Offer.rank``.

    Unit offers are found as their place in ``units`` with the number of the part; ``pieces`` is how
    many a set of each takes.
    """

    lines_by_sku: Mapping[str, Groups]
    lines_by_category: Mapping[str, Groups]
    units_by_sku: Mapping[str, tuple[tuple[int, int], ...]]
    units_by_category: Mapping[str, tuple[tuple[int, int], ...]]
    units: tuple[UnitOffer, ...]
    pieces: tuple[int, ...]
    baskets: tuple[tuple[BasketOffer, bool], ...]

    def line_groups(self, sku: str, category: str) -> Groups:
        """Return the offers that may touch a line of this product in this category."""
        own = self.lines_by_sku.get(sku, ())
        shared = self.lines_by_category.get(category, ())
        if not own or not shared:
            return own or shared
        entries = {entry.position: entry for group in own + shared for entry in group}
        return _grouped(entries[position] for position in sorted(entries))

    def unit_parts(self, sku: str, category: str) -> tuple[tuple[int, int], ...]:
        """Return the parts of unit offers that a piece of this product may be in."""
        own = self.units_by_sku.get(sku, ())
        shared = self.units_by_category.get(category, ())
        if own and shared:
            return tuple((dict(shared) | dict(own)).items())
        return own or shared


def shelve(offers: Iterable[Offer], tree: Tree) -> Shelf:
    """Put offers where they are found; what comes out does not depend on their order."""
    ordered = sorted(offers, key=rank)
    lines = [offer for offer in ordered if isinstance(offer, LineOffer)]
    units = [offer for offer in ordered if isinstance(offer, UnitOffer)]
    entries = [
        Entry(position, offer, offer.asks, offer.capped) for position, offer in enumerate(lines)
    ]
    parts = [
        (part, (position, number))
        for position, offer in enumerate(units)
        for number, part in enumerate(offer.parts)
    ]
    return Shelf(
        lines_by_sku=_groups_by((entry, entry.offer.skus) for entry in entries),
        lines_by_category=_groups_by(
            (entry, tree.below(entry.offer.categories)) for entry in entries
        ),
        units_by_sku=_first_part_by((place, part.skus) for part, place in parts),
        units_by_category=_first_part_by(
            (place, tree.below(part.categories)) for part, place in parts
        ),
        units=tuple(units),
        pieces=tuple(sum(part.pieces for part in offer.parts) for offer in units),
        baskets=tuple((offer, offer.asks) for offer in ordered if isinstance(offer, BasketOffer)),
    )


@dataclass(frozen=True, slots=True)
class StampShelf:
    """Stamp cards in the order of ``Offer.rank``, found as their place in it."""

    all: tuple[StampCard, ...]
    by_sku: Mapping[str, tuple[int, ...]]
    by_category: Mapping[str, tuple[int, ...]]

    def on(self, sku: str, category: str) -> tuple[int, ...]:
        """Return the cards on which a piece of this product counts, each once."""
        own, shared = self.by_sku.get(sku, ()), self.by_category.get(category, ())
        return tuple(dict.fromkeys(own + shared)) if own and shared else own or shared


def shelve_stamps(cards: Iterable[StampCard], tree: Tree) -> StampShelf:
    """Put stamp cards where they are found."""
    ordered = tuple(sorted(cards, key=rank))
    by_sku = turned_round((at, card.skus) for at, card in enumerate(ordered))
    by_category = turned_round((at, tree.below(card.categories)) for at, card in enumerate(ordered))
    return StampShelf(
        ordered,
        {sku: tuple(places) for sku, places in by_sku.items()},
        {category: tuple(places) for category, places in by_category.items()},
    )


@dataclass(frozen=True, slots=True)
class PointShelf:
    """Rules for points that name products or categories, in the order of their ids."""

    by_sku: Mapping[str, tuple[TargetedEarnRule, ...]]
    by_category: Mapping[str, tuple[TargetedEarnRule, ...]]

    def on(self, sku: str, category: str) -> tuple[TargetedEarnRule, ...]:
        """Return the rules that name this product or its category."""
        own = self.by_sku.get(sku, ())
        shared = self.by_category.get(category, ())
        if own and shared:
            return own + tuple(rule for rule in shared if rule not in own)
        return own or shared


def shelve_points(rules: Iterable[TargetedEarnRule], tree: Tree) -> PointShelf:
    """Put rules that name anything where they are found."""
    targeted = [rule for rule in rules if not rule.is_on_everything]
    by_sku = turned_round((rule, rule.skus) for rule in targeted)
    by_category = turned_round((rule, tree.below(rule.categories)) for rule in targeted)
    return PointShelf(
        {sku: tuple(found) for sku, found in by_sku.items()},
        {category: tuple(found) for category, found in by_category.items()},
    )


def turned_round(targets: Iterable[tuple[T, Iterable[str]]]) -> dict[str, list[T]]:
    """Turn things with their targets round: target to things, keeping the order of the things."""
    found: dict[str, list[T]] = {}
    for thing, keys in targets:
        for key in keys:
            found.setdefault(key, []).append(thing)
    return found


def _groups_by(targets: Iterable[tuple[Entry, Iterable[str]]]) -> Mapping[str, Groups]:
    found = turned_round(targets)
    return {key: _grouped(entries) for key, entries in found.items()}


def _grouped(entries: Iterable[Entry]) -> Groups:
    """Put offers that exclude each other together; one without a group stands alone."""
    groups: dict[str | int, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.offer.group or entry.position, []).append(entry)
    return tuple(tuple(group) for group in groups.values())


def _first_part_by(
    targets: Iterable[tuple[tuple[int, int], Iterable[str]]],
) -> Mapping[str, tuple[tuple[int, int], ...]]:
    """Keep per target the first part of each offer that names it."""
    found = turned_round(targets)
    return {key: tuple(dict(reversed(places)).items())[::-1] for key, places in found.items()}


def _lineage(category: str, parents: Mapping[str, str | None]) -> list[str]:
    """Return a category and everything above it."""
    lineage = [category]
    while (above := parents.get(lineage[-1])) is not None:
        if above in lineage:
            message = f"category {above} lies below itself"
            raise ValueError(message)
        lineage.append(above)
    return lineage
