"""A bank with its doors open on this machine: the sandbox bank in this process, with its client."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Self
from urllib.parse import urlencode

from demo.bank.bank import Bank
from demo.bank.client import Client
from demo.bank.clock import Clock
from demo.bank.counter import Counter
from demo.bank.server import served
from okplatform.local.seal import new_seal
from payments.gateways.berlin_group import BerlinGroup
from payments.gateways.http import Answer, call
from payments.gateways.payee_names import BankPayeeNames
from payments.gateways.signing import Seal
from tests.support.world import NOW

SEAL = new_seal()


@dataclass
class Door:
    """The bank, and what its customers do there; ``now`` is what time it is for both of us."""

    folder: Path
    now: datetime = NOW
    url: str = field(default="", init=False)

    def __enter__(self) -> Self:
        self._open = ExitStack()
        self.client = Client(self.folder, clock_file=self.folder / "clock")
        self.client.set_clock(self.now)
        self.bank = Bank(self.folder)
        self._open.callback(self.bank.close)
        self._counter = Counter(self.bank, Clock(self.client.clock_file))
        self.url = self._open.enter_context(served(self._counter))
        self.step()
        return self

    def __exit__(self, *_error: object) -> None:
        self._open.close()

    @property
    def gateway(self) -> BerlinGroup:
        seal = Seal.read(key=SEAL["OK_PIS_KEY"], certificate=SEAL["OK_PIS_CERTIFICATE"])
        return BerlinGroup(self.url, seal)

    @property
    def names(self) -> BankPayeeNames:
        return BankPayeeNames(f"{self.url}/vop/v1/payee-verifications")

    def step(self, now: datetime | None = None) -> None:
        """Let the bank do what is due."""
        self.now = now or self.now
        self.client.set_clock(self.now)
        with self._counter.turn:
            self.bank.step(self.now)

    def order(self, do: str, **fields: str | int | bool) -> None:
        """Make the bank misbehave from now on."""
        self.client.order(do, **fields)
        self.step()
        assert self.client.refused_orders() == {}

    def opens(self, iban: str, name: str, balance: int = 100_00) -> None:
        """Let somebody have an account there."""
        self.order("open", iban=iban, name=name, balance=balance)

    def decide(self, approval_url: str, decision: str = "approve") -> Answer:
        """Decide on the bank's page, as its customer."""
        chosen = urlencode({"decision": decision}).encode()
        answer: Answer = call("POST", approval_url, headers={}, body=chosen)
        return answer


def opened(folder: Path) -> Iterator[Door]:
    with Door(folder) as door:
        yield door
