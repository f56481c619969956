"""The merchant's rules, compiled: each process keeps the programs it uses, by their version."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

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
    Texts,
    compile_program,
    evaluate,
)
from loyalty.queries.quoting import NOTHING_ASKED, Asks, Snapshot, published_rules, snapshot
from loyalty.rules_of_rows import key_of, rules_of

MOST_KEPT = 1_000
"""How many merchants' programs a process keeps; the one compiled first goes first."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A compiled program, the tree of categories it was compiled with, and what it asks."""

    program: Program
    newest_category: int | None
    asks: Asks

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
            and self.program.per_member <= seen.per_member
            and self.program.personal <= seen.personal
            and (seen.own is not None or not self.program.by_code)
        )


_NOTHING = _Kept(NO_RULES, None, NOTHING_ASKED)
_compiled: dict[int, _Kept] = {}


@dataclass(frozen=True, slots=True)
class Priced:
    """A quote with what else the till shows: who it was for, and what the points are called.

    ``hand`` are the coupons that could count, by their offer; ``per_member`` are the offers of
    which a person gets only so much.
    """

    quote: Quote
    member: MemberSnapshot | None
    points_name: Texts | None
    hand: Mapping[int, Found] = field(default_factory=dict)
    per_member: frozenset[int] = frozenset()

    @property
    def coupons(self) -> tuple[CouponGiven, ...]:
        """Return the coupons that this price uses up, with what their offers give."""
        return given_by(self.hand, self.quote.given) if self.hand else ()

    def settlement(self) -> Settlement:
        """Return what paying this price must book."""
        settlement = self.quote.settlement()
        if not self.hand and not self.per_member:
            return settlement
        return settlement._replace(coupons=self.coupons, per_member=self.counted)

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
) -> Priced:
    """Quote a basket by the rules as they are now: one query, unless the rules have just changed.

    ``person_id`` is who scanned, member or not; ``seen`` a snapshot taken for them a moment ago
    by ``asks``, which saves the query. After ``QuoteOutdated`` call it again without: it sees what
    made the last quote impossible. ``asks.codes`` are the coupons that were shown; raises
    ``CouponRefused`` for one that cannot count, or leaves it out where it is not ``strict``.
    """
    program, seen = _program_with_snapshot(merchant_id, person_id, mode, seen, asks)
    hand: Mapping[int, Found] = {}
    if seen.own is not None:
        hand = in_hand(
            seen.own,
            asks.codes,
            windows=program.by_code,
            left=seen.left,
            today=basket.wall(now).date(),
            strict=strict,
        )
        basket = basket._replace(codes=frozenset(map(key_of, hand)))
    quote = evaluate(program, seen.member, basket, now, left=seen.left)
    return Priced(quote, seen.member, program.points_name, hand, program.per_member)


def current(merchant_id: int) -> Program:
    """Return the merchant's program in force."""
    return _program_with_snapshot(merchant_id, None, "", None, NOTHING_ASKED)[0]


def _program_with_snapshot(
    merchant_id: int, person_id: int | None, mode: str, seen: Snapshot | None, asks: Asks
) -> tuple[Program, Snapshot]:
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
            return kept.program, seen
        seen = None
        # Compiled anew, it may know other limited offers: look again what is left of them.
        kept = _compile(merchant_id)


def _compile(merchant_id: int) -> _Kept:
    published = published_rules(merchant_id)
    if published is None:
        return _NOTHING
    program = compile_program(
        rules_of(published), parents=published.parents, version=published.version
    )
    _compiled.pop(merchant_id, None)
    while len(_compiled) >= MOST_KEPT:
        _compiled.pop(next(iter(_compiled)), None)
    kept = _compiled[merchant_id] = _Kept(program, published.newest_category, _asks_of(program))
    return kept


def _asks_of(program: Program) -> Asks:
    return Asks(
        limited=program.limited,
        by_code=bool(program.by_code),
        per_member=program.per_member,
        personal=program.personal,
    )
