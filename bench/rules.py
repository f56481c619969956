"""Rules of every kind for the bench of loyalty: a shop's whole folder, the same each time.

What they are on is drawn by how often it is sold, so that many of them meet the average basket.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from random import Random
from typing import Any

from loyalty.engine import (
    ONCE,
    ONE_POINT_PER_EURO,
    BasketAmountOff,
    BasketPercentage,
    Hours,
    LineAmountOff,
    LineFixedPrice,
    LinePercentage,
    NthPercentage,
    Part,
    PointsAsMoney,
    PointsBonus,
    PointsPerEuro,
    PointsPerPiece,
    PointsPerVisit,
    PointsTimes,
    Reward,
    RewardKind,
    Rule,
    SetPrice,
    Share,
    StampCard,
    Texts,
    TierPoints,
    Window,
)

SEED = 11
BROAD = 100
"""How many rules are on departments and categories; all others are on products."""
CODE = "SUMMER"
TIERS = {1: 50_000, 2: 250_000, 3: 1_000_000}
"""The rungs of the ladder, by what reaches them in milli-points."""
BONUSES = ("first", "referred")
HALF = 0.5

_GROUPS = ("", "offers", "offers", "folder")
_WINDOWS = (
    Window(),
    Window(),
    Window(first_day=date(2017, 2, 1), last_day=date(2017, 11, 30)),
    Window(weekdays=frozenset(range(5))),
    Window(hours=Hours(8 * 60, 22 * 60)),
    Window(black_out=frozenset({date(2017, 12, 25)})),
)
_MORE: tuple[Mapping[str, Any], ...] = (
    {},
    {},
    {},
    {},
    {"members_only": True},
    {"min_basket": 2_000},
    {"most": 4},
    {"most_amount": 1_000},
    {"personal": True},
    {"code": CODE},
    {"per_person": 50},
    {"funded": (Share("brand", 6_000),)},
)


@dataclass(frozen=True, slots=True)
class Sold:
    """What is sold, each as often as it was: departments, categories and products."""

    departments: Sequence[str]
    categories: Sequence[str]
    skus: Sequence[str]


class _Maker:
    """Makes rules one after the other."""

    def __init__(self, sold: Sold) -> None:
        self.sold = sold
        self.chance = Random(SEED)  # noqa: S311 -- the same each time
        self.number = 0

    def make(self, kind: Callable[[], Rule]) -> Rule:
        self.number += 1
        return kind()

    def targets(self) -> dict[str, Any]:
        """Draw what a rule is on: something broad at first, products afterwards."""
        pick = self.chance.choice
        if self.number > BROAD:
            return {"skus": frozenset(pick(self.sold.skus) for _ in range(3))}
        if self.number % 5 == 0:
            return {"categories": frozenset({pick(self.sold.departments)})}
        return {"categories": frozenset(pick(self.sold.categories) for _ in range(3))}

    def offer(self) -> dict[str, Any]:
        pick = self.chance.choice
        return {
            "id": self.number,
            "text": Texts(f"aanbieding {self.number}", f"offer {self.number}"),
            "window": pick(_WINDOWS),
            "group": pick(_GROUPS),
            "priority": self.chance.randrange(50, 150),
            **pick(_MORE),
        }

    def earn(self) -> dict[str, Any]:
        texts = Texts(f"punten {self.number}", f"points {self.number}")
        return {"id": self.number, "text": texts, "window": self.chance.choice(_WINDOWS)}

    def kinds(self) -> tuple[Callable[[], Rule], ...]:
        draw = self.chance.randrange
        return (
            lambda: LinePercentage(
                percentage_bp=draw(300, 4_000), **self.targets(), **self.offer()
            ),
            lambda: LineAmountOff(amount_off=draw(5, 80), **self.targets(), **self.offer()),
            lambda: LineFixedPrice(price=draw(49, 300), **self.targets(), **self.offer()),
            lambda: NthPercentage(
                parts=(Part(draw(2, 5), **self.targets()),),
                percentage_bp=self.chance.choice((5_000, 10_000)),
                **self.offer(),
            ),
            lambda: SetPrice(
                parts=(Part(draw(2, 4), **self.targets()),), price=draw(200, 600), **self.offer()
            ),
            lambda: SetPrice(
                parts=(Part(1, **self.targets()), Part(1, **self.targets())),
                price=draw(200, 500),
                **self.offer(),
            ),
            lambda: StampCard(
                size=draw(3, 10),
                percentage_bp=self.chance.choice((5_000, 10_000)),
                per_visit=self.chance.random() < HALF,
                lapse_days=self.chance.choice((None, 60)),
                **self.targets(),
                **self.offer(),
            ),
            lambda: PointsPerEuro(milli_per_cent=draw(1, 20), **self.targets(), **self.earn()),
            lambda: PointsTimes(times_milli=draw(1_100, 3_000), **self.targets(), **self.earn()),
            lambda: PointsPerPiece(milli=draw(100, 5_000), **self.targets(), **self.earn()),
        )

    def once(self) -> Iterator[Callable[[], Rule]]:
        """Return what a shop has one of: what points buy, and the rungs of its ladder."""
        name = Texts("met punten", "with points")
        yield lambda: PointsAsMoney(
            id=self.number, text=name, points=10, amount=10, step=50, minimum=100, most_bp=5_000
        )
        for kind, cost in ((RewardKind.MONEY_OFF, 300), (RewardKind.PRODUCT, 200)):
            yield partial(self._reward, kind, cost)
        for key, threshold in TIERS.items():
            yield partial(self._tier, key, threshold)
        for bonus in BONUSES:
            yield partial(self._bonus, bonus)

    def _bonus(self, kind: str) -> Rule:
        return PointsBonus(kind=kind, milli=25_000, **self.earn())

    def _reward(self, kind: RewardKind, cost: int) -> Rule:
        name = Texts("beloning", "reward")
        return Reward(
            id=self.number, text=name, kind=kind, cost=cost, amount=cost, **self.targets()
        )

    def _tier(self, key: int, threshold: int) -> Rule:
        times = ONCE + 250 * key
        return TierPoints(key=key, threshold=threshold, times_milli=times, **self.earn())

    def on_the_basket(self) -> tuple[Callable[[], Rule], ...]:
        draw = self.chance.randrange
        return (
            lambda: BasketPercentage(percentage_bp=draw(100, 1_000), **self.offer()),
            lambda: BasketAmountOff(
                amount_off=draw(50, 500), **{**self.offer(), "min_basket": draw(500, 9_000)}
            ),
            lambda: PointsPerVisit(milli=draw(500, 5_000), min_paid=draw(1, 5_000), **self.earn()),
        )


def rules_of(sold: Sold, count: int) -> list[Rule]:
    """Make ``count`` rules of every kind."""
    return list(_rules(_Maker(sold), count))


def _rules(maker: _Maker, count: int) -> Iterator[Rule]:
    name = Texts("punten", "points")
    maker.number = 1
    yield PointsPerEuro(id=1, text=name, milli_per_cent=ONE_POINT_PER_EURO)
    yield from (maker.make(kind) for kind in maker.once())
    for _ in range(4):
        yield from (maker.make(kind) for kind in maker.on_the_basket())
    kinds = maker.kinds()
    while maker.number < count:
        yield maker.make(kinds[maker.number % len(kinds)])
