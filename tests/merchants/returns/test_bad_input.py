"""What a wrong refund gets: a stable code, a sentence, and nothing given back."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from okplatform.kernel import clock
from okplatform.kernel.models import Event
from tests.merchants.returns.desk import Desk, money_back, returns
from tests.payments.settling import our_account, pay_out
from tests.support.counter import Counter, basket
from tests.support.phone import Phone
from tests.support.proofs import prove

pytestmark = pytest.mark.django_db


def refused(answer: Any, status: int, code: str) -> Any:
    told = answer.json()
    assert (answer.status_code, told["code"]) == (status, code), told
    assert told["detail"]
    assert returns() == []
    assert money_back() == []
    assert not Event.objects.filter(type="trade.sale_refunded").exists()
    prove()
    return told


@pytest.fixture
def sale(counter: Counter, phone: Phone) -> str:
    """Two loaves and a coffee, € 11.00, paid with OK."""
    return str(counter.sell(phone).json()["uuid"])


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"lines": [(3, 1)]}, 422, "refund_line_unknown"),
        ({"lines": [(1, 3)]}, 409, "more_than_sold"),
        ({"lines": [(1, 1), (1, 1)]}, 422, "refund_line_twice"),
        ({"lines": [{"number": 1, "quantity": 1, "amount": 421}]}, 422, "refund_above_line"),
        ({"lines": [{"number": 1, "quantity": 0, "amount": 841}]}, 422, "refund_above_line"),
        ({"lines": [{"number": 1, "quantity": 1, "amount": 0}]}, 422, "nothing_to_refund"),
        ({"amount": 1_101}, 422, "refund_above_sale"),
        ({"amount": 100, "tenders": [{"kind": "cash"}]}, 409, "more_than_paid"),
        (
            {"amount": 100, "tenders": [{"kind": "ok", "amount": 99}]},
            422,
            "refund_tenders_do_not_add_up",
        ),
        (
            {"amount": 100, "tenders": [{"kind": "ok", "amount": 50}, {"kind": "ok"}]},
            422,
            "refund_tenders_do_not_add_up",
        ),
        ({"amount": 100, "store": "gouda"}, 404, "store_unknown"),
        ({}, 422, "invalid_request"),
        ({"amount": 100, "lines": [(1, 1)]}, 422, "invalid_request"),
        ({"amount": 0}, 422, "invalid_request"),
        ({"amount": 1.5}, 422, "invalid_request"),
        ({"amount": 2**63}, 422, "invalid_request"),
        ({"lines": []}, 422, "invalid_request"),
        ({"lines": [(1, 0)]}, 422, "invalid_request"),
        ({"lines": [(1, -1)]}, 422, "invalid_request"),
        ({"amount": 100, "tenders": [{"kind": "points"}]}, 422, "invalid_request"),
        ({"amount": 100, "iban": "NL91ABNA0417164300"}, 422, "invalid_request"),
    ],
)
def test_what_does_not_fit_is_refused_whole(
    desk: Desk, sale: str, asked: dict[str, Any], status: int, code: str
) -> None:
    refused(desk.refund(sale, **asked), status, code)


def test_a_sale_nobody_made(desk: Desk) -> None:
    refused(desk.refund(uuid4(), amount=100), 404, "sale_to_refund_unknown")
    assert desk.refunds(uuid4()).status_code == 404


def test_a_sale_nobody_paid(counter: Counter, desk: Desk) -> None:
    uuid = uuid4()
    counter.put(uuid, basket())
    refused(desk.refund(uuid, amount=100), 409, "sale_not_paid")
    counter.delete(uuid)
    refused(desk.refund(uuid, amount=100), 409, "sale_not_paid")


def test_a_number_that_another_refund_has(desk: Desk, sale: str) -> None:
    uuid = uuid4()
    assert desk.refund(sale, uuid=uuid, amount=100).status_code == 201
    answer = desk.refund(sale, uuid=uuid, amount=101)
    assert (answer.status_code, answer.json()["code"]) == (409, "refund_uuid_used")
    assert len(returns()) == 1


def test_a_number_that_a_refund_of_another_sale_has(
    counter: Counter, desk: Desk, sale: str, phone: Phone
) -> None:
    other, uuid = counter.sell(phone).json()["uuid"], uuid4()
    desk.refund(sale, uuid=uuid, amount=100)
    answer = desk.refund(other, uuid=uuid, amount=100)
    assert (answer.status_code, answer.json()["code"]) == (409, "refund_uuid_used")
    assert len(returns()) == 1


def test_what_is_left_shrinks_with_each_refund(desk: Desk, sale: str) -> None:
    assert desk.refund(sale, lines=[(1, 2)]).status_code == 201
    assert desk.refund(sale, lines=[(1, 1)]).json()["code"] == "more_than_sold"
    assert desk.refund(sale, amount=261).json()["code"] == "refund_above_sale"
    assert desk.refund(sale, amount=260).status_code == 201
    assert desk.refund(sale, amount=1).json()["code"] == "refund_above_sale"
    prove()


def test_a_merchant_whose_balance_does_not_cover_it_is_told_what_to_do(
    desk: Desk, sale: str
) -> None:
    our_account()
    pay_out(clock.now() + timedelta(days=1))
    told = refused(desk.refund(sale, amount=100), 409, "refund_not_covered")
    assert "kredietgrens" in told["detail"]
