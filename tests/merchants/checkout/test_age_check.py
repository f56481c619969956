"""Goods that ask for an age: somebody looks before anything is paid."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from merchants.checkout.invariants import ages_were_looked_at
from okplatform.kernel.db import call
from okplatform.kernel.tenancy import operator_scope
from okplatform.trade.models import Sale
from tests.support.confirming import answers, paid, question
from tests.support.counter import (
    BREAD,
    Counter,
    basket,
    paying,
    settle_events,
    show,
)
from tests.support.phone import Phone
from tests.support.proofs import prove

pytestmark = pytest.mark.django_db

WINE = {"name": "Wijn", "unit_price": 799, "vat_rate": 2_100, "minimum_age": 18}


def sales() -> int:
    with operator_scope("the test looks"):
        return Sale.objects.filter(state="closed").count()


def test_goods_from_some_age_are_not_paid_before_somebody_looked(
    counter: Counter, phone: Phone
) -> None:
    uuid = uuid4()
    body = basket(BREAD, WINE, code=show(phone), operator="Sam", language="en")
    quoted = counter.put(uuid, body).json()
    assert quoted["age_check"] == {"minimum_age": 18, "state": "look"}
    assert quoted["sentence"].endswith("Ask for identification: the customer must be 18 or older.")
    pay = {"revision": 1, "tenders": [{"kind": "ok"}]}
    refused = counter.pay(uuid, pay, HTTP_ACCEPT_LANGUAGE="en")
    assert (refused.status_code, refused.json()["code"]) == (422, "age_not_checked")
    assert refused.json()["detail"].startswith("Nothing was taken.")
    assert (sales(), paid()) == (0, 0)
    told = counter.pay(uuid, {**pay, "age_checked": True}).json()
    assert told["verdict"] == "happened"
    assert told["age_check"] == {"minimum_age": 18, "state": "looked"}
    assert [line["minimum_age"] for line in told["lines"]] == [None, 18]
    assert looked() == [("Sam", 18)]
    settle_events()
    prove()


def test_the_sentence_is_in_the_cashiers_language(counter: Counter) -> None:
    said = counter.put(
        uuid4(), basket(WINE, payment=paying("cash")), HTTP_ACCEPT_LANGUAGE="nl"
    ).json()
    assert said["code"] == "age_not_checked"
    assert "legitimatie" in said["detail"]
    assert sales() == 0


def test_who_looked_is_the_operator_of_the_payment_or_of_the_basket(counter: Counter) -> None:
    payment = {**paying("cash"), "age_checked": True}
    nobody = counter.put(uuid4(), basket(WINE, payment=payment)).json()
    assert nobody["code"] == "age_checker_missing"
    assert looked() == []
    counter.put(uuid4(), basket(WINE, operator="Sam", payment={**payment, "operator": "Kim"}))
    assert looked() == [("Kim", 18)]


def test_a_yes_on_the_phone_says_the_age_and_proves_nothing(
    counter: Counter, phone: Phone, hers: Client
) -> None:
    cellar = {**WINE, "quantity": 40}
    uuid = uuid4()
    body = basket(cellar, code=show(phone), operator="Sam", language="en")
    assert counter.put(uuid, {**body, "payment": paying()}).json()["code"] == "age_not_checked"
    said = counter.put(uuid, {**body, "payment": {**paying(), "age_checked": True}}).json()
    assert (said["verdict"], said["age_check"]["state"]) == ("still_open", "looked")
    page = hers.get(f"/wallet/confirm/{question().uuid}/").content.decode()
    assert "18 or older" in page
    assert looked() == []
    answers(hers)
    settle_events()
    assert counter.get(uuid).json()["verdict"] == "happened"
    assert looked() == [("Sam", 18)]
    prove()


def test_a_sale_without_such_goods_asks_nothing(counter: Counter) -> None:
    told = counter.sell().json()
    assert (told["age_check"], told["tip"]) == (None, 0)
    assert looked() == []


@pytest.mark.parametrize("age", [0, 26, "18"])
def test_an_age_is_some_years(counter: Counter, age: Any) -> None:
    assert counter.put(uuid4(), basket({**WINE, "minimum_age": age})).status_code == 422


def test_verify_sees_a_sale_at_which_nobody_looked(counter: Counter) -> None:
    payment = {**paying("cash"), "age_checked": True}
    counter.put(uuid4(), basket(WINE, operator="Sam", payment=payment))
    assert not ages_were_looked_at().breaches
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kernel_auditentry DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM kernel_auditentry WHERE action = 'age_checked'")
        cursor.execute("ALTER TABLE kernel_auditentry ENABLE TRIGGER USER")
    assert any("nobody looked" in breach for breach in ages_were_looked_at().breaches)


def looked() -> list[tuple[str, int]]:
    rows = call(
        "SELECT data ->> 'operator', (data ->> 'minimum_age')::int FROM kernel_auditentry"
        " WHERE action = 'age_checked' ORDER BY id",
        [],
    )
    return [(operator, age) for operator, age in rows]
