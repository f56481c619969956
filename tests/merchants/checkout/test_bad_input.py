"""What bad input gets: a stable code, a sentence for the cashier, and nothing half done."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.trade.models import Sale, SaleLine
from payments.actions.close_mandate import close_mandate
from payments.models import BankAccount, Payment, Posting
from tests.support.counter import BREAD, Counter, basket, paying, show, with_bank_account
from tests.support.phone import Phone
from tests.support.proofs import prove
from tests.support.world import World
from wallet.actions.block_device import block_device

pytestmark = pytest.mark.django_db


def refused(answer: Any, status: int, code: str) -> dict[str, Any]:
    """Check a problem document (RFC 9457), and that nothing at all was booked."""
    told: dict[str, Any] = answer.json()
    assert (answer.status_code, told["code"]) == (status, code), told
    assert answer["Content-Type"] == "application/problem+json"
    assert told["status"] == status
    assert told["detail"]
    assert told["trace_id"] == answer["Trace-Id"]
    with operator_scope("nothing is booked"):
        assert not SaleLine.objects.exists()
        assert not Sale.objects.filter(state="closed").exists()
        assert not Payment.objects.exists()
    assert not Posting.objects.exists()
    prove()
    return told


def test_an_unknown_code(counter: Counter) -> None:
    body = basket(code="93" + "0123456789" + "9876543210", payment=paying())
    told = refused(counter.put(uuid4(), body), 409, "code_unknown")
    assert told["verdict"] == "still_open"


def test_something_that_is_no_code(counter: Counter) -> None:
    body = basket(code="8711000123456", payment=paying())
    refused(counter.put(uuid4(), body), 422, "code_malformed")


def test_a_stale_code(counter: Counter, phone: Phone) -> None:
    old = phone.shows(clock.now() - timedelta(minutes=3))
    refused(counter.put(uuid4(), basket(code=old, payment=paying())), 409, "code_stale")


def test_a_code_that_another_sale_has_used(counter: Counter, phone: Phone) -> None:
    code = show(phone)
    counter.put(uuid4(), basket(code=code))
    told = refused(counter.put(uuid4(), basket(code=code, payment=paying())), 409, "code_used")
    assert told["verdict"] == "still_open"


def test_a_code_from_a_blocked_phone(counter: Counter, phone: Phone) -> None:
    code = show(phone)
    block_device(person_id=phone.person.pk, device_uuid=phone.uuid, actor=SYSTEM, now=clock.now())
    refused(counter.put(uuid4(), basket(code=code, payment=paying())), 409, "code_blocked")


def test_a_code_of_an_account_whose_mandate_ended_since(counter: Counter, phone: Phone) -> None:
    code = show(phone)
    account = BankAccount.objects.get(person=phone.person)
    close_mandate(
        person_id=phone.person.pk, bank_account_id=account.pk, now=clock.now(), actor=SYSTEM
    )
    uuid = uuid4()
    told = refused(
        counter.put(uuid, basket(code=code, payment=paying())), 409, "bank_account_not_ready"
    )
    assert told["verdict"] == "still_open"
    assert not Posting.objects.exists()
    # The till may take the money otherwise: nothing of the code was used up.
    assert counter.get(uuid).status_code == 404


def test_a_test_code_at_a_live_till(counter: Counter, world: World) -> None:
    code = show(with_bank_account(world.tessa))
    refused(counter.put(uuid4(), basket(code=code, payment=paying())), 409, "code_wrong_mode")


@pytest.mark.parametrize(
    ("change", "field", "kind"),
    [
        ({"unit_price": -1}, "lines.0.unit_price", "greater_than_equal"),
        ({"unit_price": 100_000_001}, "lines.0.unit_price", "less_than_equal"),
        ({"unit_price": 4.2}, "lines.0.unit_price", "int_from_float"),
        ({"unit_price": "420"}, "lines.0.unit_price", "int_type"),
        ({"quantity": 0}, "lines.0.quantity", "greater_than_equal"),
        ({"vat_rate": 10_001}, "lines.0.vat_rate", "less_than_equal"),
        ({"amount": 839}, "lines.0.amount", "line_amount_mismatch"),
        ({"name": ""}, "lines.0.name", "string_too_short"),
        ({"colour": "brown"}, "lines.0.colour", "unknown_field"),
    ],
)
def test_a_line_that_does_not_fit(
    counter: Counter, change: dict[str, Any], field: str, kind: str
) -> None:
    body = basket({**BREAD, **change}, payment=paying("cash"))
    told = refused(counter.put(uuid4(), body), 422, "invalid_request")
    fault = told["errors"][0]
    assert fault["field"] == field
    assert fault["code"] in {kind, "int_type"}
    assert fault["sentence"]


def test_an_unknown_field_is_refused_by_name(counter: Counter) -> None:
    told = refused(counter.put(uuid4(), basket(loyalty_id="A1")), 422, "invalid_request")
    assert told["errors"][0]["field"] == "loyalty_id"


def test_broken_json(counter: Counter) -> None:
    answer = counter.client.put(
        f"/api/v1/sales/{uuid4()}", b'{"revision": 1,', content_type="application/json"
    )
    refused(answer, 400, "malformed_json")


def test_a_body_that_is_no_json(counter: Counter) -> None:
    answer = counter.client.put(f"/api/v1/sales/{uuid4()}", b"x=1", content_type="text/plain")
    refused(answer, 415, "not_json")


def test_a_basket_without_lines(counter: Counter) -> None:
    body = {**basket(), "lines": []}
    refused(counter.put(uuid4(), body), 422, "invalid_request")


def test_another_merchants_store(counter: Counter, world: World) -> None:
    body = basket(store=world.gouda.store.reference, payment=paying("cash"))
    refused(counter.put(uuid4(), body), 404, "store_unknown")


def test_a_chain_key_cannot_sell_in_another_merchants_store(world: World) -> None:
    counter = Counter(world.haarlem, world.kramer.chain_key)
    body = basket(store=world.gouda.store.reference, terminal="kassa-1", payment=paying("cash"))
    refused(counter.put(uuid4(), body), 404, "store_unknown")


def test_a_currency_that_is_not_the_stores(counter: Counter) -> None:
    body = {**basket(payment=paying("cash")), "currency": "USD"}
    told = refused(counter.put(uuid4(), body), 422, "wrong_currency")
    assert told["expected"] == "EUR"


def test_no_key(counter: Counter) -> None:
    counter.client.credentials()
    refused(counter.put(uuid4(), basket()), 401, "unauthenticated")


def test_a_key_that_is_not_one(counter: Counter) -> None:
    counter.client.credentials(HTTP_AUTHORIZATION="Bearer ok_live_aaaaaaaaaaaa_bbbbbbbbbbbb")
    answer = counter.put(uuid4(), basket())
    assert answer.status_code == 401
    assert answer.json()["detail"]


def test_a_key_without_the_scope_to_take_payments(counter: Counter) -> None:
    key = counter.place.issue_key(scopes={"sales:read", "sales:write"}).text
    weak = Counter(counter.place, key)
    told = refused(weak.put(uuid4(), basket(payment=paying("cash"))), 403, "scope_missing")
    assert told["scope"] == "payments:write"


def test_paying_with_ok_without_a_code(counter: Counter) -> None:
    refused(counter.put(uuid4(), basket(payment=paying())), 422, "code_missing")


def test_tenders_that_do_not_add_up(counter: Counter) -> None:
    body = basket(payment=paying({"kind": "cash", "amount": 1000}))
    told = refused(counter.put(uuid4(), body), 422, "tenders_do_not_add_up")
    assert told["due"] == 1100


def test_a_closed_sale_with_another_basket(counter: Counter) -> None:
    uuid = uuid4()
    counter.put(uuid, basket(payment=paying("cash")))
    other = counter.put(uuid, basket(BREAD, payment=paying("cash")))
    assert (other.status_code, other.json()["code"]) == (409, "sale_closed")
    assert other.json()["verdict"] == "happened"


def test_a_closed_sale_with_other_tenders_tells_that_it_is_paid(counter: Counter) -> None:
    uuid = uuid4()
    counter.put(uuid, basket(payment=paying("cash")))
    other = counter.put(uuid, basket(payment=paying("pin")))
    assert (other.json()["code"], other.json()["verdict"]) == ("sale_closed", "happened")


def test_the_sentence_is_in_the_language_that_is_asked_for(counter: Counter) -> None:
    counter.client.credentials(
        HTTP_AUTHORIZATION=f"Bearer {counter.key}", HTTP_ACCEPT_LANGUAGE="en"
    )
    english = counter.put(uuid4(), basket(payment=paying())).json()["detail"]
    counter.client.credentials(
        HTTP_AUTHORIZATION=f"Bearer {counter.key}", HTTP_ACCEPT_LANGUAGE="nl"
    )
    dutch = counter.put(uuid4(), basket(payment=paying())).json()["detail"]
    assert english == "Scan the customer's OK code first, or take another payment."
    assert dutch != english


def test_guessing_codes_is_throttled_and_says_when_to_try_again(counter: Counter) -> None:
    guesses = (f"93{guess:010d}{guess:010d}" for guess in range(60))
    answers = (counter.put(uuid4(), basket(code=code, payment=paying())) for code in guesses)
    answer = next(one for one in answers if one.status_code == 429)
    told = refused(answer, 429, "code_throttled")
    assert int(answer["Retry-After"]) == told["retry_after"] > 0
