"""A till signs in from memory, and never with what has changed since."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import merchant_scope, operator_scope
from okplatform.parties.actions.revoke_api_key import revoke_api_key
from okplatform.parties.models import ApiKey, Merchant, Store
from okplatform.trade.models import Sale
from tests.support.counter import COFFEE, Counter, basket, paying
from tests.support.phone import Phone
from tests.support.world import NOW

pytestmark = pytest.mark.django_db

SALE = basket(COFFEE, payment=paying("pin"))


@contextmanager
def statements() -> Iterator[list[str]]:
    """What PostgreSQL is asked meanwhile."""
    asked: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield asked


def sales() -> int:
    with operator_scope("the tests look"):
        return int(Sale.objects.count())


def key_id(counter: Counter) -> int:
    with merchant_scope(counter.place.merchant.pk):
        return int(ApiKey.objects.get().pk)


def test_a_paid_sale_asks_once_and_writes_once(counter: Counter, phone: Phone) -> None:
    sorted_coffee = {**COFFEE, "category": "koffie"}
    counter.sell(phone, sorted_coffee)
    with statements() as asked:
        assert counter.sell(phone, sorted_coffee).status_code == 200
    ours = [sql for sql in asked if "SAVEPOINT" not in sql]  # the test case's own transaction
    assert [sql.split("(")[0] for sql in ours] == [
        "SELECT * FROM checkout_look",
        "SELECT trade_record_closed",
    ]


def test_a_key_revoked_between_two_sales_is_refused_and_nothing_is_booked(
    counter: Counter,
) -> None:
    assert counter.put(uuid4(), SALE).status_code == 200
    revoke_api_key(
        merchant_id=counter.place.merchant.pk, key_id=key_id(counter), actor=SYSTEM, now=NOW
    )
    refused = counter.put(uuid4(), SALE)
    assert (refused.status_code, refused.json()["code"]) == (401, "key_revoked")
    assert sales() == 1


def test_a_revoked_key_learns_nothing_from_a_body_that_does_not_fit(counter: Counter) -> None:
    uuid = uuid4()
    assert counter.put(uuid, SALE).status_code == 200
    assert counter.put(uuid, {"revision": 2}).json()["verdict"] == "happened"
    revoke_api_key(
        merchant_id=counter.place.merchant.pk, key_id=key_id(counter), actor=SYSTEM, now=NOW
    )
    assert "verdict" not in counter.put(uuid, {"revision": 2}).json()


def test_a_scope_taken_away_is_missed_at_once(counter: Counter) -> None:
    assert counter.put(uuid4(), SALE).status_code == 200
    with merchant_scope(counter.place.merchant.pk):
        ApiKey.objects.update(scopes=["sales:read"])
    refused = counter.put(uuid4(), SALE)
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    assert sales() == 1


def test_a_store_that_moved_is_where_the_next_sale_is(counter: Counter) -> None:
    assert counter.put(uuid4(), SALE).status_code == 200
    with merchant_scope(counter.place.merchant.pk):
        Store.objects.filter(pk=counter.place.store.pk).update(reference="moved")
    assert counter.put(uuid4(), SALE).json()["store"] == "moved"


def test_a_merchants_new_language_is_spoken_at_the_next_sale(counter: Counter) -> None:
    assert counter.put(uuid4(), SALE).json()["sentence"].startswith("Betaald")
    Merchant.objects.filter(pk=counter.place.merchant.pk).update(language="en")
    assert counter.put(uuid4(), SALE).json()["sentence"].startswith("Paid")


def test_another_secret_under_a_remembered_prefix_is_no_key(counter: Counter) -> None:
    assert counter.put(uuid4(), SALE).status_code == 200
    counter.client.credentials(HTTP_AUTHORIZATION=f"Bearer {counter.key[:-1]}_")
    assert counter.put(uuid4(), SALE).status_code == 401
    other = "a" if counter.key[-1] != "a" else "b"
    counter.client.credentials(HTTP_AUTHORIZATION=f"Bearer {counter.key[:-1]}{other}")
    assert counter.put(uuid4(), SALE).json()["code"] == "key_invalid"
    assert sales() == 1
