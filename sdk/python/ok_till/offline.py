"""Selling without a network: within the allowance, signed and chained on disk, and sent later."""

import base64
import hashlib
import json
import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from ok_till.client import Client, NoAnswerError, RefusedError
from ok_till.journal import JournalInUseError
from ok_till.models import OfflineAllowanceAnswer, OfflineSaleAnswer

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS allowance (one INTEGER PRIMARY KEY, said TEXT NOT NULL) STRICT",
    """
    CREATE TABLE IF NOT EXISTS record (
        sequence INTEGER PRIMARY KEY,
        uuid TEXT NOT NULL UNIQUE,
        code TEXT NOT NULL,
        dark_since TEXT NOT NULL,
        amount INTEGER NOT NULL,
        digest TEXT NOT NULL,
        body TEXT NOT NULL,
        outcome TEXT
    ) STRICT
    """,
)
FIRST = "0" * 64
CODE_DIGITS = 22


class NotAllowedError(Exception):
    """Do not sell this with OK now: take another payment. ``reason`` says why, for programs."""

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason


class OfflineLog:
    """One terminal's sales without a network, in one SQLite file of their own, for one key.

    ``sign`` makes an Ed25519 signature with the private key, which stays wherever the till keeps
    it; ``public_key`` is its other half, 32 bytes. A new key begins a new file. What is written
    here has reached the disk before ``sell`` returns.
    """

    def __init__(
        self, client: Client, path: Path | str, *, public_key: bytes, sign: Callable[[bytes], bytes]
    ) -> None:
        """Open the file, or make it. Raises ``JournalInUseError``."""
        self._client, self._sign = client, sign
        self._key = base64.b64encode(public_key).decode()
        self._lines = sqlite3.connect(
            path, timeout=0, isolation_level=None, check_same_thread=False
        )
        try:
            self._lines.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._lines.execute("PRAGMA synchronous = EXTRA")
            self._lines.execute("BEGIN EXCLUSIVE")
            for statement in SCHEMA:
                self._lines.execute(statement)
            self._lines.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self._lines.close()
            message = f"another till works with {path}"
            raise JournalInUseError(message) from error

    def close(self) -> None:
        """Let the file go; the line is its owner's, and may be the till's too."""
        self._lines.close()

    def register(self) -> OfflineAllowanceAnswer:
        """Make this key the till's; keep what it may do. Raises as ``Client.call``."""
        return self._keep(
            self._client.call("PUT", "/api/v1/offline-key", {"public_key": self._key})
        )

    def refresh(self) -> OfflineAllowanceAnswer:
        """Ask what the till may do, and keep it: at its start and every few minutes."""
        return self._keep(self._client.call("GET", "/api/v1/offline-allowance"))

    def sell(self, basket: Mapping[str, Any], *, at: datetime) -> str:
        """Write down and sign what is sold at the full price, then give the goods; its UUID.

        ``basket`` has ``currency``, ``code`` and ``lines``; ``at`` is the till's time, with its
        offset. Raises ``NotAllowedError``, and then nothing was written.
        """
        lines = basket["lines"]
        amount = sum(line["quantity"] * line["unit_price"] for line in lines)
        dark_since = self._check(str(basket["code"]), amount, at)
        last = self._lines.execute(
            "SELECT sequence, digest FROM record ORDER BY sequence DESC LIMIT 1"
        ).fetchone()
        sequence, previous = (last[0] + 1, last[1]) if last else (1, FIRST)
        uuid, sold_at = str(uuid4()), at.isoformat()
        said = (uuid, sequence, sold_at, dark_since, amount, basket["currency"], basket["code"])
        record = "\n".join(map(str, ("OK-offline-1", *said, previous))).encode()
        offline = {
            "public_key": self._key,
            "sequence": sequence,
            "sold_at": sold_at,
            "dark_since": dark_since,
            "amount": amount,
            "previous": previous,
            "signature": base64.b64encode(self._sign(record)).decode(),
        }
        body = json.dumps({**basket, "offline": offline})
        digest = hashlib.sha256(record).hexdigest()
        self._lines.execute(
            "INSERT INTO record (sequence, uuid, code, dark_since, amount, digest, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (sequence, uuid, basket["code"], dark_since, amount, digest, body),
        )
        return uuid

    def send(self) -> dict[str, OfflineSaleAnswer | RefusedError]:
        """Send all that waits, the oldest first; return what became of each, by its UUID.

        Stops at silence, and goes on when it is called again. What OK refuses was not booked: it
        is kept and sent again with the rest, for somebody has to look at it.
        """
        told: dict[str, OfflineSaleAnswer | RefusedError] = {}
        for uuid, body in self.waiting():
            try:
                answer = self._client.call("PUT", f"/api/v1/offline-sales/{uuid}", body)
            except NoAnswerError:
                break
            except RefusedError as refused:
                told[uuid] = refused
                if refused.code != "sale_closed":  # paid online after all
                    continue
                outcome = refused.code
            else:
                told[uuid] = cast("OfflineSaleAnswer", answer)
                outcome = answer["booked_as"]
            self._lines.execute("UPDATE record SET outcome = ? WHERE uuid = ?", (outcome, uuid))
        return told

    def waiting(self) -> list[tuple[str, Any]]:
        """Return the sales that OK has not answered for yet, the oldest first."""
        rows = self._lines.execute(
            "SELECT uuid, body FROM record WHERE outcome IS NULL ORDER BY sequence"
        )
        return [(uuid, json.loads(body)) for uuid, body in rows]

    def _keep(self, said: Any) -> OfflineAllowanceAnswer:
        self._lines.execute("REPLACE INTO allowance VALUES (1, ?)", (json.dumps(said),))
        return cast("OfflineAllowanceAnswer", said)

    def _check(self, code: str, amount: int, at: datetime) -> str:
        """Return since when it is dark; raises ``NotAllowedError``."""
        kept = self._lines.execute("SELECT said FROM allowance").fetchone()
        said: dict[str, Any] = json.loads(kept[0]) if kept else {"allowed": False}
        if not said["allowed"]:
            raise NotAllowedError("no_allowance")
        since = datetime.fromisoformat(said["as_of"])
        sold = self._lines.execute(
            "SELECT coalesce(sum(amount), 0), coalesce(sum(code = ?), 0) FROM record"
            " WHERE dark_since = ?",
            (code, said["as_of"]),
        ).fetchone()
        for reason, stops in (
            (
                "code_malformed",
                not (code.isascii() and code.isdigit() and len(code) == CODE_DIGITS),
            ),
            ("code_used", sold[1] > 0),
            ("over_sale_limit", amount > said["most_per_sale"]),
            ("over_allowance", sold[0] + amount > said["most_in_all"]),
            ("dark_too_long", not since <= at <= since + timedelta(hours=said["hours"])),
        ):
            if stops:
                raise NotAllowedError(reason)
        return str(said["as_of"])
