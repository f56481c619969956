"""Everything that a simulation consists of at one moment: the time, who is there, what is known."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.test import override_settings

from demo.simulate.bankside import Bankside
from demo.simulate.cast import Cast
from demo.simulate.chance import Chance, Deck
from demo.simulate.checks import Checks
from demo.simulate.faults import Faults
from demo.simulate.meeting import Meeting
from demo.simulate.memory import Memory
from demo.simulate.orders import Orders
from loyalty import programs
from okplatform.kernel import clock

QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]
"""The hash of a PIN takes its time on purpose; here nobody guesses, and thousands are typed."""


class Town:
    """The world of one seed; activities change it."""

    def __init__(self, *, seed: int, start: datetime, folder: Path) -> None:
        self.now = start
        self.chance = Chance(seed)
        self.cast = Cast()
        self.memory = Memory()
        self.orders = Orders()
        self.faults = Faults()
        self.bankside = Bankside(folder, chance=self.chance, seed=seed, now=start)
        self.checks = Checks(self.memory, self.orders, self.bankside)
        self.meeting = Meeting()
        self.decks: dict[str, Deck[str]] = {}

    def deal(self, deck: str, cards: list[str]) -> str:
        """Deal from a deck by its name: all its cards come up before any does again."""
        if deck not in self.decks:
            self.decks[deck] = self.chance.deck(cards)
        return self.decks[deck].deal()

    def populate(self, *, shops: int, shoppers: int) -> None:
        """Let shops open and the first shoppers come."""
        self.cast.price_plans(now=self.now)
        for _ in range(shops):
            self.cast.open_shop(now=self.now)
        for _ in range(shoppers):
            self.cast.welcome_shopper(now=self.now)

    def do(self, activity: "Activity", *, at: datetime) -> None:
        """Let something happen, not before its moment, and check what must hold after it."""
        self.now = max(self.now, at)
        activity(self)
        self.checks.after_step()

    @contextmanager
    def clock_off_by(self, jump: timedelta) -> Iterator[None]:
        """Let the machine's clock be wrong for a while."""
        right = self.now
        self.now = right + jump
        try:
            yield
        finally:
            self.now = right

    def close(self) -> None:
        """Send everybody home."""
        self.meeting.close()
        self.bankside.close()


Activity = Callable[[Town], None]
"""Something that goes on: one step."""


@contextmanager
def town(*, seed: int, start: datetime, folder: Path) -> Iterator[Town]:
    """Build an empty town and let its time be this process's; works in the database in use."""
    # What was compiled for another database's shops is not true of these.
    programs.forget_all()
    with clock.told_by(lambda: start):
        made = Town(seed=seed, start=start, folder=folder)
    try:
        with _quiet(), override_settings(PASSWORD_HASHERS=QUICK), clock.told_by(lambda: made.now):
            yield made
    finally:
        made.close()
        programs.forget_all()


@contextmanager
def _quiet() -> Iterator[None]:
    """Say nothing in the log of what thousands of calls do as they should."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)
