"""What a test or a simulator says to the bank, and what it may see of its books.

It only writes files and reads the database: it works on a bank in this process or in another.
"""

import json
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from demo.bank.books import VAULT


class Client:
    """Everything one can do with the bank of a folder, without touching its code."""

    def __init__(self, folder: Path, *, clock_file: Path | None = None) -> None:
        self.folder = folder
        self.clock_file = clock_file or folder / "clock"
        self._numbers = count(1)

    def deliver(self, content: bytes, *, name: str) -> Path:
        """Give the bank a pain.001 or pain.008; ``name`` ends in ``.xml``."""
        return self._place(self.folder / "in" / name, content)

    def order(self, do: str, **fields: str | int | bool) -> Path:
        """Make the bank misbehave (``demo.bank.orders``); ``return`` and the like are ``do``."""
        name = f"{time.time_ns():020d}-{next(self._numbers):06d}.json"
        content = json.dumps({"do": do, **fields}).encode()
        return self._place(self.folder / "orders" / name, content)

    def set_clock(self, moment: datetime) -> None:
        """Move the clock of a bank that runs with ``--clock-file``."""
        self._place(self.clock_file, moment.astimezone(UTC).isoformat().encode())

    def answers(self, kind: str = "") -> list[Path]:
        """Return the files in ``out/`` whose name begins with a kind, in the order of sending."""
        found = (self.folder / "out").glob(f"{kind}*.xml")
        return sorted(found, key=lambda path: path.stem.rpartition("-")[2])

    def statements(self) -> list[Path]:
        """Return the camt.053 files in ``out/``."""
        return self.answers("camt.053")

    def refused_orders(self) -> dict[str, str]:
        """Return the orders that the bank did not understand, and why."""
        found = (self.folder / "refused").glob("*.txt")
        return {path.stem: path.read_text().strip() for path in found}

    def balance(self, iban: str) -> int:
        """Return what the bank itself says stands on an account, in cents."""
        return self.balances().get(iban, 0)

    def balances(self) -> dict[str, int]:
        """Return every account's balance in cents, without the bank's own vault."""
        rows = self._asked("SELECT iban, sum(amount) FROM entry GROUP BY iban ORDER BY iban")
        return {iban: amount for iban, amount in rows if iban != VAULT}

    def total(self) -> int:
        """Return all balances together, the vault's too: zero, or the bank is wrong."""
        [(total,)] = self._asked("SELECT coalesce(sum(amount), 0) FROM entry")
        return int(total)

    def states(self) -> dict[str, str]:
        """Return each transaction's state (rejected, waiting, booked, returned) by EndToEndId."""
        return dict(self._asked("SELECT end_to_end_id, state FROM payment ORDER BY id"))

    def _asked(self, sql: str) -> list[Any]:
        file = f"{(self.folder / 'bank.sqlite3').absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(file, uri=True)) as connection:
            return connection.execute(sql).fetchall()

    def _place(self, path: Path, content: bytes) -> Path:
        """Write a file so that it appears whole."""
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}")
        draft.write_bytes(content)
        return draft.rename(path)
