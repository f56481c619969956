"""What a transaction says besides its change: audit rows and events, written in one call."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from okplatform.kernel.later import Later

WRITE = "kernel_write_journal(%s::jsonb, %s::jsonb, %s)"


def _nothing() -> None:
    """Send nothing: the journal is sent where it is written, and nobody asks what it returned."""


@dataclass(slots=True)
class Journal:
    """The audit rows and events of one open transaction, in the order they were said."""

    audits: list[Mapping[str, Any]] = field(default_factory=list)
    events: list[Mapping[str, Any]] = field(default_factory=list)
    subscribed: set[str] = field(default_factory=set)

    def mark(self) -> tuple[int, int]:
        """Return a position to go back to when a savepoint rolls back."""
        return len(self.audits), len(self.events)

    def cut(self, mark: tuple[int, int]) -> None:
        """Forget what was said after ``mark``."""
        del self.audits[mark[0] :]
        del self.events[mark[1] :]

    @property
    def waiting(self) -> list[str]:
        """Return the types of events that a handler waits for."""
        return sorted({event["type"] for event in self.events} & self.subscribed)

    def _in_order(self) -> list[Mapping[str, Any]]:
        """Return the events with their place among all, and among those of their aggregate."""
        counted: Counter[tuple[str, str]] = Counter()
        placed: list[Mapping[str, Any]] = []
        for position, event in enumerate(self.events):
            aggregate = (event["aggregate_type"], event["aggregate_id"])
            counted[aggregate] += 1
            placed.append({"position": position, "nth": counted[aggregate], **event})
        return placed

    def writing(self) -> list[Later[None]]:
        """Return the call that writes everything; none when nothing was said."""
        if not self.audits and not self.events:
            return []
        said = [orjson.dumps(self.audits).decode(), orjson.dumps(self._in_order()).decode()]
        return [Later(WRITE, [*said, self.waiting], _nothing)]
