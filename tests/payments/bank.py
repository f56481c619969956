"""What the reconciliation tests do again and again: expect, let the bank say, match."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from okplatform.kernel.models import Event
from okplatform.kernel.modes import Mode
from payments.actions.expect import expect
from payments.actions.import_statement import ImportedFile, import_statement
from payments.actions.match_entries import Matched, match_entries
from payments.actions.open_house_account import open_house_account
from payments.bankfiles.lines import BankLine, Read, StatementClosed, StatementOpened
from payments.chart import EUR
from payments.ledger import AccountRef
from payments.models import BankEntry, Expectation, ExpectationKind, HouseAccount
from payments.queries import balance_of
from tests.support.world import NOW

OURS = "NL20INGB0001234567"
ALICES = "NL91ABNA0417164300"
BOBS = "NL44RABO0123456789"
TODAY = date(2026, 11, 17)


def line(amount: int, end_to_end_id: str = "", **said: Any) -> BankLine:
    """Return a line; ``Bank.say`` gives it its place."""
    return BankLine(
        entry=0,
        part=0,
        amount=amount,
        currency=said.pop("currency", EUR),
        booked_on=said.pop("booked_on", TODAY),
        valued_on=TODAY,
        end_to_end_id=end_to_end_id,
        **said,
    )


@dataclass
class Bank:
    """A bank that keeps one account of ours; ``balance`` is what it says we have."""

    account: HouseAccount
    balance: int = 0
    statements: int = 0
    subjects: int = field(default=0, repr=False)

    def expect(self, amount: int, end_to_end_id: str = "", **other: Any) -> Expectation:
        """Expect a line: a collection of it if it comes in, a payout if it goes out."""
        self.subjects += 1
        facts: dict[str, Any] = {
            "mode": self.account.mode,
            "house_account_id": self.account.pk,
            "kind": ExpectationKind.COLLECTION if amount > 0 else ExpectationKind.PAYOUT,
            "subject_id": self.subjects,
            "amount": amount,
            "currency": EUR,
            "end_to_end_id": end_to_end_id or f"E2E-{self.subjects}",
            "reference": "",
            "iban": ALICES,
            "due_on": TODAY,
            "now": NOW,
            **other,
        }
        with transaction():
            return Expectation.objects.get(pk=expect(**facts))

    def read(self, *lines: BankLine, **said: Any) -> Read:
        """Return what a reader makes of a statement with these lines."""
        self.statements += 1
        placed = [replace(each, entry=n) for n, each in enumerate(lines, start=1)]
        kind = said.pop("kind", "camt.053")
        total = sum(each.amount for each in placed)
        books = kind in {"camt.053", "MT940"}
        opened = StatementOpened(
            kind=kind,
            message_id=f"M{self.statements}",
            number=said.pop("number", str(self.statements)),
            iban=said.pop("iban", self.account.iban),
            currency=EUR,
            opening=said.pop("opening", self.balance if books else None),
            first_day=said.pop("first_day", TODAY),
            last_day=said.pop("last_day", TODAY),
        )
        if books:
            self.balance += total
        closed = StatementClosed(
            lines=said.pop("lines", len(placed)),
            total=said.pop("total", total),
            closing=said.pop("closing", self.balance if books else None),
        )
        assert not said
        return iter([opened, *placed, closed])

    def say(self, *lines: BankLine, **said: Any) -> ImportedFile:
        """Deliver a statement."""
        name = f"{self.account.iban}-{self.statements + 1}"
        return deliver(self.read(*lines, **said), name=name)

    def settle(self, *lines: BankLine, **said: Any) -> list[BankEntry]:
        """Deliver a statement, match it, and return its lines."""
        (statement_id,) = self.say(*lines, **said).statement_ids
        match(statement_id)
        return entries(statement_id)

    def holds(self, kind: str) -> int:
        """Return what the ledger has on an account of this kind."""
        return balance_of(AccountRef(kind, self.account.pk, EUR), mode=self.account.mode)


def open_bank(*, iban: str = OURS, mode: str = Mode.LIVE, **other: Any) -> Bank:
    account = open_house_account(
        mode=mode, iban=iban, holder="OK Client Money", now=NOW, actor=SYSTEM, **other
    )
    return Bank(account)


def deliver(read: Read, *, name: str) -> ImportedFile:
    """Import a file; its bytes are its name's."""
    return import_statement(
        lines=read,
        file_name=name,
        file_hash=sha256(name.encode()).digest(),
        now=NOW,
        actor=SYSTEM,
    )


def match(statement_id: int) -> Matched:
    return match_entries(statement_id=statement_id, now=NOW, actor=SYSTEM)


def entries(statement_id: int) -> list[BankEntry]:
    return list(BankEntry.objects.filter(statement_id=statement_id).order_by("entry", "part"))


def states(lines: Sequence[BankEntry]) -> list[tuple[str, str]]:
    """Return what became of each line, and by which rule or for which doubt."""
    return [(each.state, each.rule or each.doubt) for each in lines]


def told() -> Iterator[tuple[str, int, str]]:
    """Yield what was told of expectations: which event, of which subject, with which reason."""
    for event in Event.objects.filter(aggregate_type="expectation").order_by("pk"):
        yield (
            event.type.removeprefix("payments.expectation_"),
            event.payload["subject_id"],
            event.payload.get("reason", ""),
        )


def days(count: int) -> timedelta:
    return timedelta(days=count)
