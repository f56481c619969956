"""The merchant's rules, compiled: each process keeps the programs it uses, by their version."""

from dataclasses import dataclass
from datetime import datetime

from loyalty.engine import (
    NO_RULES,
    Basket,
    MemberSnapshot,
    Program,
    Quote,
    Texts,
    compile_program,
    evaluate,
)
from loyalty.queries.quoting import Snapshot, published_rules, snapshot
from loyalty.rules_of_rows import rules_of

MOST_KEPT = 1_000
"""How many merchants' programs a process keeps; the one compiled first goes first."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A compiled program, and the tree of categories it was compiled with."""

    program: Program
    newest_category: int | None

    def is_current(self, seen: Snapshot) -> bool:
        version = (self.program.version, self.newest_category)
        known = (seen.version, seen.newest_category)
        return version == known and self.program.limited <= seen.limited


_NOTHING = _Kept(NO_RULES, None)
_compiled: dict[int, _Kept] = {}


@dataclass(frozen=True, slots=True)
class Priced:
    """A quote with what else the till shows: who it was for, and what the points are called."""

    quote: Quote
    member: MemberSnapshot | None
    points_name: Texts | None


def forget_all() -> None:
    """Forget what was compiled: this process goes on in another database."""
    _compiled.clear()


def limited_offers(merchant_id: int) -> frozenset[int]:
    """Return the offers whose rest a snapshot has to tell, as far as this process knows."""
    return _compiled.get(merchant_id, _NOTHING).program.limited


def price(
    *,
    merchant_id: int,
    person_id: int | None,
    mode: str,
    basket: Basket,
    now: datetime,
    seen: Snapshot | None = None,
) -> Priced:
    """Quote a basket by the rules as they are now: one query, unless the rules have just changed.

    ``person_id`` is who scanned, member or not; ``seen`` a snapshot taken for them a moment ago
    with ``limited_offers``, which saves the query. After ``QuoteOutdated`` call it again without:
    it sees what made the last quote impossible.
    """
    program, seen = _program_with_snapshot(merchant_id, person_id, mode, seen)
    quote = evaluate(program, seen.member, basket, now, left=seen.left)
    return Priced(quote, seen.member, program.points_name)


def current(merchant_id: int) -> Program:
    """Return the merchant's program in force."""
    return _program_with_snapshot(merchant_id, None, "", None)[0]


def _program_with_snapshot(
    merchant_id: int, person_id: int | None, mode: str, seen: Snapshot | None
) -> tuple[Program, Snapshot]:
    kept = _compiled.get(merchant_id, _NOTHING)
    while True:
        seen = seen or snapshot(
            merchant_id=merchant_id, person_id=person_id, mode=mode, limited=kept.program.limited
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
    kept = _compiled[merchant_id] = _Kept(program, published.newest_category)
    return kept
