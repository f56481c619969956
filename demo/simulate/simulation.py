"""Runs the days of one seed, step by step, and says how they ended."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from demo.simulate.activities import (
    banking,
    cards,
    paying_online,
    people,
    refunding,
    trouble,
)
from demo.simulate.activities.table import ACTIVITIES, ROUND
from demo.simulate.breaches import Breach
from demo.simulate.town import Activity, Town, town
from okplatform.kernel.db import call
from payments.calendar import local_day

FIRST_YEAR = 2040
"""In the future: events are due when PostgreSQL's own clock says so, and that is past."""

FEWEST_DAYS_LEFT = 3
SHOPS, FIRST_SHOPPERS = 4, 8
STEPS_A_DAY = 150
ROUND_HOURS = (1, 8, 13, 19)
MINUTES_A_DAY = 24 * 60
STEPS_BETWEEN_PROOFS = 500
CLOSING_DAYS = 14
"""After the last day nothing new happens, and what is under way comes to its end."""
CLOSING_HOURS, BEFORE_OPENING = 12, 4

END = """
SELECT 'collection', state, reason, amount::text, attempt::text FROM payments_collection
UNION ALL SELECT 'payout', state, reason, amount::text, merchant_id::text FROM payments_payout
UNION ALL SELECT 'refund', state, reason, amount::text, attempt::text FROM payments_refund
UNION ALL SELECT 'expectation', state, reason, amount::text, outstanding::text
    FROM payments_expectation
UNION ALL SELECT 'bank_entry', state, rule, amount::text, reason FROM payments_bank_entry
UNION ALL SELECT 'file', kind, state, total::text, transactions::text
    FROM payments_outgoing_file
ORDER BY 1, 2, 3, 4, 5
"""


@dataclass(frozen=True, slots=True)
class Result:
    """How a simulation ended; ``broken`` says what did not hold, and in which step."""

    ok: bool
    seed: int
    days: int
    steps: int
    faults: dict[str, int]
    end: str
    broken: str

    def figures(self) -> dict[str, Any]:
        """Return what the last line of the command tells."""
        told = asdict(self)
        return {name: told[name] for name in ("ok", "seed", "days", "steps", "faults")}


def simulate(*, seed: int, days: int) -> Result:
    """Simulate so many days in the database in use, which has tables and no rows."""
    start = start_of(seed)
    with (
        TemporaryDirectory() as folder,
        town(seed=seed, start=start, folder=Path(folder)) as here,
    ):
        here.populate(shops=SHOPS, shoppers=FIRST_SHOPPERS)
        return _Run(here, seed=seed, days=days, start=start).result()


def start_of(seed: int) -> datetime:
    """Return the first midnight of a seed, some days before a month ends: then invoices go out."""
    years, month = divmod(seed, 12)
    first_of_next = datetime(FIRST_YEAR + years, month + 1, 1, tzinfo=UTC) + timedelta(days=31)
    return first_of_next.replace(day=1) - timedelta(days=FEWEST_DAYS_LEFT + seed % 5)


class _Run:
    """One simulation on its way."""

    def __init__(self, here: Town, *, seed: int, days: int, start: datetime) -> None:
        self._town, self._seed, self._days, self._start = here, seed, days, start
        self._deck = here.chance.deck(
            [one for one, cards in ACTIVITIES.items() for _ in range(cards)]
        )
        self._steps = 0
        self._doing = ""

    def result(self) -> Result:
        """Go through all days, or to the first breach."""
        broken = ""
        try:
            self._live()
            self._close()
        except Exception as error:  # noqa: BLE001 -- whatever it is, it stops these days
            what = str(error) if isinstance(error, Breach) else repr(error)
            broken = f"step {self._steps} ({self._doing}, {self._town.now:%Y-%m-%d %H:%M}): {what}"
        faults = self._town.faults.counted(self._town.bankside.witness.misdeeds())
        missing = [kind for kind, times in faults.items() if not times]
        if not broken and missing:
            broken = f"never met: {', '.join(missing)}"
        return Result(
            ok=not broken,
            seed=self._seed,
            days=self._days,
            steps=self._steps,
            faults=faults,
            end=self._hash(),
            broken=broken,
        )

    def _live(self) -> None:
        for day in range(self._days):
            for minute, activity in self._plan_of_day():
                moment = self._start + timedelta(days=day, minutes=minute)
                self._step(activity or self._deck.deal(), moment)

    def _plan_of_day(self) -> list[tuple[int, Activity | None]]:
        """Return when something happens, and what; None is left to chance."""
        rounds: list[tuple[int, Activity | None]] = [
            (hour * 60 + number, activity)
            for hour in ROUND_HOURS
            for number, activity in enumerate(ROUND)
        ]
        by_chance: list[tuple[int, Activity | None]] = [
            (self._town.chance.between(0, MINUTES_A_DAY - 1), None)
            for _ in range(STEPS_A_DAY - len(rounds))
        ]
        return sorted([*rounds, *by_chance], key=lambda planned: planned[0])

    def _close(self) -> None:
        """Let the tills ask for their last answers, and the bank's days go by; then prove all."""
        end = self._start + timedelta(days=self._days)
        self._step(trouble.ask_again, end)
        self._step(paying_online.ask_again, end)
        self._step(refunding.ask_again, end + timedelta(hours=1))
        self._step(people.renew_terms, end)
        self._step(people.choose_refund_account, end)
        self._step(cards.settle_all, end)
        for hour in range(CLOSING_HOURS, CLOSING_DAYS * 24, CLOSING_HOURS):
            self._step(banking.go_round, end + timedelta(hours=hour))
            self._step(banking.clear_the_queue, self._town.now)
            self._step(people.pay_invoices, self._town.now)
        self._step(paying_online.ask_again, self._town.now)
        # Before the bank opens: all that it ever booked stands on a statement that has come.
        self._step(banking.go_round, end + timedelta(days=CLOSING_DAYS, hours=BEFORE_OPENING))
        self._prove()
        self._town.checks.prove_the_end()

    def _step(self, activity: Activity, moment: datetime) -> None:
        self._steps += 1
        self._doing = f"{activity.__module__.rpartition('.')[2]}.{activity.__name__}"
        self._town.do(activity, at=moment)
        if self._steps % STEPS_BETWEEN_PROOFS == 0:
            self._prove()

    def _prove(self) -> None:
        """Let the post bring what lies at the bank, and events their effect; then prove all."""
        self._town.do(banking.go_round, at=self._town.now)
        self._town.checks.prove(today=local_day(self._town.now))

    def _hash(self) -> str:
        """Return a number for how everything ended; the same seed ends in the same one."""
        here = self._town
        books = here.checks.books
        held = sorted(
            (*account, books.balances[number]) for number, account in books.accounts.items()
        )
        sales = [
            (ticket.verdict, ticket.paid_with_ok, ticket.points, ticket.left)
            for ticket in here.memory.tickets.values()
        ]
        online = [(order.name, order.stands) for order in here.orders.known.values()]
        at_the_bank = here.bankside.client.balances()
        end = [self._steps, held, sales, online, at_the_bank, call(END)]
        return hashlib.sha256(json.dumps(end).encode()).hexdigest()[:16]
