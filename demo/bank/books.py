"""The bank's own books: accounts, bookings that sum to zero, and payments (SQLite).

Amounts are cents as the account's holder sees them: positive was credited. The bank itself holds
the account ``VAULT``, where opening balances come from, so that all balances together are zero.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from demo.bank.clock import day_of
from demo.bank.values import stored

VAULT = "VAULT"
SCHEMA = Path(__file__).with_name("schema.sql")
ONLINE = Path(__file__).with_name("online.sql")

Row = sqlite3.Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One transaction: collected from, paid out to, or come in from ``iban``."""

    id: int = 0
    kind: str
    message_id: str = ""
    message_name: str = ""
    batch_id: str = ""
    booked_as: str = "single"
    is_instant: int = 0
    end_to_end_id: str
    mandate_id: str = ""
    house_iban: str
    iban: str
    name: str
    amount: int
    text: str = ""
    structured: str = ""
    due_at: str = ""
    state: str = "waiting"
    fate: str = "{}"

    @classmethod
    def of(cls, row: Row) -> Self:
        """Read a row of the table."""
        return cls(**{name: row[name] for name in COLUMNS})

    @property
    def credited(self) -> int:
        """What the house account sees of it."""
        return -self.amount if self.kind == "payout" else self.amount

    @property
    def in_store(self) -> dict[str, dict[str, Any]]:
        """What orders have in store for it, by what they do."""
        found: dict[str, dict[str, Any]] = json.loads(self.fate)
        return found


COLUMNS = tuple(each.name for each in fields(Payment))


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """What an entry on a house account is about."""

    kind: str
    booked_as: str
    payments: Sequence[Payment]
    reason: str = ""


class Books:
    """The database of one bank. Everything happens inside ``transaction``."""

    def __init__(self, file: Path, *, opening_balance: int) -> None:
        self._opening_balance = opening_balance
        # Its callers take turns (demo.bank.server): one at a time, though not always one thread.
        self.connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self.connection.row_factory = Row
        # A killed process loses nothing this way; only a power cut could.
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = OFF")
        if not self.rows("SELECT 1 FROM sqlite_master WHERE name = 'letter'"):
            self.connection.executescript(f"BEGIN IMMEDIATE; {SCHEMA.read_text()} COMMIT;")
        self.connection.executescript(f"BEGIN IMMEDIATE; {ONLINE.read_text()} COMMIT;")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all of it or, whatever happens, nothing."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Ask the database."""
        return self.connection.execute(sql, values).fetchall()

    def change(self, sql: str, *values: object) -> sqlite3.Cursor:
        """Change the database."""
        return self.connection.execute(sql, values)

    def open_account(
        self,
        iban: str,
        name: str,
        *,
        at: datetime,
        balance: int | None = None,
        is_house: bool = False,
    ) -> None:
        """Open an account on first sight, customers with what the bank gives them to spend."""
        made = self.change(
            "INSERT INTO account VALUES (?, ?, 0, 0, 0) ON CONFLICT DO NOTHING", iban, name
        )
        if balance is None:
            balance = 0 if is_house or iban == VAULT else self._opening_balance
        if made.rowcount == 1 and balance:
            self.book([(VAULT, -balance), (iban, balance)], at=at)
        if is_house:
            self._begin_statements(iban)

    def _begin_statements(self, iban: str) -> None:
        """Let the first statement open with what stands on the account so far."""
        self.change(
            "UPDATE entry SET statement = 0, is_notified = 1"
            " WHERE iban IN (SELECT iban FROM account WHERE iban = ? AND is_house = 0)",
            iban,
        )
        self.change(
            "UPDATE account SET is_house = 1, stated = ? WHERE iban = ? AND is_house = 0",
            self.balance(iban),
            iban,
        )

    def book(
        self, lines: Sequence[tuple[str, int]], *, at: datetime, about: Booked | None = None
    ) -> None:
        """Book lines that sum to zero; those of house accounts say what they are about."""
        if sum(amount for _iban, amount in lines) != 0:
            raise ValueError("The lines of a booking do not sum to zero.")
        houses = {row["iban"] for row in self.houses()}
        (booking,) = self.rows("SELECT coalesce(max(booking), 0) + 1 FROM entry")[0]
        told = about or Booked(kind="opening", booked_as="single", payments=())
        for iban, amount in lines:
            entry = self.change(
                "INSERT INTO entry"
                " (booking, iban, amount, booked_at, booked_on, kind, booked_as, reason)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                booking,
                iban,
                amount,
                stored(at),
                day_of(at).isoformat(),
                told.kind,
                told.booked_as,
                told.reason,
            ).lastrowid
            if iban in houses:
                self.connection.executemany(
                    "INSERT INTO part VALUES (?, ?)", [(entry, each.id) for each in told.payments]
                )

    def add(self, payment: Payment) -> int:
        """Write a payment down and return its id."""
        values = [getattr(payment, name) for name in COLUMNS[1:]]
        marks = ", ".join("?" * len(values))
        names = ", ".join(COLUMNS[1:])
        made = self.change(f"INSERT INTO payment ({names}) VALUES ({marks})", *values)  # noqa: S608 -- our own column names
        return int(made.lastrowid or 0)

    def payments(self, condition: str, *values: object) -> list[Payment]:
        """Find payments, in the order they came."""
        found = self.rows(f"SELECT * FROM payment WHERE {condition} ORDER BY id", *values)  # noqa: S608 -- our own conditions
        return [Payment.of(row) for row in found]

    def move(self, payment: Payment, *, to: str) -> bool:
        """Change a payment's state; false when it had left the one it was in."""
        moved = self.change(
            "UPDATE payment SET state = ? WHERE id = ? AND state = ?", to, payment.id, payment.state
        )
        return moved.rowcount == 1

    def houses(self) -> list[Row]:
        """Return the accounts that get statements."""
        return self.rows("SELECT * FROM account WHERE is_house ORDER BY iban")

    def name_of(self, iban: str) -> str:
        """Return whose an account is; empty for one that was never seen, or of nobody known."""
        found = self.rows("SELECT name FROM account WHERE iban = ?", iban)
        return str(found[0]["name"]) if found else ""

    def balance(self, iban: str) -> int:
        """Add up an account; zero for one that was never seen."""
        found = self.rows("SELECT coalesce(sum(amount), 0) FROM entry WHERE iban = ?", iban)
        return int(found[0][0])
