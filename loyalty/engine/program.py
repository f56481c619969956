"""Rules compiled, once per publish, into the shape that answers a basket without searching."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from types import MappingProxyType
from typing import TypeVar

from loyalty.engine.rules import (
    EarnRule,
    LineOffer,
    Offer,
    PointsPerEuro,
    PointsPerPiece,
    PointsPerVisit,
    PointsTimes,
    Rule,
    Share,
    TargetedEarnRule,
    Texts,
    Window,
)
from loyalty.engine.shelf import Shelf, Tree, shelve, turned_round

RuleT = TypeVar("RuleT", bound=EarnRule)


@dataclass(frozen=True, slots=True)
class Earning:
    """What gives points: to every line, to lines of a product or category, to the visit."""

    rates: tuple[PointsPerEuro, ...]
    times: tuple[PointsTimes, ...]
    pieces: tuple[PointsPerPiece, ...]
    visits: tuple[PointsPerVisit, ...]
    by_sku: Mapping[str, tuple[TargetedEarnRule, ...]]
    by_category: Mapping[str, tuple[TargetedEarnRule, ...]]
    points_name: Texts | None

    def on(self, sku: str, category: str) -> tuple[TargetedEarnRule, ...]:
        """Return the rules that name this product or its category."""
        own = self.by_sku.get(sku, ())
        shared = self.by_category.get(category, ())
        if own and shared:
            return own + tuple(rule for rule in shared if rule not in own)
        return own or shared


@dataclass(frozen=True, slots=True)
class Program:
    """All that a merchant's rules say, immutable.

    ``version`` names it, and a higher one replaces it. ``everyone`` are the offers that anybody may
    have, ``some`` those of whoever they are assigned to or who shows one of the ``codes``. Of those
    with a code ``by_code`` says when they count; those ``per_member`` give each only so much.
    """

    version: int
    everyone: Shelf
    some: Shelf
    codes: Mapping[str, frozenset[int]]
    by_code: Mapping[int, Window]
    personal: frozenset[int]
    earning: Earning | None
    limited: frozenset[int]
    per_member: frozenset[int]
    funded: Mapping[int, tuple[Share, ...]]

    @property
    def points_name(self) -> Texts | None:
        """Return what the merchant calls its points; None where there are none."""
        return self.earning.points_name if self.earning else None

    def line_offers(self, sku: str, category: str) -> tuple[LineOffer, ...]:
        """Return the offers for everyone that may touch a line of this product and category."""
        groups = self.everyone.line_groups(sku, category)
        entries = {entry.position: entry.offer for group in groups for entry in group}
        return tuple(entries[position] for position in sorted(entries))


def compile_program(
    rules: Iterable[Rule], *, parents: Mapping[str, str | None], version: int
) -> Program:
    """Compile ``rules`` to a program that no longer depends on their order.

    ``parents`` maps each category to the one above it (None at the top); an offer on a category is
    expanded to everything below it. Raises ``ValueError`` for two offers with one id, or categories
    that loop.
    """
    ordered, tree = tuple(rules), Tree(parents)
    offers = [rule for rule in ordered if isinstance(rule, Offer)]
    if len({offer.id for offer in offers}) != len(offers):
        message = "two offers have the same id"
        raise ValueError(message)
    some = [offer for offer in offers if offer.is_for_some]
    codes = turned_round((offer.id, (offer.code,)) for offer in some if offer.code)
    return Program(
        version=version,
        everyone=shelve((offer for offer in offers if not offer.is_for_some), tree),
        some=shelve(some, tree),
        codes=MappingProxyType({code: frozenset(ids) for code, ids in codes.items()}),
        by_code=MappingProxyType({offer.id: offer.window for offer in some if offer.code}),
        personal=frozenset(offer.id for offer in some if offer.personal),
        earning=_earning([rule for rule in ordered if isinstance(rule, EarnRule)], tree),
        limited=frozenset(offer.id for offer in offers if offer.limited),
        per_member=frozenset(offer.id for offer in offers if offer.per_member),
        funded=MappingProxyType({offer.id: offer.funded for offer in offers if offer.funded}),
    )


def _earning(rules: list[EarnRule], tree: Tree) -> Earning | None:
    if not rules:
        return None
    ordered = sorted(rules, key=attrgetter("id"))
    named = [rule for rule in ordered if isinstance(rule, TargetedEarnRule)]
    targeted = [rule for rule in named if not rule.is_on_everything]
    on_all = [rule for rule in named if rule.is_on_everything]
    return Earning(
        rates=(rates := _only(on_all, PointsPerEuro)),
        times=_only(on_all, PointsTimes),
        pieces=_only(on_all, PointsPerPiece),
        visits=_only(ordered, PointsPerVisit),
        by_sku=_tuples(turned_round((rule, rule.skus) for rule in targeted)),
        by_category=_tuples(turned_round((rule, tree.below(rule.categories)) for rule in targeted)),
        points_name=(*rates, *ordered)[0].text,
    )


def _only(rules: Iterable[EarnRule], kind: type[RuleT]) -> tuple[RuleT, ...]:
    return tuple(rule for rule in rules if isinstance(rule, kind))


def _tuples(
    found: Mapping[str, list[TargetedEarnRule]],
) -> Mapping[str, tuple[TargetedEarnRule, ...]]:
    return {key: tuple(rules) for key, rules in found.items()}


NO_RULES = compile_program((), parents={}, version=0)
"""The program of a merchant that has published nothing."""
