"""A small shop for the engine's tests: categories, short ways to write rules, strategies."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from loyalty.engine import (
    Basket,
    BasketAmountOff,
    BasketLine,
    BasketPercentage,
    Hours,
    LineAmountOff,
    LineFixedPrice,
    LinePercentage,
    MemberSnapshot,
    NthPercentage,
    Offer,
    Part,
    PointsPerEuro,
    PointsPerPiece,
    PointsPerVisit,
    PointsTimes,
    Program,
    Rule,
    SetPrice,
    Share,
    StampCard,
    Stamps,
    Texts,
    Window,
    compile_program,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOON = datetime(2025, 11, 21, 11, tzinfo=UTC)
PARENTS = {"food": None, "bread": "food", "rye": "bread", "books": None}
CATEGORIES = (*PARENTS, "", "unheard-of")
SHOWN = "BREAD25"
"""The code that every basket of ``bought`` shows."""
LAST_ID = 99
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


def nth(
    pieces: int, percentage_bp: int = 10_000, *, number: int = 1, **terms: Any
) -> NthPercentage:
    """So much off every nth loaf: 3 is two and one free."""
    return NthPercentage(
        id=number,
        text=named(f"offer {number}"),
        parts=(loaves(pieces),),
        percentage_bp=percentage_bp,
        **terms,
    )


def set_price(price: int, *parts: Part, number: int = 1, **terms: Any) -> SetPrice:
    return SetPrice(id=number, text=named(f"offer {number}"), parts=parts, price=price, **terms)


def loaves(pieces: int) -> Part:
    return Part(pieces, categories=frozenset({"bread"}))


def points(milli_per_cent: int = 10, *, number: int = 1, **terms: Any) -> PointsPerEuro:
    return PointsPerEuro(id=number, text=named("points"), milli_per_cent=milli_per_cent, **terms)


def program(*rules: Rule, version: int = 1) -> Program:
    return compile_program(rules, parents=PARENTS, version=version)


def line(
    number: int, gross: int, *, sku: str = "sku-0", category: str = "", **more: Any
) -> BasketLine:
    return BasketLine(number, sku, category, quantity=1, gross=gross)._replace(**more)


def basket(*lines: BasketLine, zone: ZoneInfo = AMSTERDAM, codes: tuple[str, ...] = ()) -> Basket:
    return Basket(lines=lines, zone=zone, codes=frozenset(codes))


def loaf(gross: int, *, number: int = 1, **more: Any) -> BasketLine:
    return line(number, gross, category="bread", **more)


def loaves_of(*prices: int) -> Basket:
    """A basket of loaves, each on its own line."""
    return basket(*(loaf(price, number=number) for number, price in enumerate(prices, start=1)))


amounts = st.integers(0, 20_000)

_skus = st.frozensets(st.sampled_from(SKUS), max_size=3)
_categories = st.frozensets(st.sampled_from([*PARENTS, "unheard-of"]), max_size=2)
_windows = st.sampled_from(
    [
        Window(),
        Window(last_day=NOON.date()),
        Window(first_day=NOON.date()),
        Window(weekdays=frozenset({4})),
        Window(weekdays=frozenset({5, 6})),
        Window(hours=Hours(11 * 60, 13 * 60)),
        Window(hours=Hours(22 * 60, 2 * 60)),
        Window(black_out=frozenset({NOON.date()})),
    ]
)
_terms = {
    "id": st.integers(1, LAST_ID),
    "text": st.just(named("offer")),
    "min_basket": st.sampled_from([0, 0, 1_000, 5_000]),
    "group": st.sampled_from(["", "", "a", "b"]),
    "priority": st.integers(1, 3),
    "window": _windows,
}
_more = st.sampled_from(
    [
        {},
        {"members_only": True},
        {"limited": True},
        {"personal": True},
        {"code": SHOWN},
        {"code": SHOWN, "personal": True, "limited": True},
        {"code": "not shown"},
        {"most": 1},
        {"most": 3, "limited": True},
        {"most_amount": 500},
        {"per_person": 2},
        {"funded": (Share("brand", 5_000),)},
        {"funded": (Share("brand", 3_333), Share("street", 6_667))},
    ]
)
_percentages = st.integers(1, 10_000)
_on_lines = {"skus": _skus, "categories": _categories}
_parts = st.builds(Part, pieces=st.integers(1, 4), skus=_skus, categories=_categories)
_some_parts = st.lists(_parts, min_size=1, max_size=3).map(tuple)
_one_part = _parts.map(lambda part: (part,))


def _offers_of(kind: type[Offer], **says: Any) -> st.SearchStrategy[Any]:
    def build(more: dict[str, Any], **terms: Any) -> Any:
        return kind(**terms, **more)

    return st.builds(build, more=_more, **says, **_terms)


_offers = st.one_of(
    _offers_of(LinePercentage, percentage_bp=_percentages, **_on_lines),
    _offers_of(LineAmountOff, amount_off=st.integers(1, 900), **_on_lines),
    _offers_of(LineFixedPrice, price=amounts, **_on_lines),
    _offers_of(NthPercentage, parts=_one_part, percentage_bp=_percentages),
    _offers_of(SetPrice, parts=_some_parts, price=amounts),
    _offers_of(BasketPercentage, percentage_bp=_percentages),
    _offers_of(
        StampCard,
        size=st.integers(2, 6),
        percentage_bp=_percentages,
        per_visit=st.booleans(),
        lapse_days=st.sampled_from([None, 10]),
        **_on_lines,
    ),
    _offers_of(BasketAmountOff, amount_off=amounts),
)
_earns = {"id": st.integers(1, 9), "text": st.just(named("points")), "window": _windows}
_earns_on = {"skus": _skus, "categories": _categories, **_earns}
_milli = st.integers(1, 5_000)
earn_rules = st.one_of(
    st.builds(PointsPerEuro, milli_per_cent=st.integers(1, 100), **_earns_on),
    st.builds(PointsTimes, times_milli=st.integers(1_001, 10_000), **_earns_on),
    st.builds(PointsPerPiece, milli=_milli, **_earns_on),
    st.builds(PointsPerVisit, milli=_milli, min_paid=amounts, **_earns),
)

rules = st.lists(
    st.one_of(_offers, _offers, _offers, earn_rules),
    max_size=8,
    unique_by=lambda rule: (isinstance(rule, Offer), rule.id),
)
lines = st.lists(
    st.builds(
        BasketLine,
        number=st.integers(1, 99),
        sku=st.sampled_from(SKUS),
        category=st.sampled_from(CATEGORIES),
        quantity=st.integers(0, 9),
        gross=amounts,
        floor=st.just(0) | amounts,
    ),
    max_size=7,
    unique_by=lambda line: line.number,
)
members = st.none() | st.builds(
    MemberSnapshot,
    id=st.just(1),
    points=st.integers(0, 1_000),
    carry=st.integers(-999, 1_999),
    joined_at=st.just(NOON),
    assigned=st.sampled_from([frozenset(), frozenset(range(1, LAST_ID + 1))]),
    uses=st.sampled_from([{}, dict.fromkeys(range(1, LAST_ID + 1), 2)]),
    stamps=st.sampled_from([{}, dict.fromkeys(range(1, LAST_ID + 1), Stamps(5, NOON))]),
    pool=st.sampled_from([0, 250]),
)
