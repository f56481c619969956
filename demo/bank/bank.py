"""The bank itself, one step at a time."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from demo.bank.agenda import Item, next_item, plan, strike
from demo.bank.books import VAULT, Books
from demo.bank.clock import day_of, start_of
from demo.bank.fates import give
from demo.bank.letters import send
from demo.bank.orders import CALLS, INITIATIONS, OrderRefused, read_order, remember
from demo.bank.reports import Reporter
from demo.bank.settling import give_back, pay_in, settle
from demo.bank.taking import refuse_payment, take_file
from demo.bank.values import stored

FOLDERS = ("in", "out", "orders", "taken", "refused", "sending")
DAY = timedelta(days=1)


class BankBusy(RuntimeError):  # noqa: N818 -- it is the bank that is busy
    """Another process is the bank of this folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a bank starts: what a customer finds on the account (cents), and what repeats chance."""

    balance: int = 10_000_00
    seed: int = 1


class Bank:
    """The bank of one folder; ``step`` brings it to a moment, and does not run by itself.

    The same steps over the same files with the same seed give the same answers to the byte.
    Raises ``BankBusy`` when another process holds the folder.
    """

    def __init__(self, folder: Path, *, terms: Terms | None = None) -> None:
        terms = terms or Terms()
        self.folder = folder
        for name in FOLDERS:
            (folder / name).mkdir(parents=True, exist_ok=True)
        self._lock = os.open(folder / "bank.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._lock)
            raise BankBusy(f"Another process is the bank of {folder}.") from error
        self.books = Books(folder / "bank.sqlite3", opening_balance=terms.balance)
        self._reporter = Reporter(self.books, seed=terms.seed)

    def moment(self, now: datetime) -> datetime:
        """Return what time it is here: that of the last step, or later."""
        found = self.books.rows("SELECT stepped_at FROM bank")
        return max(now, datetime.fromisoformat(found[0]["stepped_at"])) if found else now

    def close(self) -> None:
        """Let go of the folder."""
        self.books.connection.close()
        os.close(self._lock)

    def step(self, now: datetime) -> int:
        """Do everything up to ``now``, in the order of time; return how many things that were.

        What waits in ``orders/`` and then in ``in/`` is taken at ``now``. An earlier moment than
        that of the last step counts as that moment: a bank's time never runs back.
        """
        now = self._opened(now)
        done = self._catch_up(now)
        for folder, ending, take in (
            ("orders", ".json", self._take_order),
            ("in", ".xml", self._take_file),
        ):
            for path in self._waiting(folder, ending):
                # What one file sets off is done before the next is read: a bank that was killed
                # between the two begins with it as well, and so comes to the same end.
                done += take(path, now) + self._catch_up(now)
        sending, out = self.folder / "sending", self.folder / "out"
        return done + send(self.books, beside=sending, out=out, now=now)

    def _opened(self, now: datetime) -> datetime:
        """Note the moment; at the very first open the vault and plan the first day's end."""
        with self.books.transaction():
            found = self.books.rows("SELECT stepped_at FROM bank")
            if found:
                now = max(now, datetime.fromisoformat(found[0]["stepped_at"]))
                self.books.change("UPDATE bank SET stepped_at = ?", stored(now))
            else:
                self.books.change("INSERT INTO bank VALUES (?, ?)", stored(now), stored(now))
                self.books.open_account(VAULT, "The bank itself", at=now)
                plan(self.books, start_of(day_of(now) + DAY), "close_day")
        return now

    def _catch_up(self, now: datetime) -> int:
        done = 0
        while (item := next_item(self.books, now)) is not None:
            with self.books.transaction():
                strike(self.books, item)
                self._do(item)
            done += 1
        return done

    def _do(self, item: Item) -> None:
        match item.what:
            case "settle":
                settle(self.books, at=item.at)
            case "give_back":
                give_back(self.books, at=item.at, **item.data)
            case _:
                day = day_of(item.at) - DAY
                self._reporter.state(day, at=item.at)
                plan(self.books, start_of(day + 2 * DAY), "close_day")
        self._reporter.notify(at=item.at)

    def _waiting(self, folder: str, ending: str) -> Iterator[Path]:
        """Name the files of a folder, oldest name first; drafts begin with a dot."""
        for path in sorted((self.folder / folder).iterdir()):
            if path.name.endswith(ending) and not path.name.startswith("."):
                yield path

    def _take_file(self, path: Path, now: datetime) -> bool:
        content = path.read_bytes()
        with self.books.transaction():
            is_new = self._is_new(path, content)
            if is_new:
                take_file(self.books, self._reporter, content, at=now)
        path.rename(self.folder / "taken" / path.name)
        return is_new

    def _take_order(self, path: Path, now: datetime) -> bool:
        content = path.read_bytes()
        try:
            order = read_order(content)
        except OrderRefused as error:
            reason = self.folder / "refused" / f"{path.name}.txt"
            reason.write_text(f"{error}\n")
            path.rename(reason.with_name(path.name))
            return False
        with self.books.transaction():
            is_new = self._is_new(path, content)
            if is_new:
                self._follow(order, now)
        path.rename(self.folder / "taken" / path.name)
        return is_new

    def _follow(self, order: dict[str, Any], now: datetime) -> None:
        if order["do"] in {**CALLS, **INITIATIONS}:
            remember(self.books, order)
        elif order["do"] == "pay_in":
            self.books.open_account(order["to"], "", at=now, is_house=True)
            pay_in(self.books, order, at=now)
        elif order["do"] == "open":
            self.books.open_account(
                order["iban"],
                order["name"],
                at=now,
                balance=order["balance"],
                is_house=order["house"],
            )
        else:
            refuse = partial(refuse_payment, self.books, self._reporter, at=now)
            give(self.books, order, refuse=refuse, at=now)

    def _is_new(self, path: Path, content: bytes) -> bool:
        made = self.books.change(
            "INSERT INTO taken VALUES (?, ?) ON CONFLICT DO NOTHING",
            path.name,
            hashlib.sha256(content).hexdigest(),
        )
        return made.rowcount == 1
