"""Every basket of Complete Journey priced by the engine, by 200 rules and by 5,000 of every kind.

Measured is the processor's time of ``evaluate`` alone, the better of two, because other work on the
machine counts in it too; beside a loop of our own arithmetic, so that figures of two machines can
be compared. Every quote is proved while it is there: the money adds up, no offer goes under a
line's floor, no milli-point is lost, the order of lines and rules means nothing, and when
everything comes back all stands as it stood before.
"""

import gc
import time
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from statistics import median
from typing import Any

from bench.returning import left_behind
from bench.rules import BONUSES, CODE, SEED, TIERS, Sold, rules_of
from demo import tables
from demo.journey import TIMEZONE, Line, Product, as_instant, categories
from demo.journey import Basket as Visit
from loyalty.engine import (
    ALL_POINTS,
    MILLI,
    Basket,
    BasketLine,
    MemberSnapshot,
    Offer,
    Program,
    Quote,
    Rule,
    Spent,
    Stamps,
    compile_program,
    evaluate,
)
from okplatform.kernel.money import half_up

FEW, MANY = 200, 5_000
BAR_US, BAR_US_MANY = 1_000, 5_000
LEAST_MATCHES = 30
SHUFFLED_EACH = 50
"""Of so many baskets one is priced again, with its lines and the rules in another order.

And brought back where there are many rules; where there are few, each basket is.
"""
CALIBRATION = 1_000
HANDS = 9
_LARGEST_COUNT = 1_000


@dataclass(slots=True)
class Run:
    """What one set of rules did: the time of each basket in nanoseconds, and what does not hold."""

    rules: list[Rule]
    program: Program
    shuffled: Program
    for_some: frozenset[int]
    everywhere: frozenset[int]
    assigned: Sequence[frozenset[int]]
    took: "array[int]" = field(default_factory=lambda: array("q"))
    matches: int = 0
    lowered: int = 0
    broken: list[str] = field(default_factory=list)
    _day: date = date.min
    _stamps: dict[int, Mapping[int, Stamps]] = field(default_factory=dict)
    _on: dict[tuple[str, str], frozenset[int]] = field(default_factory=dict)

    def stamps(self, home: int, now: datetime) -> Mapping[int, Stamps]:
        """Return what lies on a household's cards: one of nine hands of stamps, new each day."""
        if now.date() != self._day:
            self._day, self._stamps = now.date(), {}
        hand = home % HANDS
        if hand not in self._stamps:
            cards = self.program.stamp_cards.all
            self._stamps[hand] = {card.id: Stamps((card.id + home) % HANDS, now) for card in cards}
        return self._stamps[hand]

    def on(self, line: BasketLine) -> frozenset[int]:
        """Return the rules that name a line's product or category, whenever they count."""
        key = line.sku, line.category
        if key not in self._on:
            self._on[key] = frozenset(_on(self.program, *key))
        return self._on[key]


@dataclass(frozen=True, slots=True)
class Shop:
    """The articles as the engine asks for them, and how often each was sold."""

    products: Mapping[int, Product]
    parents: Mapping[str, str | None]
    sold: Sold


def bench_loyalty(*, baskets: int, say: Callable[[str], Any]) -> dict[str, Any]:
    """Measure and return the figures; ``say`` is told how far it is. No ``baskets`` is all."""
    lines = tables.read_lines()
    shop = _shop(lines)
    few, many = (_run(shop, count) for count in (FEW, MANY))
    gc.collect()
    gc.freeze()  # no till holds all articles there are, to be looked through each time
    calibration = [_calibrate() for _ in range(50)]
    priced = 0
    for visit in tables.baskets(lines, range(1_000_000)):
        bought = _bought(visit, shop)
        for run in (few, many):
            basket, member = _asked(visit, bought, run)
            _price(run, basket, member, visit, priced)
        priced += 1
        if priced % 1_000 == 0:
            calibration.append(_calibrate())
        if priced % 25_000 == 0:
            say(f"{priced} baskets")
        if priced == baskets:
            break
    return _figures(few, many, priced, median(calibration), say)


