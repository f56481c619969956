"""The merchant's rules, compiled: each process keeps the programs it uses, by their version."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from loyalty.birthdays import with_birthday
from loyalty.connector import Heard
from loyalty.coupons import Found, given_by, in_hand
from loyalty.engine import (
    NO_RULES,
    Basket,
    CouponGiven,
    Given,
    MemberSnapshot,
    Program,
    Quote,
    Settlement,
    Spending,
    Texts,
    compile_program,
    evaluate,
    with_floors,
)
from loyalty.engine.rules import EarnRule
from loyalty.queries.quoting import (
    NOTHING_ASKED,
    Asks,
    PublishedRules,
    Snapshot,
    published_rules,
    snapshot,
)
from loyalty.rules_of_rows import key_of, rules_of
from loyalty.spent_points import check_spent, wished

MOST_KEPT = 1_000
"""How many merchants' programs a process keeps; the one compiled first goes first."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A compiled program, the tree of categories it was compiled with, and what it asks.

    ``floors`` are those of a merchant with a least margin, ``connectors`` the other loyalty
    systems it has us ask, by mode. ``earning`` is the program with nothing but what gives points.
    """

    program: Program
    newest_category: int | None
    asks: Asks
    floors: Mapping[str, int] = field(default_factory=dict)
    connectors: Mapping[str, int] = field(default_factory=dict)
    earning: Program = NO_RULES

    def asks_with(self, coupons: Asks) -> Asks:
        """Return what a snapshot has to tell for this program, and for coupons that were sent."""
        if not coupons.codes:
            return self.asks
        return replace(self.asks, codes=coupons.codes, guesser=coupons.guesser, since=coupons.since)

    def is_current(self, seen: Snapshot) -> bool:
        version = (self.program.version, self.newest_category)
        known = (seen.version, seen.newest_category)
        return (
            version == known
            and self.program.limited <= seen.limited
            and self.asks.per_member <= seen.per_member
            and self.program.personal <= seen.personal
            and self.asks.tiers <= seen.tiers
            and self.asks.shares == seen.shares
            and (seen.own is not None or not self.program.by_code)
            and (seen.spends or not self.program.spends)
        )


AskOther = Callable[[int, int], Heard | None]
"""Asks another loyalty system (its id here) about a member: outside any transaction."""

_NOTHING = _Kept(NO_RULES, None, NOTHING_ASKED)
_compiled: dict[int, _Kept] = {}


@dataclass(frozen=True, slots=True)
class Priced:
    """A quote with what else the till shows: who it was for, and what the points are called.

    ``hand`` are the coupons that could count, by their offer; ``per_member`` are the offers of
    which a person gets only so much; ``wish_id`` is the wish to spend points that is fulfilled;
    ``heard`` is what the merchant's own loyalty system answered, where it was to be asked;
    ``tier`` is the name of the member's; ``shares`` says that points of other shops count here.
    """

    quote: Quote
    member: MemberSnapshot | None
    points_name: Texts | None
    hand: Mapping[int, Found] = field(default_factory=dict)
    per_member: frozenset[int] = frozenset()
    wish_id: int | None = None
    heard: Heard | None = None
    tier: Texts | None = None
    shares: bool = False

    @property
    def coupons(self) -> tuple[CouponGiven, ...]:
        """Return the coupons that this price uses up, with what their offers give."""
        return given_by(self.hand, self.quote.given) if self.hand else ()

    def settlement(self) -> Settlement:
        """Return what paying this price must book."""
        settlement = self.quote.settlement()
        if self.heard is not None:
            settlement = settlement._replace(connected=self.heard.connected(self.quote.lines))
        if self.quote.spent:
            settlement = settlement._replace(spending=self.spending)
        if self.shares:
            settlement = settlement._replace(shares=True)
        if not self.hand and not self.per_member:
            return settlement
        return settlement._replace(coupons=self.coupons, per_member=self.counted)

    @property
    def spending(self) -> Spending | None:
        """Return the points that this price takes from its member."""
        quote, member = self.quote, self.member
        if quote.spent is None or quote.member_id is None:
            return None
        return Spending(
            quote.member_id,
            *quote.spent,
            wish_id=self.wish_id,
            reward_id=quote.reward_id,
            pooled=member is not None and quote.spent.points > member.points,
        )

    @property
    def counted(self) -> tuple[Given, ...]:
        """Return what counts for the limits per person."""
        if not self.per_member:
            return ()
        return tuple(given for given in self.quote.given if given.offer_id in self.per_member)


def forget_all() -> None:
    """Forget what was compiled: this process goes on in another database."""
    _compiled.clear()


def asks_of(merchant_id: int, asks: Asks = NOTHING_ASKED) -> Asks:
    """Return what a snapshot has to tell, as far as this process knows the merchant's rules.

    ``asks`` are the coupons that the till sent, if it sent any.
    """
    return _compiled.get(merchant_id, _NOTHING).asks_with(asks)


def price(
    *,
    merchant_id: int,
    person_id: int | None,
    mode: str,
    basket: Basket,
    now: datetime,
    seen: Snapshot | None = None,
    asks: Asks = NOTHING_ASKED,
    strict: bool = True,
    heard: Heard | None = None,
    ask_other: AskOther | None = None,
    full_price: bool = False,
) -> Priced:
    """Quote a basket by the rules as they are now: one query, unless the rules have just changed.

    ``person_id`` is who scanned, member or not; ``seen`` a snapshot taken for them a moment ago
    by ``asks``, which saves the query. After ``QuoteOutdated`` call it again without: it sees what
    made the last quote impossible. ``asks.codes`` are the coupons that were shown; raises
    ``CouponRefused`` for one that cannot count, or leaves it out where it is not ``strict``; so
    with ``PointsRefused`` and points that the till wants spent. ``heard`` is what the merchant's
    own loyalty system said of this basket before; else ``ask_other`` asks it, if there is one.
    At ``full_price`` the basket earns points and nothing comes off: it was sold already.
    """
    kept, seen = _kept_with_snapshot(merchant_id, person_id, mode, seen, asks)
    program = kept.earning if full_price else kept.program
    if kept.floors and not full_price:
        basket = with_floors(basket, kept.floors)
    heard = heard or _ask(kept, seen, mode, ask_other)
    if heard is not None:
        basket = basket._replace(outside=heard.benefits)
    hand: Mapping[int, Found] = {}
    member = seen.member
    if seen.own is not None:
        today = basket.wall(now).date()
        member = with_birthday(member, seen.own.birthday, today)
        windows, left = program.by_code, seen.left
        hand = in_hand(seen.own, asks.codes, windows=windows, left=left, today=today, strict=strict)
        basket = basket._replace(codes=frozenset(map(key_of, hand)))
    wish = seen.own.wish if seen.own and not full_price else None
    asked = basket
    if wish is not None and not (basket.wish or basket.reward):
        basket = wished(basket, wish)
    quote = evaluate(program, member, basket, now, left=seen.left)
    if strict:
        check_spent(asked, quote, program)
    wish_id = wish[0] if wish and quote.spent else None
    name, tier = program.points_name, _tier(program, member)
    shares = kept.asks.shares
    return Priced(quote, member, name, hand, program.per_member, wish_id, heard, tier, shares)


def _ask(kept: _Kept, seen: Snapshot, mode: str, ask_other: AskOther | None) -> Heard | None:
    connector_id = kept.connectors.get(mode)
    if ask_other is None or connector_id is None or seen.member is None:
        return None
    return ask_other(connector_id, seen.member.id)


def _tier(program: Program, member: MemberSnapshot | None) -> Texts | None:
    if member is None or member.tier is None or program.earning is None:
        return None
    tiers = program.earning.tiers
    return next((one.text for one in tiers if one.key == member.tier), None)


def current(merchant_id: int) -> Program:
    """Return the merchant's program in force."""
    return _kept_with_snapshot(merchant_id, None, "", None, NOTHING_ASKED)[0].program


