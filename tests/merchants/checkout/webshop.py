"""Kramer's webshop as its software calls OK, and the shoppers on the payment page."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from rest_framework.test import APIClient

from merchants.checkout.actions.authorise_payment import Payer, authorise_payment
from merchants.checkout.actions.expire_payment import expire_payment
from merchants.checkout.queries import payments_due
from merchants.models import OnlinePayment, PaymentLink
from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import merchant_scope, operator_scope
from okplatform.parties.models import Person
from okplatform.trade.models import Sale
from payments.models import Authorisation, BankAccount, Payment
from tests.support.world import NOW, Place
from wallet.actions.set_pin import set_pin

NOVEL = {"sku": "9001", "name": "De avond is ongemak", "unit_price": 1299, "vat_rate": 900}
COOKBOOK = {"sku": "9002", "name": "Kookboek Puur", "unit_price": 2995, "vat_rate": 900}
DUE = 1299 + 2995
PIN = "271828"


@dataclass
class Webshop:
    """A webshop and what it sends."""

    place: Place
    key: str
    client: APIClient = field(default_factory=APIClient)

    def __post_init__(self) -> None:
        self.client.credentials(HTTP_AUTHORIZATION=f"Bearer {self.key}")

    def post(self, address: str, body: Any = None, *, key: str | None = None) -> Any:
        """Post with an Idempotency-Key, a new one unless it says."""
        headers: dict[str, Any] = {"HTTP_IDEMPOTENCY_KEY": key or str(uuid4())}
        return self.client.post(f"/api/v1/{address}", body or {}, format="json", **headers)

    def get(self, address: str) -> Any:
        return self.client.get(f"/api/v1/{address}")

    def ask(self, *, key: str | None = None, **other: Any) -> Any:
        """Ask for € 42.94, two books, or for something else."""
        goods = {} if "amount" in other else {"lines": [NOVEL, COOKBOOK]}
        return self.post("payments", {"currency": "EUR", **goods, **other}, key=key)

    def asked(self, **other: Any) -> OnlinePayment:
        """Ask, and return the payment as stored."""
        answer = self.ask(**other)
        assert answer.status_code == 201, answer.json()
        return payment_of(answer.json()["id"])

    def state(self, payment: OnlinePayment) -> dict[str, Any]:
        told: dict[str, Any] = self.get(f"payments/{payment.uuid}").json()
        return told

    def capture(self, payment: OnlinePayment, amount: int | None = None, **other: Any) -> Any:
        body = {} if amount is None else {"amount": amount}
        return self.post(f"payments/{payment.uuid}/captures", body, **other)

    def cancel(self, payment: OnlinePayment, **other: Any) -> Any:
        return self.post(f"payments/{payment.uuid}/cancellation", **other)

    def link(self, **other: Any) -> PaymentLink:
        """Make a link of € 25 that is paid once, or another, and return it as stored."""
        amount = {} if "least" in other else {"amount": 2_500}
        answer = self.post("payment-links", {"description": "Lezing", **amount, **other})
        assert answer.status_code == 201, answer.json()
        with operator_scope("the test looks"):
            found: PaymentLink = PaymentLink.objects.get(uuid=answer.json()["id"])
            return found


def payment_of(uuid: UUID | str) -> OnlinePayment:
    with operator_scope("the test looks"):
        found: OnlinePayment = OnlinePayment.objects.select_related("store", "link").get(uuid=uuid)
        return found


def page_of(payment: OnlinePayment) -> str:
    return f"/pay/{payment.token}/"


@dataclass
class Shopper:
    """Somebody who has signed in in a browser, with a bank account."""

    person: Person
    account: BankAccount
    browser: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        set_pin(person_id=self.person.pk, pin=PIN, now=NOW, actor=SYSTEM)
        self.browser.force_login(self.person)
        self.browser.cookies["django_language"] = "en"

    def opens(self, payment: OnlinePayment) -> Any:
        return self.browser.get(page_of(payment))

    def pays(self, payment: OnlinePayment, due: int = DUE, **other: Any) -> Any:
        """Confirm what the page shows."""
        return self.browser.post(page_of(payment), {**self.form(due), **other})

    def form(self, due: int) -> dict[str, Any]:
        """Return what the button of the page sends."""
        return {"amount_due": due, "funding": self.account.pk, "pin": PIN}

    def authorises(self, payment: OnlinePayment, due: int = DUE) -> None:
        """Open the page and pay, in one go."""
        self.opens(payment)
        answer = self.pays(payment, due)
        assert answer.status_code == 302, answer.content.decode()

    def confirm(
        self, payment: OnlinePayment, due: int = DUE, *, now: datetime | None = None
    ) -> None:
        """Confirm as the page does, without the page: for races, and for other days."""
        with merchant_scope(payment.merchant_id):
            authorise_payment(
                payment=payment,
                payer=Payer(
                    person_id=self.person.pk,
                    mode=self.person.mode,
                    amount_due=due,
                    funding_ref=self.account.pk,
                    pin=PIN,
                ),
                now=now or clock.now(),
            )


def taken() -> list[int]:
    """Return what was finally taken, payment by payment."""
    with operator_scope("the test looks"):
        return list(Payment.objects.order_by("pk").values_list("amount", flat=True))


def set_aside() -> list[tuple[int, int, bool]]:
    """Return what was set aside, captured of it, and whether that has ended."""
    with operator_scope("the test looks"):
        rows = Authorisation.objects.order_by("pk").values_list("amount", "captured", "ended_at")
        return [(amount, captured, ended is not None) for amount, captured, ended in rows]


def sales() -> list[tuple[str, int, int]]:
    with operator_scope("the test looks"):
        return list(Sale.objects.order_by("pk").values_list("state", "due", "discount"))


def pass_time(payment: OnlinePayment, by: timedelta) -> int:
    """Let the sweep run so much later; return how many payments it ended."""
    now = clock.now() + by
    ended = 0
    for due in payments_due(now=now, most=10):
        with merchant_scope(due.merchant_id):
            ended += expire_payment(payment=due, now=now, actor=SYSTEM)
    payment.refresh_from_db()
    return ended