def _shop(lines: tables.Lines) -> Shop:
    products = tables.read_products(lines)
    parents = {each.reference: each.parent for each in categories(products.values())}
    often = Counter(lines.product[:: max(len(lines) // 50_000, 1)].tolist())
    sold = [
        product for number, times in sorted(often.items()) for product in [products[number]] * times
    ]
    placed = [each.category_reference for each in sold if each.category_reference in parents]
    return Shop(
        products=products,
        parents=parents,
        sold=Sold(
            departments=[parents[reference] or reference for reference in placed],
            categories=placed,
            skus=[each.sku for each in sold],
        ),
    )


def _run(shop: Shop, count: int) -> Run:
    rules = rules_of(shop.sold, count)
    shuffled = Random(SEED).sample(rules, len(rules))  # noqa: S311 -- the same each time
    program = compile_program(rules, parents=shop.parents, version=1)
    earning = program.earning
    personal = sorted(program.personal)
    on_all = (*earning.rates, *earning.times, *earning.pieces, *earning.visits) if earning else ()
    baskets = (*program.everyone.baskets, *program.some.baskets)
    return Run(
        rules=rules,
        program=program,
        for_some=frozenset(
            rule.id for rule in rules if isinstance(rule, Offer) and rule.is_for_some
        ),
        everywhere=frozenset({rule.id for rule in on_all} | {offer.id for offer, _asks in baskets}),
        assigned=[frozenset(n for n in personal if (n + home) % 3 == 0) for home in range(3)],
        shuffled=compile_program(shuffled, parents=shop.parents, version=1),
    )


def _bought(visit: Visit, shop: Shop) -> tuple[BasketLine, ...]:
    return tuple(
        _line(number, line, shop.products[line.product])
        for number, line in enumerate(visit.lines, start=1)
    )


def _asked(visit: Visit, bought: tuple[BasketLine, ...], run: Run) -> tuple[Basket, MemberSnapshot]:
    """Return a basket of the data as a till asks, and the household that is a member."""
    basket = Basket(
        bought,
        TIMEZONE,
        codes=frozenset({CODE} if visit.id % 4 == 0 else ()),
        wish=ALL_POINTS if visit.id % 3 == 0 else 0,
        reward=next(iter(run.program.rewards)) if visit.id % 10 == 0 else 0,
    )
    return basket, _member(visit, run)


def _member(visit: Visit, run: Run) -> MemberSnapshot:
    """Return a household with some of all that a member can have."""
    home, now = visit.household, as_instant(visit.at)
    tiers = (None, *TIERS)
    return MemberSnapshot(
        id=home,
        points=home * 37 % 1_000,
        carry=visit.id % MILLI,
        joined_at=now,
        assigned=run.assigned[home % len(run.assigned)],
        stamps=run.stamps(home, now),
        tier=tiers[home % len(tiers)],
        tier_amount=home * 1_000,
        bonuses=((BONUSES[0], home),) if home % 20 == 0 else (),
    )


def _line(number: int, line: Line, product: Product) -> BasketLine:
    quantity = line.quantity if line.quantity <= _LARGEST_COUNT else 1  # petrol is by volume
    floor = half_up(line.gross * 6, 10) if product.id % 4 == 0 else 0
    return BasketLine(
        number, product.sku, product.category_reference, max(quantity, 1), line.gross, floor
    )


def _price(run: Run, basket: Basket, member: MemberSnapshot, visit: Visit, number: int) -> None:
    """Price a basket, note what it took, and prove the quote."""
    now = as_instant(visit.at)
    first, quote = _timed(run.program, member, basket, now)
    again, same = _timed(run.program, member, basket, now)
    run.took.append(min(first, again))
    if same != quote:
        run.broken.append(f"basket {visit.id}: it costs something else the second time")
    run.lowered += quote.discount > 0
    run.matches += _matches(run, basket, member)
    run.broken += [f"basket {visit.id}: {what}" for what in breaches(quote, basket, member)]
    if len(run.rules) == FEW or number % SHUFFLED_EACH == 0:
        run.broken += [f"basket {visit.id}: {what}" for what in left_behind(quote, basket)]
    if number % SHUFFLED_EACH == 0:
        turned = basket._replace(lines=basket.lines[::-1])
        if evaluate(run.shuffled, member, turned, now) != quote:
            run.broken.append(f"basket {visit.id}: the order of lines or rules changes it")


def _timed(
    program: Program, member: MemberSnapshot, basket: Basket, now: datetime
) -> tuple[int, Quote]:
    started = time.thread_time_ns()
    quote = evaluate(program, member, basket, now)
    return time.thread_time_ns() - started, quote


def _matches(run: Run, basket: Basket, member: MemberSnapshot) -> int:
    """Count the rules that are on this basket or on a line of it, each once."""
    program = run.program
    found = run.everywhere.union(*map(run.on, basket.lines))
    mine = (member.assigned & program.personal).union(
        *(program.codes.get(code, ()) for code in basket.codes)
    )
    return len(found - (run.for_some - mine))


def _on(program: Program, sku: str, category: str) -> Iterator[int]:
    for shelf in (program.everyone, program.some):
        groups = shelf.line_groups(sku, category)
        yield from (entry.offer.id for group in groups for entry in group)
        parts = shelf.unit_parts(sku, category)
        yield from (shelf.units[position].id for position, _part in parts)
    cards = program.stamp_cards
    yield from (cards.all[position].id for position in cards.on(sku, category))
    yield from (rule.id for rule in program.points.on(sku, category))


def breaches(quote: Quote, basket: Basket, member: MemberSnapshot) -> Iterator[str]:
    """Name what of a quote does not hold."""
    lines = quote.lines
    floors = {line.number: min(line.floor, line.gross) for line in basket.lines}
    off = {line.number: line.points_off.amount if line.points_off else 0 for line in lines}
    spent = quote.spent or Spent(0, 0)
    used = sum(line.points_off.points for line in lines if line.points_off)
    holds = {
        "it is paid less its discounts": quote.gross - quote.discount == quote.due >= 0,
        "it costs what its lines cost": quote.gross == sum(line.gross for line in basket.lines),
        "its lines add up to what is paid": quote.due == sum(line.paid for line in lines),
        "the discounts of a line add up": all(
            line.discount == sum(one.amount for one in line.discounts) + off[line.number]
            for line in lines
        ),
        "offers and points add up": quote.discount
        == sum(given.amount for given in quote.given) + spent.amount,
        "points that pay add up": spent == Spent(used, sum(off.values())),
        "no more points pay than there are": 0 <= spent.points <= member.points,
        "points add up": quote.points == sum(line.points for line in lines),
        "no milli-point is lost": member.carry + quote.milli == MILLI * quote.points + quote.carry,
        "no offer goes under a line's floor": all(
            line.paid + off[line.number] >= floors[line.number] for line in lines
        ),
    }
    return (what for what, true in holds.items() if not true)


def _calibrate() -> int:
    """Return the nanoseconds that a loop of our own arithmetic takes."""
    started = time.thread_time_ns()
    for number in range(CALIBRATION):
        half_up(number, 7)
    return time.thread_time_ns() - started


def _figures(
    few: Run, many: Run, priced: int, calibration_ns: float, say: Callable[[str], Any]
) -> dict[str, Any]:
    matches = few.matches / priced
    p99, p99_many = _micro(few, 99), _micro(many, 99)
    for run in (few, many):
        say(
            f"{len(run.rules)} rules: {run.matches / priced:.1f} match the average basket,"
            f" {run.lowered / priced:.1%} of the baskets cost less;"
            f" p50 {_micro(run, 50):.0f}, p99 {_micro(run, 99):.0f}, most {_micro(run, 100):.0f} us"
        )
        for what in run.broken[:5]:
            say(f"BROKEN {what}")
    say(f"bars: p99 {p99:.0f} of {BAR_US} us, {p99_many:.0f} of {BAR_US_MANY} us")
    changes = all(run.lowered * 2 > priced for run in (few, many))
    return {
        "baskets": priced,
        "matches_per_basket": round(matches, 1),
        "p50_us": round(_micro(few, 50), 1),
        "p99_us": round(p99, 1),
        "p99_us_5000": round(p99_many, 1),
        "ratio_to_calibration": round(p99 * 1_000 / calibration_ns, 2),
        "verified": not few.broken + many.broken and changes and matches >= LEAST_MATCHES,
    }


def _micro(run: Run, percent: int) -> float:
    """Return the time below which so many percent of the baskets stay, in microseconds."""
    ordered = sorted(run.took)
    return ordered[min(len(ordered) * percent // 100, len(ordered) - 1)] / 1_000
