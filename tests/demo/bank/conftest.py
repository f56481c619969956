"""A bank that is stepped by hand, and what one says to it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from demo.bank.bank import Bank
from demo.bank.client import Client
from demo.bank.clock import ZONE
from tests.demo.bank import files
from tests.demo.bank.files import HOUSE, Asked

FRIDAY_NOON = datetime(2026, 2, 27, 11, tzinfo=UTC)


class Desk:
    """A bank and its client; days are those of March 2026, MONDAY the second."""

    def __init__(self, folder: Path) -> None:
        self.bank = Bank(folder)
        self.client = Client(folder)
        self.now = FRIDAY_NOON
        self.bank.step(self.now)

    def collect(self, *asked: Asked, **how: Any) -> None:
        """Hand in a pain.008 for Monday, and let the bank look."""
        name = how.get("name", "C1")
        self.hand_in(files.collections(asked, **how), name=f"{name}.xml")

    def pay(self, *asked: Asked, **how: Any) -> None:
        name = how.get("name", "P1")
        self.hand_in(files.payouts(asked, **how), name=f"{name}.xml")

    def hand_in(self, content: bytes, *, name: str = "file.xml") -> None:
        self.client.deliver(content, name=name)
        self.bank.step(self.now)

    def order(self, do: str, **fields: str | int | bool) -> None:
        self.client.order(do, **fields)
        self.bank.step(self.now)
        assert self.client.refused_orders() == {}

    def go_to(self, day: date, hour: int = 12) -> None:
        """Let time pass until an hour of a day in Amsterdam."""
        self.now = datetime.combine(day, time(hour), ZONE)
        self.bank.step(self.now)

    def end_of(self, day: date) -> None:
        """Let a day pass."""
        self.go_to(day + timedelta(days=1), 0)

    def status(self) -> dict[str, Any]:
        """The last pain.002."""
        return files.answered(self.client.answers("pain.002")[-1])

    def told(self) -> list[tuple[str | None, int, str | None]]:
        """What the notifications said: EndToEndId, amount, reason."""
        return files.lines(files.reports(self.client.answers("camt.054")))

    def stated(self) -> list[tuple[str | None, int, str | None]]:
        """What the statements said."""
        return files.lines(files.reports(self.client.statements()))

    @property
    def house(self) -> int:
        return self.client.balance(HOUSE)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "bank")
    yield desk
    assert desk.client.total() == 0
    desk.bank.close()
