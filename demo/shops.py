"""The two small shops of the demo: their goods, and an invented past that looks like theirs.

The Complete Journey data is a supermarket's; a baker and a bookshop sell otherwise. Their past is
drawn from their own price lists, by a generator that gives the same day on every machine.
"""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from demo.journey import as_instant, own_gtin
from demo.world import BOL, KRAMER, MerchantFacts, StoreFacts

GOODS = Path(__file__).parent / "goods"
PAST = timedelta(weeks=4)
SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Article:
    """Something on the price list; `price` in cents, VAT included."""

    sku: str
    name: str
    category: str
    price: int
    vat_rate_bp: int

    @property
    def gtin(self) -> str:
        """The EAN on the shelf."""
        return own_gtin(int(self.sku))


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How a shop sells: the hours it is open, visits on a plain day, how many articles at once."""

    opens: int
    closes: int
    visits: int
    articles: int


@dataclass(frozen=True, slots=True)
class ShopVisit:
    """One invented sale: `number` counts within the store's day; `guest` is which known face."""

    store: str
    day: date
    number: int
    at: datetime
    lines: tuple[tuple[Article, int], ...]
    guest: int | None


RHYTHMS = {BOL: Rhythm(7, 18, 48, 3), KRAMER: Rhythm(9, 18, 14, 2)}
WEBSHOP_HOURS = (0, 24)

# Of those who come in, so many show a code; they are this many people.
KNOWN_SHARE = 0.6
GUESTS = 60


def read_goods(merchant: str) -> list[Article]:
    """Read a shop's price list."""
    with (GOODS / f"{merchant}.csv").open(encoding="utf-8", newline="") as file:
        return [
            Article(
                row["sku"], row["name"], row["category"], int(row["price"]), int(row["vat_rate_bp"])
            )
            for row in csv.DictReader(file)
        ]


def past_weeks(merchant: MerchantFacts, now: datetime) -> Iterator[ShopVisit]:
    """Draw every visit of the past four weeks, up to now."""
    goods = read_goods(merchant.reference)
    first = (now - PAST).date()
    for offset in range(PAST.days + 1):
        for store in merchant.stores:
            for visit in _day(merchant, store, goods, first + timedelta(days=offset)):
                if visit.at <= now:
                    yield visit


def _day(
    merchant: MerchantFacts, store: StoreFacts, goods: list[Article], day: date
) -> Iterator[ShopVisit]:
    rhythm = RHYTHMS[merchant.reference]
    online = store.channel == "online"
    if day.weekday() == SUNDAY and not online:
        return
    opens, closes = WEBSHOP_HOURS if online else (rhythm.opens, rhythm.closes)
    draw = random.Random(f"{merchant.reference}/{store.reference}/{day}")  # noqa: S311 # no secret
    for number in range(draw.randint(rhythm.visits * 3 // 4, rhythm.visits * 5 // 4)):
        minutes = draw.randrange((closes - opens) * 60)
        at = datetime.combine(day, time(opens)) + timedelta(minutes=minutes)
        articles = draw.sample(goods, draw.randint(1, rhythm.articles))
        lines = tuple((article, draw.choice((1, 1, 1, 2))) for article in articles)
        guest = draw.randrange(GUESTS) if draw.random() < KNOWN_SHARE else None
        yield ShopVisit(store.reference, day, number, as_instant(at), lines, guest)
