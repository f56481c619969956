"""OK's account at the sandbox bank, the post between them, and a gateway that fails on order."""

import os
from collections.abc import Sequence
from datetime import datetime
from io import BufferedReader
from pathlib import Path

from typing_extensions import override

from demo.bank.bank import Bank, Terms
from demo.bank.client import Client
from demo.bank.exchange import exchange
from demo.simulate.chance import Chance
from demo.simulate.witness import Witness
from demo.world import HOUSE_HOLDER, HOUSE_IBAN
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.modes import Mode
from payments.actions.open_house_account import open_house_account
from payments.gateways import BankGateway, GatewayError, Incoming
from payments.gateways.bank_folder import BankFolder


class Bankside:
    """The bank in this process, with its folder and OK's."""

    def __init__(self, folder: Path, *, chance: Chance, seed: int, now: datetime) -> None:
        self._chance = chance
        self._sandbox, self._shared = folder / "sandbox", folder / Mode.LIVE
        self.account = open_house_account(
            mode=Mode.LIVE, iban=HOUSE_IBAN, holder=HOUSE_HOLDER, now=now, actor=SYSTEM
        )
        self.gateway = BankFolder(self._shared / self.account.iban)
        self._bank = Bank(self._sandbox, terms=Terms(seed=seed))
        self.client = Client(self._sandbox)
        self.witness = Witness(self._sandbox / "bank.sqlite3")
        self._arrivals = 0

    def close(self) -> None:
        """Let go of the folder."""
        self.witness.close()
        self._bank.close()

    def step(self, now: datetime) -> None:
        """Let the post take our files there, the bank work up to ``now``, and the post come."""
        exchange(self._sandbox, shared=self._shared)
        self._bank.step(now)
        before = {waiting.name for waiting in self.gateway.incoming()}
        exchange(self._sandbox, shared=self._shared)
        names = [one.name for one in self.gateway.incoming() if one.name not in before]
        for name in self._chance.shuffled(sorted(names)):
            # What comes by one post lies there in any order, and the same again with this seed.
            self._arrivals += 1
            os.utime(self.gateway.root / "incoming" / name, ns=(0, self._arrivals))


class Unreliable(BankGateway):
    """A gateway that breaks off in the middle of handing a file over."""

    def __init__(self, real: BankGateway, *, has_it: bool) -> None:
        self._real, self._has_it = real, has_it

    @override
    def deliver(self, *, name: str, content: bytes) -> None:
        """Hand the file over or not, and tell nobody which."""
        if self._has_it:
            self._real.deliver(name=name, content=content)
        message = "The line broke."
        raise GatewayError(message)

    @override
    def delivered(self, *, name: str, sha256: str) -> bool:
        """Know nothing either."""
        message = "The line is still broken."
        raise GatewayError(message)

    @override
    def incoming(self) -> Sequence[Incoming]:
        """List what waits."""
        return self._real.incoming()

    @override
    def open(self, name: str) -> BufferedReader:
        """Open a file."""
        return self._real.open(name)

    @override
    def done(self, name: str, *, refused: bool = False) -> None:
        """Put a file away."""
        self._real.done(name, refused=refused)
