"""What is known of one scenario when it is over: the calls, OK's own books, the till's word."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from merchants.certification.gateways.agent import Restarted, Told
from merchants.certification.gateways.line import HEARD, Passage
from merchants.certification.scenarios import Scenario

SALES = "/api/v1/sales/"
HAPPENED = "happened"
DID_NOT_HAPPEN = "did_not_happen"
OK = "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """How a sale stands in OK's books; amounts in cents.

    ``by_ok`` is what OK took for it, ``by_others`` what cash, cards and the like paid.
    """

    state: str
    due: int
    by_ok: int
    by_others: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All of it. ``before_restart`` counts the calls before the power was cut.

    ``told`` is None where the till came to no end, or had no time to.
    """

    scenario: Scenario
    passages: Sequence[Passage]
    facts: Mapping[str, Fact]
    told: Told | None
    restarted: Restarted | None = None
    before_restart: int = 0

    @property
    def goods(self) -> bool:
        """Say whether the goods left, or will now that the till is back."""
        if self.restarted is not None:
            return any(ended.paid for ended in self.restarted.ended)
        return self.told is not None and self.told.goods

    @property
    def messages(self) -> Sequence[str]:
        """Return what the cashier read."""
        if self.restarted is not None:
            return [ended.message for ended in self.restarted.ended]
        return [self.told.message] if self.told else []

    @property
    def uuids(self) -> Sequence[str]:
        """Return the numbers of the sales that were to be paid, in their order."""
        sent = [uuid_of(one) for one in self.passages if kinds_of(one)]
        return list(dict.fromkeys(uuid for uuid in sent if uuid))

    def heard(self, uuid: str, verdict: str, *, before: Passage | None = None) -> bool:
        """Say whether the till had this verdict of OK's on a sale, at the end or ``before``."""
        return any(
            one.mischief in HEARD and one.answered.get("verdict") == verdict
            for one in self._until(before)
            if uuid_of(one) == uuid
        )

    def _until(self, end: Passage | None) -> Iterator[Passage]:
        for one in self.passages:
            if one is end:
                return
            yield one

    @property
    def conversation(self) -> str:
        """Return the calls, a line each, for who has to find the mistake; no code stands in it."""
        return "\n".join(_line(one) for one in self.passages)


def uuid_of(passage: Passage) -> str:
    """Return which sale a call is about; empty where it is about none."""
    path = passage.path.partition("?")[0]
    return path.removeprefix(SALES).partition("/")[0].lower() if path.startswith(SALES) else ""


def basket_of(passage: Passage) -> str:
    """Return what a call says, so that the same reads the same."""
    return json.dumps(passage.said, sort_keys=True)


def kinds_of(passage: Passage) -> set[str]:
    """Return what a call pays with; empty where it only quotes, asks or gives up.

    A till pays with the basket in one call, or quotes it first and pays in another.
    """
    payment: Any = passage.said.get("payment")
    tenders = (payment if isinstance(payment, dict) else passage.said).get("tenders")
    if not isinstance(tenders, list):
        return set()
    return {str(one.get("kind")) for one in tenders if isinstance(one, dict)}


def _line(one: Passage) -> str:
    uuid = uuid_of(one)
    revision = one.said.get("revision")
    words = [one.method, uuid or one.path]
    words += [f"revision {revision}"] if revision is not None else []
    words += [f"({one.mischief.name.lower()})"] if one.mischief.name != "NONE" else []
    verdict = one.answered.get("verdict") or one.answered.get("code") or ""
    words += [f"-> {one.status} {verdict}".rstrip()] if one.status is not None else ["-> -"]
    return " ".join(words)
