"""64 tills at once, through the whole API: of one code, sale, key or last discount, one wins."""

from typing import Any
from uuid import uuid4

import pytest

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from okplatform.trade.models import Sale, SaleLine
from payments.models import Payment, Posting
from tests.loyalty.bakery import Bakery
from tests.support.counter import (
    Counter,
    basket,
    join,
    paying,
    settle_events,
    show,
    with_bank_account,
)
from tests.support.phone import Phone
from tests.support.proofs import prove
from tests.support.races import AT_ONCE, all_at_once
from tests.support.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

UNDISCOUNTED, DISCOUNTED = 1100, 1016


@pytest.fixture
def bakery(world: World) -> Bakery:
    return Bakery(world)


@pytest.fixture
def key(bakery: Bakery) -> str:
    return bakery.world.till.key


@pytest.fixture
def member(alice: Person, bakery: Bakery) -> Phone:
    join(alice, bakery.programme_id)
    return with_bank_account(alice)


@pytest.fixture
def crowd(world: World) -> list[Phone]:
    """64 shoppers."""
    return [
        with_bank_account(
            create_person(email=f"{number}@example.nl", name=f"Shopper {number}", actor=SYSTEM)
        )
        for number in range(AT_ONCE)
    ]


@pytest.fixture
def till(bakery: Bakery, key: str) -> Counter:
    """A till to look with; in a race each thread has its own."""
    return Counter(bakery.world.till, key)


def another(till: Counter) -> Counter:
    return Counter(till.place, till.key)


def outcome(answer: Any) -> str:
    """Say in a word how a call ended."""
    told = answer.json()
    return str(told["verdict"] if answer.status_code == 200 else told["code"])


def check_books(*, sales: int, payments: int) -> None:
    """Check what stands there: that many sales of two lines, that many payments by OK."""
    with operator_scope("a test counts all"):
        assert Sale.objects.count() == sales
        assert SaleLine.objects.count() == 2 * sales
        assert Payment.objects.count() == payments
    assert Posting.objects.filter(kind="sale_paid").count() == payments
    settle_events()
    prove()


def test_of_64_sales_with_one_code_one_happens_and_nothing_is_booked_for_the_others(
    till: Counter, member: Phone
) -> None:
    code = show(member)

    def sell(_number: int) -> str:
        answer = another(till).put(uuid4(), basket(code=code, payment=paying()))
        if answer.status_code != 200:
            assert answer.json()["verdict"] == "still_open"
        return outcome(answer)

    assert all_at_once(sell) == {"happened": 1, "code_used": AT_ONCE - 1}
    check_books(sales=1, payments=1)


def test_64_calls_of_one_sale_all_get_its_one_answer(till: Counter, member: Phone) -> None:
    uuid = uuid4()
    body = basket(code=show(member), payment=paying())

    answers = all_at_once(lambda _number: another(till).put(uuid, body).content.decode())

    assert list(answers.values()) == [AT_ONCE]
    assert till.get(uuid).content.decode() in answers
    assert till.get(uuid).json()["verdict"] == "happened"
    check_books(sales=1, payments=1)


def test_64_payments_of_one_quoted_sale_all_get_its_one_answer(
    till: Counter, member: Phone
) -> None:
    uuid = uuid4()
    till.put(uuid, basket(code=show(member)))
    body = {"revision": 1, **paying()}

    answers = all_at_once(lambda _number: another(till).pay(uuid, body).content.decode())

    assert list(answers.values()) == [AT_ONCE]
    assert till.get(uuid).content.decode() in answers
    check_books(sales=1, payments=1)


def test_64_payments_with_one_idempotency_key_are_one_payment(till: Counter, member: Phone) -> None:
    uuid = uuid4()
    till.put(uuid, basket(code=show(member)))
    body = {"revision": 1, **paying()}

    def pay(_number: int) -> str:
        return outcome(another(till).pay(uuid, body, HTTP_IDEMPOTENCY_KEY="till-1-0001"))

    outcomes = all_at_once(pay)

    assert outcomes["happened"] >= 1
    assert set(outcomes) <= {"happened", "idempotency_still_running"}
    assert till.pay(uuid, body, HTTP_IDEMPOTENCY_KEY="till-1-0001").json()["verdict"] == "happened"
    check_books(sales=1, payments=1)


def test_the_last_of_an_offer_goes_to_one_of_64_shoppers_and_the_others_pay_the_full_price(
    bakery: Bakery, till: Counter, crowd: list[Phone]
) -> None:
    bakery.offer(uses=1)
    bodies = [basket(code=show(phone), payment=paying()) for phone in crowd]

    def sell(number: int) -> str:
        return str(another(till).put(uuid4(), bodies[number]).json()["due"])

    assert all_at_once(sell) == {str(DISCOUNTED): 1, str(UNDISCOUNTED): AT_ONCE - 1}
    check_books(sales=AT_ONCE, payments=AT_ONCE)
    with operator_scope("a test looks at the discounts"):
        assert sum(Sale.objects.values_list("discount", flat=True)) == UNDISCOUNTED - DISCOUNTED
