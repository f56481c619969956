"""What the bank still has to do, and when."""

import json
from datetime import datetime
from typing import Any, NamedTuple

from demo.bank.books import Books
from demo.bank.values import stored


class Item(NamedTuple):
    """One thing to do: ``what``, with its data, at a moment."""

    id: int
    at: datetime
    what: str
    data: dict[str, Any]


def plan(books: Books, at: datetime, what: str, **data: object) -> None:
    """Put something on the agenda; the same thing for the same moment stands there once."""
    books.change(
        "INSERT INTO agenda (at, what, data) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        stored(at),
        what,
        json.dumps(data, sort_keys=True),
    )


def next_item(books: Books, now: datetime) -> Item | None:
    """Return the first thing that is due, in the order of time and then of planning."""
    found = books.rows("SELECT * FROM agenda WHERE at <= ? ORDER BY at, id LIMIT 1", stored(now))
    if not found:
        return None
    row = found[0]
    at = datetime.fromisoformat(row["at"])
    return Item(row["id"], at, row["what"], json.loads(row["data"]))


def strike(books: Books, item: Item) -> None:
    """Take something off the agenda, in the transaction that does it."""
    books.change("DELETE FROM agenda WHERE id = ?", item.id)
