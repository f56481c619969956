"""A sale that waits for its shopper's yes: rung up, looked at, and answered on the phone."""

from typing import Any
from uuid import UUID, uuid4

from django.test import Client

from okplatform.kernel.tenancy import operator_scope
from payments.models import Confirmation, Payment
from tests.support.counter import Counter, basket, paying, show
from tests.support.phone import Phone

PIN = "31415"
BIKE = {"sku": "fiets", "name": "Fiets", "quantity": 1, "unit_price": 24_900, "vat_rate": 2_100}


def buy(counter: Counter, phone: Phone, uuid: UUID | None = None) -> tuple[UUID, Any]:
    """Ring a bike up in one call; return the sale's number and the answer."""
    uuid = uuid or uuid4()
    body = basket(BIKE, payment=paying(), code=show(phone), language="en")
    answer = counter.put(uuid, body)
    assert answer.status_code == 200, answer.json()
    return uuid, answer.json()


def question() -> Confirmation:
    with operator_scope("the test looks"):
        found: Confirmation = Confirmation.objects.latest("pk")
    return found


def answers(hers: Client, answer: str = "yes", pin: str = PIN) -> Any:
    return hers.post(f"/wallet/confirm/{question().uuid}/", {"answer": answer, "pin": pin})


def paid() -> int:
    with operator_scope("the test looks"):
        return Payment.objects.count()
