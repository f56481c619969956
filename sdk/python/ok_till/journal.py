"""What a till has begun, on its own disk before anything is sent: power loss forgets no sale."""

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS sale (
    uuid TEXT PRIMARY KEY,
    begun_at REAL NOT NULL,
    body TEXT NOT NULL,
    giving_up INTEGER NOT NULL DEFAULT 0,
    verdict TEXT,
    sentence TEXT
) STRICT
"""


class JournalInUseError(RuntimeError):
    """Another till works with this journal; each terminal has a file of its own."""


@dataclass(frozen=True)
class Entry:
    """A sale without a verdict: what was, or was about to be, sent for it."""

    uuid: str
    begun_at: float
    body: dict[str, Any]
    giving_up: bool


class Journal:
    """One terminal's sales in one SQLite file.

    ``synchronous=EXTRA`` returns when the disk has it, the folder's entry included, so what stands
    here stood here before the first byte left. The file is held: a second till with it is refused.
    """

    def __init__(self, path: Path | str) -> None:
        """Open the file, or make it. Raises ``JournalInUseError``."""
        self._lines = sqlite3.connect(
            path, timeout=0, isolation_level=None, check_same_thread=False
        )
        try:
            self._lines.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._lines.execute("PRAGMA synchronous = EXTRA")
            self._lines.execute("BEGIN EXCLUSIVE")
            self._lines.execute(SCHEMA)
            self._lines.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self._lines.close()
            message = f"another till works with {path}"
            raise JournalInUseError(message) from error

    def close(self) -> None:
        """Let the file go."""
        self._lines.close()

    def begin(self, uuid: str, body: dict[str, Any], *, at: float) -> Entry:
        """Write down what is about to be sent; a later body of the same sale replaces it.

        ``at`` is seconds since 1970.
        """
        self._lines.execute(
            "INSERT INTO sale (uuid, begun_at, body) VALUES (?, ?, ?)"
            " ON CONFLICT (uuid) DO UPDATE SET body = excluded.body",
            (uuid, at, json.dumps(body)),
        )
        return Entry(uuid, at, body, giving_up=False)

    def give_up(self, uuid: str) -> None:
        """Write down that the sale is to be stopped, whoever goes on with it."""
        self._lines.execute("UPDATE sale SET giving_up = 1 WHERE uuid = ?", (uuid,))

    def end(self, uuid: str, *, verdict: str, sentence: str) -> None:
        """Write the verdict down; from here on nothing is asked about this sale."""
        self._lines.execute(
            "UPDATE sale SET verdict = ?, sentence = ? WHERE uuid = ?", (verdict, sentence, uuid)
        )

    def open(self) -> list[Entry]:
        """Return the sales without a verdict, the oldest first."""
        rows = self._lines.execute(
            "SELECT uuid, begun_at, body, giving_up FROM sale WHERE verdict IS NULL"
            " ORDER BY begun_at, uuid"
        )
        return [
            Entry(uuid, begun_at, json.loads(body), bool(giving_up))
            for uuid, begun_at, body, giving_up in rows
        ]

    def verdicts(self) -> dict[str, str]:
        """Return how every sale ended that did, by its UUID."""
        rows = self._lines.execute("SELECT uuid, verdict FROM sale WHERE verdict IS NOT NULL")
        return dict(rows.fetchall())

    def forget(self, *, before: float) -> None:
        """Drop ended sales that began before ``before``, in seconds since 1970."""
        self._lines.execute(
            "DELETE FROM sale WHERE verdict IS NOT NULL AND begun_at < ?", (before,)
        )
