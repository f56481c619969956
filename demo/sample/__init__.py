"""The sample: a year of four stores of the Complete Journey data, small enough for the repository.

`python -m demo.make_sample` makes the files and README.md says what they hold. This module reads
them with the standard library alone, so that the demo needs none of the packages of the full data.
"""

import csv
import gzip
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from demo.journey import Basket, Line, Product

BASKETS = Path(__file__).parent / "baskets.jsonl.gz"
PRODUCTS = Path(__file__).parent / "products.csv.gz"

FIRST_DAY = datetime(2017, 1, 2)  # noqa: DTZ001 # a wall clock, as in the data; a Monday
WEEKS = 52


def read_products() -> dict[int, Product]:
    """Read the articles that the sample's baskets hold, by number."""
    with gzip.open(PRODUCTS, "rt", encoding="utf-8", newline="") as file:
        return {int(row[0]): Product(int(row[0]), *row[1:]) for row in csv.reader(file)}


def read_baskets() -> Iterator[Basket]:
    """Read the baskets in the order of time."""
    with gzip.open(BASKETS, "rt", encoding="utf-8") as file:
        for text in file:
            number, household, store, at, lines = json.loads(text)
            yield Basket(
                id=number,
                household=household,
                store=store,
                at=datetime.fromisoformat(at),
                lines=tuple(Line(*line) for line in lines),
            )
