"""What a bank's statement looks like in real life, with what is true of it known beforehand.

A ``Case`` is what we expected, what the bank says of it, and which lines came for what. The same
seed gives the same cases, so that they can be made again instead of kept: a file of any length
takes no memory. The mix, and how references are mangled, is what the figures of
``manage.py bench reconcile`` are about; change it only together with them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from payments.actions.bulk import Expected
from payments.bankfiles.lines import BankLine
from payments.chart import EUR
from payments.models import ExpectationKind

SEED = 20_261_117
BATCH = 25
DAY = date(2026, 11, 17)
LARGEST = 30_000
STEP = 97
"""Between two numbers of ours: no one digit misread, and no two changed places, makes another."""


@dataclass
class Case:
    """Something that happened: ``truth`` has a set of end-to-end ids per line, None must wait."""

    expected: list[Expected]
    lines: list[BankLine] = field(default_factory=list)
    truth: list[list[str] | None] = field(default_factory=list)

    def say(self, amount: int, came_for: list[str] | None, **said: Any) -> "Case":
        """Add a line; ``entry`` is given when the file is written."""
        self.lines.append(
            BankLine(
                entry=0,
                part=0,
                amount=amount,
                currency=EUR,
                booked_on=said.pop("booked_on", DAY),
                valued_on=DAY,
                bank_reference=said.pop("bank_reference", "INTERNAL"),
                **said,
            )
        )
        self.truth.append(came_for)
        return self


class _Maker:
    """Makes cases, each of its own number."""

    def __init__(self) -> None:
        self.random = Random(SEED)  # noqa: S311 -- the same dirt each time
        self.number = 0

    def iban(self, number: int) -> str:
        """Return the IBAN of customer ``number`` (ISO 13616: check digits by modulo 97)."""
        account = f"{number:010}"
        letters = "".join(str(ord(letter) - 55) for letter in "INGB")
        return f"NL{98 - int(letters + account + '232100') % 97:02}INGB{account}"

    def expected(self, sign: int = 1, **other: Any) -> Expected:
        """Expect something of the next number."""
        self.number += 1
        kind = ExpectationKind.COLLECTION if sign > 0 else ExpectationKind.PAYOUT
        facts: dict[str, Any] = {
            "kind": kind,
            "subject_id": self.number,
            "amount": sign * self.random.randint(100, LARGEST),
            "end_to_end_id": f"{'OKC' if sign > 0 else 'OKP'}{self.number:09}",
            "reference": f"OK-2026-{self.number * STEP:09}",
            "iban": self.iban(self.number),
            "due_on": DAY + timedelta(days=self.random.randint(-3, 3)),
            **other,
        }
        return Expected(**facts)

    def plain(self) -> Case:
        """Make what nearly all lines are: the bank passes on the end-to-end id."""
        one = self.expected(self.random.choice((1, 1, 1, -1)))
        return Case([one]).say(
            one.amount, [one.end_to_end_id], end_to_end_id=one.end_to_end_id, iban=one.iban
        )

    def structured(self) -> Case:
        """Make a creditor reference (ISO 11649) in its own field, in groups of four or not."""
        digits = f"{self.number + 1:09}"
        reference = f"RF{98 - int(digits + '271500') % 97:02}{digits}"
        one = self.expected(reference=reference)
        written = self.random.choice(
            (reference, reference.lower(), " ".join((reference[:4], reference[4:8], reference[8:])))
        )
        return Case([one]).say(
            one.amount, [one.end_to_end_id], structured=written, iban=self.stranger()
        )

    def mangled(self) -> Case:
        """Make a reference as people type it and banks pass it on, from whatever account."""
        one = self.expected()
        written = self.random.choice(MANGLINGS)(one.reference)
        case = Case([one])
        if self.random.random() < 0.1 and len(written) <= 35:
            return case.say(one.amount, [one.end_to_end_id], end_to_end_id=written)
        return case.say(one.amount, [one.end_to_end_id], text=written, iban=self.stranger())

    def nameless(self) -> Case:
        """Name nothing: the right amount from the right account, perhaps a misread reference."""
        one = self.expected()
        text = self.random.choice(("", "bedankt", "zie mail van 12 mei", misread(one.reference)))
        return Case([one]).say(one.amount, [one.end_to_end_id], text=text, iban=one.iban)

    def batch(self) -> Case:
        """Make one line for a whole batch."""
        batch_id = f"OKB{self.number + 1:09}"
        batch = [self.expected(batch_id=batch_id) for _ in range(BATCH)]
        return Case(batch).say(
            sum(one.amount for one in batch),
            [one.end_to_end_id for one in batch],
            batch_id=batch_id,
            batch_size=BATCH,
        )

    def in_parts(self) -> Case:
        """Pay in two parts, each with the reference written in its own way."""
        one = self.expected()
        part = one.amount // 3
        case = Case([one])
        for amount in (part, one.amount - part):
            written = self.random.choice(MANGLINGS)(one.reference)
            case.say(amount, [one.end_to_end_id], text=written, iban=one.iban)
        return case

    def returned(self) -> Case:
        """Collect, and undo it on the same day."""
        one = self.expected()
        case = Case([one])
        for sign, reason in ((1, ""), (-1, self.random.choice(("AM04", "MD01", "MS02")))):
            case.say(
                sign * one.amount,
                [one.end_to_end_id],
                end_to_end_id=one.end_to_end_id,
                iban=one.iban,
                reason=reason,
            )
        return case

    def double(self) -> Case:
        """Pay twice: the second must wait."""
        one = self.expected()
        written = self.random.choice(MANGLINGS)(one.reference)
        case = Case([one])
        for came_for in ([one.end_to_end_id], None):
            case.say(one.amount, came_for, text=written, iban=one.iban)
        return case

    def wrong_amount(self) -> Case:
        """Pay another amount, sometimes what somebody else owes: it must wait."""
        one, other = self.expected(), self.expected()
        amount = self.random.choice((one.amount - 1, one.amount * 10, other.amount))
        written = self.random.choice(MANGLINGS)(one.reference)
        amount += amount == one.amount  # both may owe the same: that were not wrong at all
        return Case([one, other]).say(amount, None, text=written, iban=one.iban)

    def strange(self) -> Case:
        """Get money from a stranger, with numbers that are not ours: it must wait."""
        one = self.expected()
        text = self.random.choice(
            (
                "huur december",
                f"factuur 2026{self.random.randint(1, 10**6)}",
                misread(one.reference),
                f"OK-2025-{self.random.randint(1, 10**6):09}",
                f"klant {self.iban(self.number)}",
            )
        )
        return Case([one]).say(one.amount, None, text=text, iban=self.stranger(), name="X. Vreemd")

    def alike(self) -> Case:
        """Expect the same twice from one account, and say nothing: it must wait."""
        one = self.expected()
        other = self.expected(amount=one.amount, iban=one.iban)
        return Case([one, other]).say(one.amount, None, text="aankoop", iban=one.iban)

    def never_came(self) -> Case:
        """Expect what is not there yet."""
        return Case([self.expected()])

    def stranger(self) -> str:
        """Return the IBAN of somebody of whom nothing is expected."""
        return self.iban(9_000_000_000 + self.random.randrange(10**8))


def misread(reference: str) -> str:
    """Return a reference with one digit wrong."""
    return reference[:-2] + str((int(reference[-2]) + 1) % 10) + reference[-1]


def _short(reference: str) -> str:
    """Return it without the zeros before its number."""
    name, year, number = reference.split("-")
    return f"{name}-{year}-{int(number)}"


MANGLINGS: tuple[Callable[[str], str], ...] = (
    lambda reference: reference,
    lambda reference: reference.lower(),
    lambda reference: reference.replace("-", " "),
    lambda reference: reference.replace("-", ""),
    lambda reference: reference.replace("-", "/").lower() + ".",
    _short,
    lambda reference: _short(reference).replace("-", ""),
    lambda reference: reference.replace("-2026-", "-2026-00"),
    lambda reference: f"Factuur: {reference} bedankt!",
    lambda reference: f"betaling {_short(reference)} van 12-11-2026",
    lambda reference: f"fact{reference.replace('-', '')}dank",
    lambda reference: f"/REMI/{reference[:11]} {reference[11:]}",
    lambda reference: f"12 mei {reference.replace('-', '- ')} mvg Jan, tel 0612345678",
    " ".join,
)

MIX: dict[str, int] = {
    "plain": 600,
    "mangled": 140,
    "structured": 60,
    "nameless": 40,
    "batch": 10,
    "in_parts": 20,
    "returned": 30,
    "double": 20,
    "wrong_amount": 20,
    "strange": 40,
    "alike": 10,
    "never_came": 10,
}
"""How many of a thousand cases are of each kind: what the methods of ``_Maker`` say."""


def cases(lines: int) -> Iterator[Case]:
    """Yield cases with ``lines`` lines together, the same ones at each call."""
    maker = _Maker()
    kinds = [getattr(maker, name) for name in MIX]
    weights = list(MIX.values())
    while lines:
        (make,) = maker.random.choices(kinds, weights)
        # The last one has one line.
        case = make() if lines > 1 else maker.plain()
        lines -= len(case.lines)
        yield case
