"""The sale in steps: quoted revision by revision, then paid as it was shown."""

from uuid import uuid4

import pytest

from okplatform.kernel.tenancy import operator_scope
from okplatform.trade.models import Sale, SaleLine
from payments.models import Payment
from tests.loyalty.bakery import Bakery
from tests.support.counter import BREAD, COFFEE, Counter, basket, paying, show
from tests.support.phone import Phone
from tests.support.proofs import prove

pytestmark = pytest.mark.django_db


def test_a_quote_books_nothing(counter: Counter, member: Phone) -> None:
    told = counter.put(uuid4(), basket(code=show(member))).json()
    assert (told["verdict"], told["state"]) == ("still_open", "open")
    assert told["sentence"] == "Nog niet betaald. Te betalen: €\N{NO-BREAK SPACE}11,00."
    with operator_scope("nothing is booked"):
        assert not SaleLine.objects.exists()
        assert not Payment.objects.exists()
    prove()


def test_lines_change_revision_by_revision_until_it_is_paid(
    counter: Counter, member: Phone
) -> None:
    uuid = uuid4()
    counter.put(uuid, basket(BREAD, code=show(member)))
    second = counter.put(uuid, basket(BREAD, COFFEE, revision=2)).json()
    # The scan is remembered, although the second revision did not repeat the code.
    assert (second["due"], second["points_earned"]) == (1100, 11)
    paid = counter.pay(uuid, {"revision": 2, "amount_due": 1100, **paying()}).json()
    assert (paid["verdict"], paid["points_earned"]) == ("happened", 11)
    assert counter.get(uuid).json() == paid
    prove()


def test_an_older_revision_is_refused_and_the_newer_one_stands(counter: Counter) -> None:
    uuid = uuid4()
    counter.put(uuid, basket(BREAD, COFFEE, revision=2))
    late = counter.put(uuid, basket(BREAD, revision=1))
    assert (late.status_code, late.json()["code"]) == (409, "revision_stale")
    assert late.json()["verdict"] == "still_open"
    assert counter.get(uuid).json()["due"] == 1100


def test_the_same_revision_with_another_basket_is_refused(counter: Counter) -> None:
    uuid = uuid4()
    counter.put(uuid, basket(BREAD))
    other = counter.put(uuid, basket(COFFEE))
    assert (other.status_code, other.json()["code"]) == (409, "revision_reused")


def test_a_payment_of_another_revision_is_refused(counter: Counter) -> None:
    uuid = uuid4()
    counter.put(uuid, basket(revision=2))
    answer = counter.pay(uuid, {"revision": 1, **paying("cash")})
    assert (answer.status_code, answer.json()["code"]) == (409, "revision_stale")
    assert answer.json()["verdict"] == "still_open"


def test_a_payment_of_another_amount_than_was_shown_is_refused(counter: Counter) -> None:
    uuid = uuid4()
    counter.put(uuid, basket())
    answer = counter.pay(uuid, {"revision": 1, "amount_due": 1000, **paying("cash")})
    assert (answer.json()["code"], answer.json()["due"]) == ("amount_changed", 1100)
    prove()


def test_when_the_offer_ends_between_quote_and_payment_nobody_pays_more_than_was_shown(
    counter: Counter, bakery: Bakery, member: Phone
) -> None:
    offer_id = bakery.offer(uses=1)
    waiting, quick = uuid4(), uuid4()
    shown = counter.put(waiting, basket(code=show(member))).json()["due"]
    counter.put(quick, basket(code=show(member), payment=paying()))
    answer = counter.pay(waiting, {"revision": 1, **paying()})
    assert (shown, answer.json()["code"], answer.json()["due"]) == (1016, "amount_changed", 1100)
    again = counter.pay(waiting, {"revision": 1, "amount_due": 1100, **paying()}).json()
    assert (again["verdict"], again["due"]) == ("happened", 1100)
    assert offer_id
    prove()


def test_a_second_payment_repeats_the_answer_and_takes_nothing(
    counter: Counter, phone: Phone
) -> None:
    uuid = uuid4()
    counter.put(uuid, basket(code=show(phone)))
    body = {"revision": 1, **paying()}
    assert counter.pay(uuid, body).json() == counter.pay(uuid, body).json()
    with operator_scope("count the payments"):
        assert Payment.objects.count() == 1
    prove()


def test_an_idempotency_key_keeps_the_decision(counter: Counter, phone: Phone) -> None:
    uuid = uuid4()
    counter.put(uuid, basket(code=show(phone)))
    body = {"revision": 1, **paying()}
    first = counter.pay(uuid, body, HTTP_IDEMPOTENCY_KEY="till-1-0001")
    again = counter.pay(uuid, body, HTTP_IDEMPOTENCY_KEY="till-1-0001")
    assert first.json() == again.json()
    other = counter.pay(uuid, {"revision": 1, **paying("pin")}, HTTP_IDEMPOTENCY_KEY="till-1-0001")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    prove()


def test_a_refused_payment_frees_its_idempotency_key(counter: Counter, phone: Phone) -> None:
    uuid = uuid4()
    counter.put(uuid, basket())
    body = {"revision": 1, **paying()}
    refused = counter.pay(uuid, body, HTTP_IDEMPOTENCY_KEY="once")
    assert refused.json()["code"] == "code_missing"
    counter.put(uuid, basket(code=show(phone), revision=2))
    paid = counter.pay(uuid, {"revision": 2, **paying()}, HTTP_IDEMPOTENCY_KEY="once")
    assert paid.json()["verdict"] == "happened"


def test_a_given_up_sale_can_never_pay(counter: Counter, phone: Phone) -> None:
    uuid = uuid4()
    counter.put(uuid, basket(code=show(phone)))
    gone = counter.delete(uuid).json()
    assert (gone["verdict"], gone["state"]) == ("did_not_happen", "cancelled")
    late = counter.pay(uuid, {"revision": 1, **paying()})
    assert (late.json()["code"], late.json()["verdict"]) == ("sale_cancelled", "did_not_happen")
    prove()


def test_an_unknown_sale_given_up_is_entombed(counter: Counter, phone: Phone) -> None:
    uuid = uuid4()
    assert counter.delete(uuid).json()["verdict"] == "did_not_happen"
    late = counter.put(uuid, basket(code=show(phone), payment=paying()))
    assert (late.status_code, late.json()["code"]) == (409, "sale_cancelled")
    with operator_scope("nothing is paid"):
        assert not Payment.objects.exists()
        assert Sale.objects.get().state == "cancelled"
    prove()


def test_a_paid_sale_cannot_be_given_up(counter: Counter) -> None:
    uuid = uuid4()
    counter.put(uuid, basket(payment=paying("cash")))
    answer = counter.delete(uuid)
    assert (answer.status_code, answer.json()["code"]) == (409, "sale_closed")
    assert answer.json()["verdict"] == "happened"


def test_a_sale_that_never_arrived_is_unknown_and_may_still_come(
    counter: Counter, phone: Phone
) -> None:
    uuid = uuid4()
    answer = counter.get(uuid)
    assert (answer.status_code, answer.json()["code"]) == (404, "sale_unknown")
    assert answer.json()["verdict"] == "still_open"
    late = counter.put(uuid, basket(code=show(phone), payment=paying()))
    assert late.json()["verdict"] == "happened"
