"""Make the sample from the full data: `python -m demo.make_sample` (needs requirements/dev.txt).

The four stores with the most baskets, 52 whole weeks from the first Monday of 2017 on, and every
household that came to them at least five times in that year: dense enough that each store sells
nearly every day. The result is the same on every run, so that a test can compare it with the
committed files.
"""

import csv
import gzip
import io
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import astuple
from datetime import timedelta
from pathlib import Path

from demo import sample, tables
from demo.journey import Basket, Product

STORES = (343, 361, 367, 406)
FEWEST_VISITS = 5


def choose() -> tuple[list[Basket], list[Product]]:
    """Choose the sample's baskets, in the order of time, and the articles in them, by number."""
    lines = tables.read_lines()
    products = tables.read_products(lines)
    until = sample.FIRST_DAY + timedelta(weeks=sample.WEEKS)
    near = [
        basket for basket in tables.baskets(lines, STORES) if sample.FIRST_DAY <= basket.at < until
    ]
    visits = Counter(basket.household for basket in near)
    chosen = [basket for basket in near if visits[basket.household] >= FEWEST_VISITS]
    sold = sorted({line.product for basket in chosen for line in basket.lines})
    return chosen, [products[number] for number in sold]


def baskets_text(baskets: Iterable[Basket]) -> str:
    """Write baskets as JSON lines: number, household, store, time, lines."""
    rows = (
        [basket.id, basket.household, basket.store, basket.at.isoformat(), basket.lines]
        for basket in baskets
    )
    return "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows)


def products_text(products: Iterable[Product]) -> str:
    """Write articles as CSV, with the data's own words."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(astuple(product) for product in products)
    return text.getvalue()


def main() -> None:
    """Write both files of the sample."""
    baskets, products = choose()
    _write(sample.BASKETS, baskets_text(baskets))
    _write(sample.PRODUCTS, products_text(products))


def _write(path: Path, text: str) -> None:
    # No time of making in the header: the same content is the same file.
    path.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


if __name__ == "__main__":
    main()
