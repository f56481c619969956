"""Thirteen weeks of somebody else's baskets, for a merchant that has no past at OK yet.

Simulated grocery shopping (Complete Journey, MIT; demo/sample/README.md says where from), made from
the demo's sample by `python -m demo.make_history`. Prices are scaled so that the average basket is
the merchant's normal one; who came when stays as it was.
"""

import gzip
import json
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from loyalty.builder.replay import Past
from loyalty.builder.scheme import Goods
from loyalty.engine import Basket, BasketLine

FILE = Path(__file__).parent / "sample_history.jsonl.gz"
WEEKS = 13
DAYS = WEEKS * 7


def sample_history(
    *, basket: int, until: datetime, zone: tzinfo, goods: Goods | None = None
) -> Iterator[Past]:
    """Yield the sample's baskets as if they ended with the day before ``until``, oldest first.

    ``basket`` is the average that they get, in minor units. Days of the week stay what they were.
    The first line that costs what one of ``goods`` costs is one.
    """
    rows = _rows()
    whole = sum(sum(lines) for _household, _minute, lines in rows)
    today = until.astimezone(zone).date()
    # The sample begins on a Monday: the last one from which thirteen weeks have passed.
    first = today - timedelta(days=DAYS + today.weekday())
    for household, minute, lines in rows:
        day, time = divmod(minute, 24 * 60)
        wall = datetime.combine(first + timedelta(days=day), datetime.min.time(), zone) + timedelta(
            minutes=time
        )
        scaled = tuple(
            BasketLine(number, "", "", 1, gross * basket * len(rows) // whole)
            for number, gross in enumerate(lines, 1)
        )
        yield Past(
            Basket(_with_one_of(goods, scaled), zone), wall, day // 7, known=True, who=household
        )


def _with_one_of(goods: Goods | None, lines: tuple[BasketLine, ...]) -> tuple[BasketLine, ...]:
    if goods is None:
        return lines
    fitting = (line for line in lines if goods.cheapest <= line.gross <= goods.dearest)
    one = next(fitting, None)
    return tuple(line._replace(category=goods.reference) if line is one else line for line in lines)


def count() -> int:
    """Return how many baskets the sample has."""
    return len(_rows())


def _rows() -> list[tuple[int, int, list[int]]]:
    with gzip.open(FILE, "rt", encoding="utf-8") as file:
        return [tuple(json.loads(line)) for line in file]
