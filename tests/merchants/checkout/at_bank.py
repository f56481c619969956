"""A shopper who pays a webshop at the bank, and the bank's side of it."""

from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from merchants.checkout.actions.take_paid_at_bank import take_paid_at_bank
from merchants.models import OnlinePayment
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from okplatform.parties.models import Person
from payments.actions.complete_bank_payment import complete_bank_payment
from payments.chart import EUR, SHOPPER_PREPAID
from payments.ledger import AccountRef
from payments.models import BankAccount, BankPayment
from tests.merchants.checkout.webshop import DUE, page_of
from tests.payments.door import Door
from tests.support.world import NOW


@dataclass
class BankPayer:
    """Somebody who has signed in and pays at the bank; no PIN, no proof, no signature."""

    person: Person
    account: BankAccount
    door: Door
    browser: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        self.browser.force_login(self.person)
        self.browser.cookies["django_language"] = "en"

    def sees(self, payment: OnlinePayment) -> str:
        """Open the page, or come back to it from the bank."""
        return " ".join(self.browser.get(page_of(payment)).content.decode().split())

    def chooses(self, payment: OnlinePayment, due: int = DUE, **other: Any) -> Any:
        """Press "Pay at my bank"."""
        form = {"amount_due": due, "funding": self.account.pk, **other}
        return self.browser.post(f"{page_of(payment)}at-bank/", form)

    def begins(self, payment: OnlinePayment, due: int = DUE) -> BankPayment:
        """Open the page, choose the bank and get the way there."""
        self.sees(payment)
        answer = self.chooses(payment, due)
        assert answer.status_code == 302, answer.content.decode()
        begun: BankPayment = BankPayment.objects.latest("pk")
        assert begun.state == "presented"
        return begun

    def decides(self, begun: BankPayment, decision: str = "approve") -> str:
        """Decide on the bank's page; return where the bank sends one back to."""
        return str(self.door.decide(begun.approval_url, decision).headers["location"])

    def pays(self, payment: OnlinePayment, due: int = DUE) -> BankPayment:
        """Go to the bank, approve and come back."""
        begun = self.begins(payment, due)
        back = self.decides(begun)
        assert back.endswith(page_of(payment))
        self.sees(payment)
        begun.refresh_from_db()
        return begun


def paid_before(account: BankAccount) -> AccountRef:
    """What was paid at the bank from an account, and is neither a sale's nor back."""
    return AccountRef(SHOPPER_PREPAID.kind, account.pk, EUR)


def complete(begun: BankPayment) -> None:
    """Let the money be there, without anybody at the page."""
    complete_bank_payment(begun.pk, now=NOW, actor=SYSTEM)


def take(begun: BankPayment) -> None:
    """Do what the relay and the sweep do."""
    with transaction():
        take_paid_at_bank(bank_payment_id=begun.pk, now=NOW)
