"""The engine's budget: p99 of one millisecond at 200 rules of which many match."""

import random
import time

from loyalty.engine import Basket, Program, evaluate
from tests.loyalty.engine.shelf import (
    ALICE,
    NOON,
    basket,
    basket_offer,
    line,
    line_offer,
    points,
    program,
)

BUDGET_S = 0.001


def test_ten_lines_are_priced_within_a_millisecond_at_200_rules_of_which_thirty_match() -> None:
    chance = random.Random(7)
    compiled = _two_hundred_rules(chance)
    baskets = [_ten_lines(chance) for _ in range(200)]
    matches = [
        len(compiled.line_offers(one.sku, one.category)) for each in baskets for one in each.lines
    ]
    assert sum(matches) / len(baskets) >= 30
    taken = sorted(min(_seconds(compiled, each) for _ in range(5)) for each in baskets)
    assert taken[197] <= BUDGET_S


def _two_hundred_rules(chance: random.Random) -> Program:
    products = (
        line_offer(
            chance.randrange(1, 5_000),
            number=number,
            skus=frozenset(f"sku-{chance.randrange(300)}" for _ in range(7)),
            group=chance.choice(["", "a", "b"]),
        )
        for number in range(2, 192)
    )
    whole = (
        basket_offer(chance.randrange(1, 2_000), number=number, min_basket=chance.randrange(9_000))
        for number in range(192, 201)
    )
    return program(points(), *products, *whole)


def _ten_lines(chance: random.Random) -> Basket:
    return basket(
        *(
            line(number, chance.randrange(50, 900), sku=f"sku-{chance.randrange(300)}")
            for number in range(1, 11)
        )
    )


def _seconds(compiled: Program, bought: Basket) -> float:
    started = time.perf_counter()
    evaluate(compiled, ALICE, bought, NOON)
    return time.perf_counter() - started