def _kept_with_snapshot(
    merchant_id: int, person_id: int | None, mode: str, seen: Snapshot | None, asks: Asks
) -> tuple[_Kept, Snapshot]:
    kept = _compiled.get(merchant_id, _NOTHING)
    while True:
        if seen is None:
            seen = snapshot(
                merchant_id=merchant_id,
                person_id=person_id,
                mode=mode,
                asks=kept.asks_with(asks),
            )
        if kept.is_current(seen):
            return kept, seen
        seen = None
        # Compiled anew, it may know other limited offers: look again what is left of them.
        kept = _compile(merchant_id)


def _compile(merchant_id: int) -> _Kept:
    published = published_rules(merchant_id)
    if published is None:
        return _NOTHING
    rules, version = list(rules_of(published)), published.version
    program = compile_program(rules, parents=published.parents, version=version)
    earning = compile_program(
        [rule for rule in rules if isinstance(rule, EarnRule)],
        parents=published.parents,
        version=version,
    )
    _compiled.pop(merchant_id, None)
    while len(_compiled) >= MOST_KEPT:
        _compiled.pop(next(iter(_compiled)), None)
    kept = _compiled[merchant_id] = _Kept(
        program,
        published.newest_category,
        _asks_of(program, published),
        published.floors,
        published.connectors,
        earning,
    )
    return kept


def _asks_of(program: Program, published: PublishedRules) -> Asks:
    return Asks(
        limited=program.limited,
        by_code=bool(program.by_code),
        per_member=program.per_member.union(card.id for card in program.stamp_cards.all),
        personal=program.personal,
        spends=program.spends,
        tiers=bool(program.earning and (program.earning.tiers or program.earning.bonuses)),
        shares=bool(published.programme and published.programme["shares"]),
    )
