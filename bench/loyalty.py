"""Every basket of Complete Journey priced by the engine, by 200 rules and by 5,000 of every kind.

Measured is the processor's time of ``evaluate`` alone, the better of two, because other work on the
machine counts in it too; beside a loop of our own arithmetic, so that figures of two machines can
be compared. Every quote is proved while it is there: the money adds up,
no line is under its floor, no milli-point is lost, and the order of lines and rules means nothing.
"""

import gc
import time
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from statistics import median
from typing import Any

from bench.rules import CODE, SEED, Sold, rules_of
from demo import tables
from demo.journey import TIMEZONE, Line, Product, as_instant, categories
from demo.journey import Basket as Visit
from loyalty.engine import (
    MILLI,
    Basket,
    BasketLine,
    MemberSnapshot,
    Offer,
    Program,
    Quote,
    Rule,
    compile_program,
    evaluate,
)
from okplatform.kernel.money import half_up

FEW, MANY = 200, 5_000
BAR_US, BAR_US_MANY = 1_000, 5_000
LEAST_MATCHES = 30
SHUFFLED_EACH = 50
"""Of so many baskets one is priced again, with its lines and the rules in another order."""
CALIBRATION = 1_000
_LARGEST_COUNT = 1_000


@dataclass(slots=True)
class Run:
    """What one set of rules did: the time of each basket in nanoseconds, and what does not hold."""

    rules: list[Rule]
    program: Program
    shuffled: Program
    for_some: frozenset[int]
    everywhere: frozenset[int]
    took: "array[int]" = field(default_factory=lambda: array("q"))
    matches: int = 0
    lowered: int = 0
    broken: list[str] = field(default_factory=list)


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
        basket, member = _asked(visit, shop, few.program)
        for run in (few, many):
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
    on_all = (*earning.rates, *earning.times, *earning.pieces, *earning.visits) if earning else ()
    return Run(
        rules=rules,
        program=program,
        for_some=frozenset(
            rule.id for rule in rules if isinstance(rule, Offer) and rule.is_for_some
        ),
        everywhere=frozenset(rule.id for rule in on_all),
        shuffled=compile_program(shuffled, parents=shop.parents, version=1),
    )


def _asked(visit: Visit, shop: Shop, program: Program) -> tuple[Basket, MemberSnapshot]:
    """Return a basket of the data as a till asks, and the household that is a member."""
    now = as_instant(visit.at)
    bought = tuple(
        _line(number, line, shop.products[line.product])
        for number, line in enumerate(visit.lines, start=1)
    )
    codes = frozenset({CODE} if visit.id % 4 == 0 else ())
    own = frozenset(number for number in program.personal if (number + visit.household) % 3 == 0)
    member = MemberSnapshot(
        id=visit.household, points=0, carry=visit.id % MILLI, joined_at=now, assigned=own
    )
    return Basket(bought, TIMEZONE, codes), member


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
    if number % SHUFFLED_EACH == 0:
        turned = Basket(basket.lines[::-1], basket.zone, basket.codes)
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
    offers: set[int] = set()
    points: set[int] = set(run.everywhere)
    for shelf in (program.everyone, program.some):
        offers.update(offer.id for offer, _asks in shelf.baskets)
        for line in basket.lines:
            groups = shelf.line_groups(line.sku, line.category)
            offers.update(entry.offer.id for group in groups for entry in group)
            parts = shelf.unit_parts(line.sku, line.category)
            offers.update(shelf.units[position].id for position, _part in parts)
    if program.earning:
        for line in basket.lines:
            points.update(rule.id for rule in program.earning.on(line.sku, line.category))
    mine = (member.assigned & program.personal).union(
        *(program.codes.get(code, ()) for code in basket.codes)
    )
    return len(points) + len(offers - (run.for_some - mine))


def breaches(quote: Quote, basket: Basket, member: MemberSnapshot) -> Iterator[str]:
    """Name what of a quote does not hold."""
    lines = quote.lines
    floors = {line.number: min(line.floor, line.gross) for line in basket.lines}
    holds = {
        "it is paid less its discounts": quote.gross - quote.discount == quote.due >= 0,
        "it costs what its lines cost": quote.gross == sum(line.gross for line in basket.lines),
        "its lines add up to what is paid": quote.due == sum(line.paid for line in lines),
        "the discounts of a line add up": all(
            line.discount == sum(one.amount for one in line.discounts) for line in lines
        ),
        "offers add up": quote.discount == sum(given.amount for given in quote.given),
        "points add up": quote.points == sum(line.points for line in lines),
        "no milli-point is lost": member.carry + quote.milli == MILLI * quote.points + quote.carry,
        "no line is under its floor": all(line.paid >= floors[line.number] for line in lines),
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
