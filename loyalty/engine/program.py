"""Rules compiled, once per publish, into the shape that answers a basket without searching."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from operator import attrgetter
from types import MappingProxyType
from typing import TypeVar

from loyalty.engine.places import Places, Shelves
from loyalty.engine.rules import (
    ALWAYS,
    EarnRule,
    LineOffer,
    Offer,
    PointsAsMoney,
    PointsBonus,
    PointsPerEuro,
    PointsPerPiece,
    PointsPerVisit,
    PointsTimes,
    Reward,
    Rule,
    Share,
    StampCard,
    TargetedEarnRule,
    Texts,
    TierPoints,
    Window,
)
from loyalty.engine.shelf import (
    PointShelf,
    Shelf,
    StampShelf,
    Tree,
    shelve,
    shelve_points,
    shelve_stamps,
    turned_round,
)

RuleT = TypeVar("RuleT", bound=EarnRule)


@dataclass(frozen=True, slots=True)
class Earning:
    """What gives points whatever is bought: to every line, to the visit, to members of a tier."""

    rates: tuple[PointsPerEuro, ...]
    times: tuple[PointsTimes, ...]
    pieces: tuple[PointsPerPiece, ...]
    visits: tuple[PointsPerVisit, ...]
    points_name: Texts | None
    tiers: tuple[TierPoints, ...] = ()
    bonuses: tuple[PointsBonus, ...] = ()


@dataclass(frozen=True, slots=True)
class Program:
    """All that a merchant's rules say, immutable.

    ``version`` names it, and a higher one replaces it. ``everyone`` are the offers that anybody may
    have, ``some`` those of whoever they are assigned to or who shows one of the ``codes``. Of those
    with a code ``by_code`` says when they count; those ``per_member`` give each only so much.
    ``spending`` says what points take off, None where they cannot be spent; ``rewards`` are what
    else they buy, by id. ``places`` finds all of it that counts at one
    moment on one product; ``point_texts`` are those of what gives points, by id.
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
    stamp_cards: StampShelf
    points: PointShelf
    point_texts: Mapping[int, Texts]
    places: Places = field(compare=False, repr=False)
    spending: PointsAsMoney | None = None
    rewards: Mapping[int, Reward] = field(default_factory=dict)

    @property
    def spends(self) -> bool:
        """Say whether points buy anything here."""
        return self.spending is not None or bool(self.rewards)

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
    windows = {ALWAYS: ALWAYS}
    ordered, tree = _with_shared_windows(rules, windows), Tree(parents)
    offers = [rule for rule in ordered if isinstance(rule, Offer)]
    if len({offer.id for offer in offers}) != len(offers):
        message = "two offers have the same id"
        raise ValueError(message)
    some = [offer for offer in offers if offer.is_for_some]
    codes = turned_round((offer.id, (offer.code,)) for offer in some if offer.code)
    shelves = _shelves(ordered, tree)
    return Program(
        version=version,
        everyone=shelves.everyone,
        some=shelves.some,
        codes=MappingProxyType({code: frozenset(ids) for code, ids in codes.items()}),
        by_code=MappingProxyType({offer.id: offer.window for offer in some if offer.code}),
        personal=frozenset(offer.id for offer in some if offer.personal),
        earning=_earning([rule for rule in ordered if isinstance(rule, EarnRule)]),
        limited=frozenset(offer.id for offer in offers if offer.limited),
        per_member=frozenset(offer.id for offer in offers if offer.per_member),
        funded=MappingProxyType({offer.id: offer.funded for offer in offers if offer.funded}),
        stamp_cards=shelves.stamps,
        points=shelves.points,
        point_texts=MappingProxyType(
            {rule.id: rule.text for rule in ordered if isinstance(rule, EarnRule)}
        ),
        places=Places(shelves, windows),
        spending=next((rule for rule in ordered if isinstance(rule, PointsAsMoney)), None),
        rewards=_rewards(ordered, tree),
    )


def _with_shared_windows(rules: Iterable[Rule], known: dict[Window, Window]) -> tuple[Rule, ...]:
    """Let equal windows be one object, and note each as ``known``, so that it is asked once."""
    return tuple(
        rule
        if isinstance(rule, (PointsAsMoney, Reward))
        or (window := known.setdefault(rule.window, rule.window)) is rule.window
        else replace(rule, window=window)
        for rule in rules
    )


def _shelves(rules: Iterable[Rule], tree: Tree) -> Shelves:
    offers = [rule for rule in rules if isinstance(rule, Offer)]
    everyone = [offer for offer in offers if not offer.is_for_some]
    points = sorted(
        (rule for rule in rules if isinstance(rule, TargetedEarnRule)), key=attrgetter("id")
    )
    return Shelves(
        shelve(everyone, tree),
        shelve([offer for offer in offers if offer.is_for_some], tree),
        shelve_stamps([offer for offer in everyone if isinstance(offer, StampCard)], tree),
        shelve_points(points, tree),
    )


def _rewards(rules: Iterable[Rule], tree: Tree) -> Mapping[int, Reward]:
    found = sorted((rule for rule in rules if isinstance(rule, Reward)), key=attrgetter("id"))
    return MappingProxyType(
        {one.id: replace(one, categories=frozenset(tree.below(one.categories))) for one in found}
    )


def _earning(rules: list[EarnRule]) -> Earning | None:
    if not rules:
        return None
    ordered = sorted(rules, key=attrgetter("id"))
    on_all = [
        rule for rule in ordered if isinstance(rule, TargetedEarnRule) and rule.is_on_everything
    ]
    return Earning(
        rates=(rates := _only(on_all, PointsPerEuro)),
        times=tuple(
            rule for rule in _only(on_all, PointsTimes) if not isinstance(rule, TierPoints)
        ),
        pieces=_only(on_all, PointsPerPiece),
        visits=_only(ordered, PointsPerVisit),
        points_name=(*rates, *ordered)[0].text,
        tiers=tuple(sorted(_only(ordered, TierPoints), key=attrgetter("threshold", "key"))),
        bonuses=_only(ordered, PointsBonus),
    )


def _only(rules: Iterable[EarnRule], kind: type[RuleT]) -> tuple[RuleT, ...]:
    return tuple(rule for rule in rules if isinstance(rule, kind))


NO_RULES = compile_program((), parents={}, version=0)
"""The program of a merchant that has published nothing."""
