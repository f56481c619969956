"""What a till does when a sale did not go through at once: the same sale, under the same UUID."""

from datetime import timedelta
from uuid import uuid4

import pytest

from okplatform.kernel import clock
from okplatform.kernel.db import call
from okplatform.kernel.tenancy import operator_scope
from okplatform.trade.models import Sale
from payments.models import Payment
from tests.support.counter import Counter, basket, paying, show
from tests.support.phone import Phone
from tests.support.proofs import prove

pytestmark = pytest.mark.django_db


def test_after_a_stale_code_the_same_sale_goes_through_with_a_fresh_one(
    counter: Counter, member: Phone
) -> None:
    uuid = uuid4()
    old = member.shows(clock.now() - timedelta(minutes=3))
    refused = counter.put(uuid, basket(code=old, payment=paying())).json()
    assert (refused["code"], refused["verdict"]) == ("code_stale", "still_open")
    assert counter.get(uuid).json()["code"] == "sale_unknown"

    told = counter.put(uuid, basket(code=show(member), payment=paying())).json()

    assert told["verdict"] == "happened"
    with operator_scope("count what was booked"):
        assert Payment.objects.count() == 1
    prove()


def test_when_the_database_fails_there_is_no_verdict_but_the_advice_to_ask(
    counter: Counter, phone: Phone
) -> None:
    uuid = uuid4()
    body = basket(code=show(phone), payment=paying())
    call("ALTER TABLE trade_tender ADD CONSTRAINT out_of_order CHECK (false) NOT VALID")

    failed = counter.put(uuid, body)

    assert (failed.status_code, failed.json()["code"]) == (500, "internal_error")
    assert failed["Content-Type"] == "application/problem+json"
    assert "verdict" not in failed.json()
    assert "vraag de uitkomst op" in failed.json()["detail"]
    assert counter.get(uuid).json()["code"] == "sale_unknown"
    with operator_scope("nothing was half done"):
        assert not Sale.objects.exists()
        assert not Payment.objects.exists()

    call("ALTER TABLE trade_tender DROP CONSTRAINT out_of_order")
    assert counter.put(uuid, body).json()["verdict"] == "happened"
    prove()
