"""A scheme as the builder writes it down: answers, points and offers, as plain values (pure)."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from loyalty.engine import MILLI, Texts

ROUND_POINTS = 100
"""The number of points whose worth people speak of."""


class Trade(StrEnum):
    """What somebody sells; each trade has its template (``loyalty.builder.trades``)."""

    BAKERY = "bakery"
    GREENGROCER = "greengrocer"
    CAFE = "cafe"
    CLOTHES = "clothes"
    MARKET_STALL = "market_stall"
    CHAIN = "chain"
    OTHER = "other"


class Often(StrEnum):
    """How often a regular customer comes."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    SOMETIMES = "sometimes"


VISITS_A_YEAR = {Often.DAILY: 200, Often.WEEKLY: 50, Often.MONTHLY: 12, Often.SOMETIMES: 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the merchant told.

    ``margin_bp`` is what is left of a hundred of turnover once the goods are paid, in basis points;
    ``basket`` a normal one, in minor units.
    """

    trade: Trade
    often: Often
    margin_bp: int
    basket: int


class Slot(StrEnum):
    """What an offer of a scheme is for; a scheme has at most one for each."""

    QUIET_DAY = "quiet_day"
    BIGGER_BASKET = "bigger_basket"
    STAMP_CARD = "stamp_card"


class Goods(NamedTuple):
    """A category whose pieces a stamp card counts, and what they cost, in minor units."""

    reference: str
    name: str
    cheapest: int
    dearest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeOffer:
    """An offer of a scheme on the whole basket: a percentage on weekdays, or money off.

    ``amount``, ``min_basket`` and ``budget`` are in minor units; ``weekdays`` count from Monday, 0,
    and none is every day. Or a stamp card: of the ``goods`` piece number ``size`` is free.
    """

    slot: Slot
    name: Texts
    percentage_bp: int | None = None
    amount: int | None = None
    weekdays: tuple[int, ...] = ()
    min_basket: int = 0
    members_only: bool = True
    budget: int | None = None
    size: int | None = None
    goods: Goods | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as it is stored; only a stamp card has words for what it counts."""
        stored = asdict(self) | {
            "slot": self.slot.value,
            "name": self.name._asdict(),
            "weekdays": list(self.weekdays),
        }
        if self.goods is None:
            return {key: told for key, told in stored.items() if key not in ("size", "goods")}
        return stored | {"goods": self.goods._asdict()}


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeContent:
    """All that a version of a scheme says.

    ``milli_points_per_cent`` 10 is one point per euro; ``worth`` what 1,000 points buy, in minor
    units; ``redeemed_bp`` how much of the points the merchant expects to be spent one day.
    """

    answers: Answers
    name: str
    points_name: Texts
    terms: Texts
    milli_points_per_cent: int
    worth: int
    redeemed_bp: int
    offers: tuple[SchemeOffer, ...]

    @property
    def card(self) -> SchemeOffer | None:
        """Return its stamp card."""
        return next((offer for offer in self.offers if offer.goods is not None), None)

    @property
    def worth_of_round(self) -> int:
        """Return what ``ROUND_POINTS`` points are worth, in minor units, rounded down."""
        return self.worth * ROUND_POINTS // MILLI

    def as_json(self) -> dict[str, Any]:
        """Return it as it is stored."""
        stored = asdict(self)
        for field in ("points_name", "terms"):
            stored[field] = getattr(self, field)._asdict()
        stored["answers"] |= {
            "trade": self.answers.trade.value,
            "often": self.answers.often.value,
        }
        stored["offers"] = [offer.as_json() for offer in self.offers]
        return stored

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "SchemeContent":
        """Return what ``as_json`` gave."""
        said = stored["answers"]
        answers = Answers(
            trade=Trade(said["trade"]),
            often=Often(said["often"]),
            margin_bp=said["margin_bp"],
            basket=said["basket"],
        )
        texts = {field: Texts(**stored[field]) for field in ("points_name", "terms")}
        offers = tuple(_offer(row) for row in stored["offers"])
        return cls(**{**stored, **texts, "answers": answers, "offers": offers})

    def fingerprint(self) -> str:
        """Return what tells this content from any other: a SHA-256 of it, in hexadecimal."""
        text = json.dumps(self.as_json(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _offer(row: Mapping[str, Any]) -> SchemeOffer:
    texts = {"slot": Slot(row["slot"]), "name": Texts(**row["name"])}
    goods = Goods(**row["goods"]) if row.get("goods") else None
    return SchemeOffer(**{**row, **texts, "weekdays": tuple(row["weekdays"]), "goods": goods})
