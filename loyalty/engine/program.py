"""Rules compiled, once per publish, into the shape that answers a basket without searching."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from types import MappingProxyType

from loyalty.engine.rules import BasketOffer, EarnRule, LineOffer, Rule, Texts

_rank = attrgetter("rank")


@dataclass(frozen=True, slots=True)
class Program:
    """All that a merchant's rules say, immutable.

    ``version`` names it, and a higher one replaces it. Every tuple of offers is in the order of
    ``Offer.rank``.
    """

    version: int
    by_sku: Mapping[str, tuple[LineOffer, ...]]
    by_category: Mapping[str, tuple[LineOffer, ...]]
    basket_offers: tuple[BasketOffer, ...]
    earn: tuple[EarnRule, ...]
    limited: frozenset[int]

    @property
    def points_name(self) -> Texts | None:
        """Return what the merchant calls its points; None where there are none."""
        return self.earn[0].text if self.earn else None

    def line_offers(self, sku: str, category: str) -> tuple[LineOffer, ...]:
        """Return the offers that may touch a line of this product in this category."""
        own = self.by_sku.get(sku, ())
        shared = self.by_category.get(category, ())
        if own and shared:
            return tuple(sorted({offer.id: offer for offer in own + shared}.values(), key=_rank))
        return own or shared


def compile_program(
    rules: Iterable[Rule], *, parents: Mapping[str, str | None], version: int
) -> Program:
    """Compile ``rules`` to a program that no longer depends on their order.

    ``parents`` maps each category to the one above it (None at the top); an offer on a category is
    expanded to everything below it. Raises ``ValueError`` for two offers with one id, or categories
    that loop.
    """
    ordered = tuple(rules)
    line_offers = sorted((rule for rule in ordered if isinstance(rule, LineOffer)), key=_rank)
    basket_offers = sorted((rule for rule in ordered if isinstance(rule, BasketOffer)), key=_rank)
    earn = sorted((rule for rule in ordered if isinstance(rule, EarnRule)), key=attrgetter("id"))
    offers = (*line_offers, *basket_offers)
    if len({offer.id for offer in offers}) != len(offers):
        message = "two offers have the same id"
        raise ValueError(message)
    return Program(
        version=version,
        by_sku=_index((offer, offer.skus) for offer in line_offers),
        by_category=_index(_with_descendants(line_offers, parents)),
        basket_offers=tuple(basket_offers),
        earn=tuple(earn),
        limited=frozenset(offer.id for offer in offers if offer.limited),
    )


def _index(
    targets: Iterable[tuple[LineOffer, Iterable[str]]],
) -> Mapping[str, tuple[LineOffer, ...]]:
    """Turn offers with their targets round: target to offers, keeping the order of the offers."""
    found: dict[str, list[LineOffer]] = {}
    for offer, keys in targets:
        for key in keys:
            found.setdefault(key, []).append(offer)
    return MappingProxyType({key: tuple(offers) for key, offers in found.items()})


def _with_descendants(
    offers: Iterable[LineOffer], parents: Mapping[str, str | None]
) -> Iterable[tuple[LineOffer, set[str]]]:
    below: dict[str, set[str]] = {}
    for category in parents:
        for ancestor in _lineage(category, parents):
            below.setdefault(ancestor, set()).add(category)
    for offer in offers:
        yield (
            offer,
            set().union(*(below.get(category, {category}) for category in offer.categories)),
        )


def _lineage(category: str, parents: Mapping[str, str | None]) -> list[str]:
    """Return a category and everything above it."""
    lineage = [category]
    while (above := parents.get(lineage[-1])) is not None:
        if above in lineage:
            message = f"category {above} lies below itself"
            raise ValueError(message)
        lineage.append(above)
    return lineage


NO_RULES = compile_program((), parents={}, version=0)
"""The program of a merchant that has published nothing."""
