"""OK and the sandbox bank together, step by step: what beat and the bank's own process do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from demo.bank.bank import Bank
from demo.bank.client import Client
from demo.bank.exchange import exchange
from okplatform.kernel import clock, relay
from okplatform.kernel.audit import SYSTEM
from payments.actions.deliver_file import deliver_file
from payments.actions.order_payouts import order_payouts
from payments.actions.order_refunds import order_refunds
from payments.actions.plan_collections import plan_collections
from payments.actions.send_collections import send_collections
from payments.actions.settle_doubts import settle_doubts
from payments.actions.take_file import take_file
from payments.chart import CLIENT_MONEY, EUR
from payments.gateways.bank_folder import BankFolder, folder_of
from payments.ledger import AccountRef
from payments.models import HouseAccount, OutgoingFile
from payments.queries import balance_of
from payments.states import FileState

STEP = timedelta(hours=2)


@dataclass
class Circle:
    """One of OK's accounts at a bank in this process; time passes when the test says so."""

    account: HouseAccount
    folder: Path
    now: datetime

    def __post_init__(self) -> None:
        self.client = Client(self.folder / "sandbox")
        self._bank = Bank(self.folder / "sandbox")

    @property
    def gateway(self) -> BankFolder:
        return folder_of(mode=self.account.mode, iban=self.account.iban)

    def pass_days(self, days: int) -> None:
        """Let OK and the bank work through so many days."""
        for _step in range(days * timedelta(days=1) // STEP):
            self.now += STEP
            self._ask()
            exchange(self.folder / "sandbox", shared=self.folder / self.account.mode)
            self._bank.step(self.now)
            exchange(self.folder / "sandbox", shared=self.folder / self.account.mode)
            self._hear()

    def _ask(self) -> None:
        plan_collections(now=self.now, actor=SYSTEM)
        send_collections(now=self.now, actor=SYSTEM)
        order_payouts(now=self.now, actor=SYSTEM)
        order_refunds(now=self.now, actor=SYSTEM)
        made = OutgoingFile.objects.filter(state=FileState.MADE).order_by("pk")
        for file_id in list(made.values_list("pk", flat=True)):
            deliver_file(file_id=file_id, gateway=self.gateway, now=self.now, actor=SYSTEM)

    def _hear(self) -> None:
        for waiting in self.gateway.incoming():
            assert take_file(name=waiting.name, gateway=self.gateway, now=self.now, actor=SYSTEM)
        settle_doubts(now=self.now, actor=SYSTEM)
        relay.drain(now=clock.now())

    def close(self) -> None:
        """Let go of the bank's folder."""
        self._bank.close()

    def agree(self) -> int:
        """Return what the bank says it holds for us, once our ledger says the same."""
        ours = -balance_of(AccountRef(CLIENT_MONEY.kind, self.account.pk, EUR), mode="live")
        assert self.client.balance(self.account.iban) == ours
        assert self.client.total() == 0
        return ours
