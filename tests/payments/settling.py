"""What the settlement tests do again and again: sign, sell, run a day, and speak for the bank."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from django.db.models import Count, Sum

from okplatform.kernel import relay
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import operator_scope
from payments.actions.deliver_file import deliver_file
from payments.actions.open_house_account import open_house_account
from payments.actions.order_payouts import order_payouts
from payments.actions.plan_collections import plan_collections
from payments.actions.send_collections import send_collections
from payments.bankfiles.lines import BankLine
from payments.chart import CLIENT_MONEY, COLLECTIONS_IN_TRANSIT, EUR, PAYOUTS_IN_TRANSIT
from payments.gateways.bank_folder import BankFolder
from payments.ledger import AccountRef
from payments.models import (
    BankAccount,
    BankStatement,
    Collection,
    EntryState,
    Expectation,
    ExpectationKind,
    HouseAccount,
    Mandate,
    OutgoingFile,
    Payout,
)
from payments.states import FileState, MandateState
from tests.payments.bank import Bank, line
from tests.support.accounts import sign_for
from tests.support.world import NOW

OUR_IBAN = "NL18RABO0123459876"
OUR_TEST_IBAN = "NL70TRIO0123456789"
DUE = date(2026, 11, 19)
"""A Thursday: two business days after the Tuesday on which tests begin."""
SENDING_DAY = datetime(2026, 11, 17, 15, 0, tzinfo=UTC)


def our_account(mode: str = Mode.LIVE) -> HouseAccount:
    """Open OK's own account at its bank."""
    iban = OUR_IBAN if mode == Mode.LIVE else OUR_TEST_IBAN
    return open_house_account(
        mode=mode, iban=iban, holder="Stichting Derdengelden OK", now=NOW, actor=SYSTEM
    )


def sign(account: BankAccount) -> Mandate:
    """Return the mandate of an account; its holder signs if there is none."""
    found = Mandate.objects.filter(bank_account=account, state=MandateState.ACTIVE).first()
    return found or sign_for(account)


def plan(now: datetime = NOW) -> int:
    return plan_collections(now=now, actor=SYSTEM)


def send(now: datetime = SENDING_DAY) -> list[int]:
    return send_collections(now=now, actor=SYSTEM)


def pay_out(now: datetime = NOW) -> list[int]:
    return order_payouts(now=now, actor=SYSTEM)


def collect(now: datetime = NOW) -> Collection:
    """Announce and send what is owed; return the one collection that this makes."""
    plan(now)
    (file_id,) = send(now)
    return Collection.objects.get(outgoing_file_id=file_id)


def payouts() -> list[Payout]:
    with operator_scope("the test looks"):
        return list(Payout.objects.order_by("pk"))


def expectation_of(subject: Collection | Payout) -> Expectation:
    kind = ExpectationKind.COLLECTION if isinstance(subject, Collection) else ExpectationKind.PAYOUT
    return Expectation.objects.get(kind=kind, subject_id=subject.pk)


def bank_says(account: HouseAccount, *lines: BankLine) -> None:
    """Import and match a statement of these lines, and let the handlers act."""
    before = BankStatement.objects.filter(house_account=account).aggregate(
        balance=Sum("total", default=0), statements=Count("pk")
    )
    bank = Bank(account, **before)
    assert {entry.state for entry in bank.settle(*lines)} == {EntryState.MATCHED}
    relay.drain()


def booked(subject: Collection | Payout, reason: str = "") -> BankLine:
    """Return the line by which the bank books a collection or payout, or undoes it."""
    amount = expectation_of(subject).amount
    return line(-amount if reason else amount, subject.end_to_end_id, booked_on=DUE, reason=reason)


def bank_books(subject: Collection | Payout) -> None:
    """Say that the bank booked it."""
    bank_says(subject.house_account, booked(subject))


def bank_returns(subject: Collection | Payout, reason: str, *, same_day: bool = False) -> None:
    """Say that the bank undid what it had booked: before, or in the same statement."""
    first = [booked(subject)] if same_day else []
    bank_says(subject.house_account, *first, booked(subject, reason))


def in_transit(account: HouseAccount, *, paying: bool = False) -> AccountRef:
    kind = PAYOUTS_IN_TRANSIT if paying else COLLECTIONS_IN_TRANSIT
    return AccountRef(kind.kind, account.pk, EUR)


def at_the_bank(account: HouseAccount) -> AccountRef:
    return AccountRef(CLIENT_MONEY.kind, account.pk, EUR)


@dataclass
class Instruction:
    """A file for the bank, as the bank reads it."""

    file: OutgoingFile
    root: Element = field(init=False)

    def __post_init__(self) -> None:
        content = bytes(self.file.content)
        assert hashlib.sha256(content).hexdigest() == self.file.sha256
        self.root = fromstring(content)

    def texts(self, name: str) -> list[str]:
        """Return every text under this name, in the order of the file."""
        return [
            found.text or "" for found in self.root.iter() if found.tag.rpartition("}")[2] == name
        ]


def instruction(file_id: int) -> Instruction:
    return Instruction(OutgoingFile.objects.get(pk=file_id))


def deliver_all(folder: BankFolder, now: datetime = NOW) -> Sequence[FileState | None]:
    ids = OutgoingFile.objects.order_by("pk").values_list("pk", flat=True)
    return [deliver_file(file_id=one, gateway=folder, now=now, actor=SYSTEM) for one in list(ids)]


def outgoing(folder: BankFolder) -> list[Path]:
    """Return what the bank's client finds."""
    return sorted((folder.root / "outgoing").iterdir())
