"""A small shop for the engine's tests: categories, short ways to write rules, strategies."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from loyalty.engine import (
    Basket,
    BasketLine,
    BasketPercentage,
    LinePercentage,
    MemberSnapshot,
    PointsPerEuro,
    Program,
    Rule,
    Texts,
    Window,
    compile_program,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOON = datetime(2025, 11, 21, 11, tzinfo=UTC)
PARENTS = {"food": None, "bread": "food", "rye": "bread", "books": None}
CATEGORIES = (*PARENTS, "", "unheard-of")
SKUS = tuple(f"sku-{number}" for number in range(6))
ALICE = MemberSnapshot(id=1, points=320, carry=0, joined_at=NOON)


def named(name: str) -> Texts:
    return Texts(nl=f"{name} (nl)", en=name)


def bread(percentage_bp: int, *, number: int = 1, **terms: Any) -> LinePercentage:
    return line_offer(percentage_bp, number=number, categories=frozenset({"bread"}), **terms)


def line_offer(percentage_bp: int, *, number: int, **terms: Any) -> LinePercentage:
    return LinePercentage(
        id=number, text=named(f"offer {number}"), percentage_bp=percentage_bp, **terms
    )


def basket_offer(percentage_bp: int, *, number: int = 9, **terms: Any) -> BasketPercentage:
    return BasketPercentage(
        id=number, text=named(f"offer {number}"), percentage_bp=percentage_bp, **terms
    )


def points(milli_per_cent: int = 10, *, number: int = 1) -> PointsPerEuro:
    return PointsPerEuro(id=number, text=named("points"), milli_per_cent=milli_per_cent)


def program(*rules: Rule, version: int = 1) -> Program:
    return compile_program(rules, parents=PARENTS, version=version)


def line(number: int, gross: int, *, sku: str = "sku-0", category: str = "") -> BasketLine:
    return BasketLine(number=number, sku=sku, category=category, quantity=1, gross=gross)


def basket(*lines: BasketLine, zone: ZoneInfo = AMSTERDAM) -> Basket:
    return Basket(lines=lines, zone=zone)


def loaf(gross: int, *, number: int = 1) -> BasketLine:
    return line(number, gross, category="bread")


amounts = st.integers(0, 20_000)

_terms = {
    "members_only": st.booleans(),
    "min_basket": st.sampled_from([0, 0, 1_000, 5_000]),
    "group": st.sampled_from(["", "", "a", "b"]),
    "priority": st.integers(1, 3),
    "limited": st.booleans(),
    "percentage_bp": st.integers(1, 10_000),
    "text": st.just(named("offer")),
    "window": st.sampled_from(
        [Window(), Window(last_day=NOON.date()), Window(first_day=NOON.date())]
    ),
}
_line_offers = st.builds(
    LinePercentage,
    id=st.integers(1, 10_000),
    skus=st.frozensets(st.sampled_from(SKUS), max_size=3),
    categories=st.frozensets(st.sampled_from([*PARENTS, "unheard-of"]), max_size=2),
    **_terms,
)
_basket_offers = st.builds(BasketPercentage, id=st.integers(10_001, 20_000), **_terms)
_earn_rules = st.builds(
    PointsPerEuro,
    id=st.integers(1, 3),
    text=st.just(named("points")),
    milli_per_cent=st.integers(1, 100),
)

rules = st.lists(
    st.one_of(_line_offers, _basket_offers, _earn_rules),
    max_size=12,
    unique_by=lambda rule: (isinstance(rule, PointsPerEuro), rule.id),
)
lines = st.lists(
    st.builds(
        BasketLine,
        number=st.integers(1, 99),
        sku=st.sampled_from(SKUS),
        category=st.sampled_from(CATEGORIES),
        quantity=st.integers(1, 9),
        gross=amounts,
    ),
    max_size=10,
    unique_by=lambda line: line.number,
)
members = st.none() | st.builds(
    MemberSnapshot,
    id=st.just(1),
    points=st.integers(0, 1_000),
    carry=st.integers(-999, 1_999),
    joined_at=st.just(NOON),
)
