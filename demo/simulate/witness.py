"""The bank's own books, read as an auditor reads them. OK has no hand in what stands there."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

BARE = "bare_batch"
ENTRY_DIGITS = 11
"""A reference of the bank ends in the number of its entry (``demo.bank.reports``)."""

STATED = "SELECT coalesce(sum(amount), 0) FROM entry WHERE iban = ? AND statement <= ?"
BALANCE = "SELECT coalesce(sum(amount), 0) FROM entry WHERE iban = ?"
CAME_FOR = """
SELECT payment.end_to_end_id, payment.text, entry.booked_as
FROM entry JOIN part ON part.entry = entry.id JOIN payment ON payment.id = part.payment
WHERE entry.id = ? ORDER BY payment.id
"""
CAME_BACK = """
SELECT reason, count(*) FROM entry JOIN account USING (iban)
WHERE reason <> '' AND is_house GROUP BY reason
"""
SAID = "SELECT text FROM payment WHERE end_to_end_id = ? AND state = 'booked'"
DONE = "SELECT does, remaining, data FROM mischief"
STRANGERS = "SELECT count(*) FROM payment WHERE kind = 'incoming'"


class Witness:
    """What the sandbox bank knows, from a connection that can only read."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
        self.meant: dict[str, str] = {}
        """What people paid for who know none of our EndToEndIds, by the text they gave."""

    def close(self) -> None:
        """Close the books."""
        self._connection.close()

    def balance(self, iban: str) -> int:
        """Return what stands on an account now, in cents."""
        return self._number(BALANCE, iban)

    def stated(self, iban: str, *, statements: Iterable[int]) -> int:
        """Return the sum of what these statements of an account tell, in cents.

        Of statements that follow each other without a gap only the last is looked at.
        """
        numbers = set(statements)
        if numbers == set(range(1, len(numbers) + 1)):
            return self._number(STATED, iban, len(numbers))
        return sum(
            self._number(STATED, iban, number) - self._number(STATED, iban, number - 1)
            for number in numbers
        )

    def came_for(self, reference: str, *, part: int) -> list[str]:
        """Return the EndToEndIds of what a line truly was about, by the bank's reference.

        ``part`` is its place (from 0) among the transactions that the bank told of an entry; an
        entry that tells none is about them all.
        """
        rows = self._connection.execute(CAME_FOR, [int(reference[-ENTRY_DIGITS:])]).fetchall()
        return [
            self.meant.get(text, name)
            for number, (name, text, told) in enumerate(rows)
            if told == BARE or number == part
        ]

    def said(self, end_to_end_id: str) -> str:
        """Return what a transfer of ours says on the other side's statement; empty before it."""
        row = self._connection.execute(SAID, [end_to_end_id]).fetchone()
        return str(row[0]) if row else ""

    def misdeeds(self) -> Counter[str]:
        """Count how the bank has misbehaved so far; what came back counts by its reason."""
        counted: Counter[str] = Counter({"stranger_paid": self._number(STRANGERS)})
        for reason, times in self._connection.execute(CAME_BACK):
            counted[f"returned_{reason}"] += times
        for does, remaining, data in self._connection.execute(DONE):
            counted[f"bank_{does}"] += json.loads(data)["next"] - remaining
        return counted

    def _number(self, sql: str, *values: object) -> int:
        return int(self._connection.execute(sql, values).fetchone()[0])
