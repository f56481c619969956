"""Online payments as a webshop asks for them, and what a shopper's yes brings about."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from merchants.models import OnlinePayment
from okplatform.kernel import clock
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from tests.merchants.checkout.webshop import (
    COOKBOOK,
    DUE,
    NOVEL,
    Shopper,
    Webshop,
    page_of,
    pass_time,
    payment_of,
    sales,
    set_aside,
    taken,
)
from tests.payments.books import bank_account, held, owed_by, owed_to
from tests.support.accounts import proved
from tests.support.counter import settle_events
from tests.support.proofs import prove
from tests.support.world import World

pytestmark = pytest.mark.django_db


def test_a_webshop_asks_and_gets_a_page_and_a_code(webshop: Webshop) -> None:
    answer = webshop.ask(reference="4502", return_url="https://kramer.example/thanks")
    told = answer.json()
    assert answer.status_code == 201
    assert (told["state"], told["asked"], told["amount"]) == ("created", DUE, None)
    assert told["page"].endswith(page_of(payment_of(told["id"])))
    assert told["qr"] == told["page"]
    assert told["sale"] is None
    assert sales() == []
    assert webshop.get(f"payments/{told['id']}").json() == told
    prove()


def test_one_amount_with_a_description_will_do(webshop: Webshop, shopper: Shopper) -> None:
    payment = webshop.asked(amount=2_500, description="Lezing", vat_rate=900)
    shopper.authorises(payment, 2_500)
    assert taken() == [2_500]
    prove()


def test_the_shopper_signs_in_sees_the_bill_and_pays(
    webshop: Webshop, shopper: Shopper, client: Client
) -> None:
    payment = webshop.asked(reference="4502")
    client.cookies["django_language"] = "en"
    stranger = client.get(page_of(payment)).content.decode()
    assert "Boekhandel Kramer" in stranger
    assert "Kookboek Puur" in stranger
    assert f"/account/login/?next={page_of(payment)}" in stranger
    assert webshop.state(payment)["state"] == "presented"

    page = shopper.opens(payment).content.decode()
    assert "€42.94" in page
    shopper.authorises(payment)

    told = webshop.state(payment)
    assert (told["state"], told["amount"], told["captured"]) == ("captured", DUE, DUE)
    assert sales() == [("closed", DUE, 0)]
    assert taken() == [DUE]
    assert held(owed_by(shopper.account)) == -DUE
    assert held(owed_to(webshop.place)) == DUE
    receipt = shopper.opens(payment).content.decode()
    assert "Paid" in receipt
    assert shopper.account.tail in receipt
    settle_events()
    prove()


def test_the_sale_is_a_sale_like_any_other_once_it_is_paid(
    webshop: Webshop, shopper: Shopper
) -> None:
    payment = webshop.asked(reference="4502")
    assert webshop.get(f"sales/{payment.sale_uuid}").status_code == 404
    shopper.authorises(payment)
    sale = webshop.get(f"sales/{webshop.state(payment)['sale']}").json()
    assert (sale["verdict"], sale["due"], sale["reference"]) == ("happened", DUE, "4502")
    nothing = dict.fromkeys(("name", "points_balance", "points_name", "tier"))
    assert sale["member"] == nothing


def test_nobody_pays_without_signing_in(webshop: Webshop, client: Client) -> None:
    payment = webshop.asked()
    client.get(page_of(payment))
    client.post(page_of(payment), {"amount_due": DUE, "funding": 1})
    assert webshop.state(payment)["state"] == "presented"
    assert taken() == []


def test_nobody_pays_from_anothers_account(webshop: Webshop, shopper: Shopper, bob: Person) -> None:
    payment = webshop.asked()
    shopper.opens(payment)
    answer = shopper.pays(payment, funding=bank_account(bob).pk)
    assert answer.status_code == 409
    assert webshop.state(payment)["state"] == "presented"
    assert taken() == []
    prove()


@pytest.mark.parametrize("due", [DUE - 1, DUE + 1, "", "x", "9" * 30])
def test_another_amount_than_the_page_showed_is_not_paid(
    webshop: Webshop, shopper: Shopper, due: Any
) -> None:
    payment = webshop.asked()
    shopper.opens(payment)
    answer = shopper.pays(payment, due)
    assert "The amount has changed" in answer.content.decode()
    assert webshop.state(payment)["state"] == "presented"
    assert taken() == []
    shopper.authorises(payment)
    assert taken() == [DUE]


def test_a_test_payment_is_not_for_a_live_person(webshop: Webshop, shopper: Shopper) -> None:
    rehearsal = Webshop(webshop.place, webshop.place.test_key)
    payment = rehearsal.asked()
    page = shopper.opens(payment).content.decode()
    assert "for tests only" in page
    assert shopper.pays(payment).status_code == 409
    assert taken() == []
    assert webshop.get(f"payments/{payment.uuid}").status_code == 404


def test_who_paid_twice_has_paid_once(webshop: Webshop, shopper: Shopper) -> None:
    payment = webshop.asked()
    shopper.authorises(payment)
    assert shopper.pays(payment).status_code == 302
    assert taken() == [DUE]


def test_a_repeated_request_makes_one_payment(webshop: Webshop) -> None:
    first, again = webshop.ask(key="order-1"), webshop.ask(key="order-1")
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    other = webshop.ask(key="order-1", reference="other")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    with operator_scope("the test looks"):
        assert OnlinePayment.objects.count() == 1


def test_without_an_idempotency_key_nothing_is_asked(webshop: Webshop) -> None:
    body = {"currency": "EUR", "lines": [NOVEL]}
    answer = webshop.client.post("/api/v1/payments", body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_malformed")


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"amount": 100}, "invalid_request"),
        ({"amount": 100, "description": "x", "lines": [NOVEL]}, "invalid_request"),
        ({"lines": []}, "invalid_request"),
        ({"amount": 0, "description": "x"}, "invalid_request"),
        ({"lines": [{**NOVEL, "unit_price": 0}]}, "amount_not_positive"),
        ({"currency": "USD"}, "wrong_currency"),
        ({"expires_in": 1}, "invalid_request"),
        ({"expires_in": 10**9}, "invalid_request"),
        ({"capture": "later"}, "invalid_request"),
        ({"store": "nowhere"}, "store_unknown"),
        ({"colour": "green"}, "invalid_request"),
        ({"return_url": "http://kramer.example/"}, "return_url_not_allowed"),
        ({"return_url": "https://192.168.1.4/"}, "return_url_not_allowed"),
        ({"return_url": "javascript:alert(1)"}, "return_url_not_allowed"),
    ],
)
def test_what_does_not_fit_is_refused(webshop: Webshop, other: dict[str, Any], code: str) -> None:
    answer = webshop.ask(**other)
    assert answer.json()["code"] == code
    with operator_scope("the test looks"):
        assert not OnlinePayment.objects.exists()


def test_a_store_with_a_counter_has_no_payment_page(world: World) -> None:
    answer = Webshop(world.haarlem, world.haarlem.key).ask()
    assert (answer.status_code, answer.json()["code"]) == (422, "store_not_online")


def test_nobody_sees_or_moves_another_shops_payment(
    webshop: Webshop, world: World, shopper: Shopper
) -> None:
    payment = webshop.asked(capture="manual")
    shopper.authorises(payment)
    strange = Webshop(world.gouda, world.gouda.key)
    assert strange.get(f"payments/{payment.uuid}").status_code == 404
    assert strange.capture(payment).status_code == 404
    assert strange.cancel(payment).status_code == 404
    assert strange.get("payments").json() == {"payments": [], "next_cursor": None}
    assert webshop.state(payment)["state"] == "authorised"


def test_a_key_of_another_store_sees_nothing_of_the_webshop(webshop: Webshop, world: World) -> None:
    payment = webshop.asked()
    haarlem = Webshop(world.haarlem, world.haarlem.key)
    assert haarlem.get(f"payments/{payment.uuid}").status_code == 404


def test_the_list_goes_back_page_by_page(webshop: Webshop) -> None:
    made = [webshop.ask(reference=str(number)).json()["id"] for number in range(5)]
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        told = webshop.get(f"payments?limit=2&cursor={cursor}").json()
        seen += [payment["id"] for payment in told["payments"]]
        cursor = told["next_cursor"]
    assert seen == made[::-1]


def test_each_payment_is_confirmed_by_a_pin_or_passkey_however_small(
    webshop: Webshop, shopper: Shopper
) -> None:
    payment = webshop.asked(amount=100, description="Lintje")
    shopper.opens(payment)
    for pin, code, sentence in (
        ("", 422, "Type your PIN"),
        ("123", 422, "Type your PIN"),
        ("000001", 403, "That is not your PIN. Tries left: 4."),
    ):
        answer = shopper.pays(payment, 100, pin=pin)
        assert answer.status_code == code, answer.content.decode()
        assert sentence in answer.content.decode()
        assert webshop.state(payment)["state"] == "presented"
    answer = shopper.pays(payment, 100, passkey="{}")
    assert answer.status_code == 403
    assert taken() == []
    shopper.authorises(payment, 100)
    assert taken() == [100]
    prove()


def test_over_their_own_limit_nothing_is_taken_or_set_aside(
    webshop: Webshop, shopper: Shopper
) -> None:
    dear = {"amount": 100_001, "description": "Antiquariaat"}
    for payment in (webshop.asked(**dear), webshop.asked(**dear, capture="manual")):
        shopper.opens(payment)
        answer = shopper.pays(payment, 100_001)
        assert answer.status_code == 409
        assert webshop.state(payment)["state"] == "presented"
    assert (taken(), set_aside()) == ([], [])
    prove()


@pytest.mark.parametrize("capture", ["automatic", "manual"])
def test_an_account_that_is_not_ready_pays_nothing_and_is_not_offered(
    webshop: Webshop, bob: Person, capture: str
) -> None:
    halfway = Shopper(bob, proved(bob))
    payment = webshop.asked(capture=capture)
    page = halfway.opens(payment).content.decode()
    assert "Finish your bank account" in page
    answer = halfway.pays(payment)
    assert answer.status_code == 409
    assert "Choose the bank account to pay from." in answer.content.decode()
    assert (taken(), set_aside()) == ([], [])


def test_what_is_set_aside_counts_against_the_limit(webshop: Webshop, shopper: Shopper) -> None:
    half = {"amount": 60_000, "description": "Antiquariaat"}
    first, second = webshop.asked(**half, capture="manual"), webshop.asked(**half)
    shopper.authorises(first, 60_000)
    shopper.opens(second)
    assert shopper.pays(second, 60_000).status_code == 409
    assert taken() == []


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "cursor=%C3%A9", "cursor=!"])
def test_a_list_that_makes_no_sense_is_refused(webshop: Webshop, query: str) -> None:
    assert webshop.get(f"payments?{query}").status_code == 422


def test_who_declines_has_paid_nothing_and_cannot_any_more(
    webshop: Webshop, shopper: Shopper
) -> None:
    payment = webshop.asked()
    shopper.opens(payment)
    shopper.browser.post(f"{page_of(payment)}refusal/")
    assert webshop.state(payment)["state"] == "declined"
    assert shopper.pays(payment).status_code == 409
    shopper.browser.post(f"{page_of(payment)}refusal/")
    assert taken() == []
    prove()


def test_a_cancelled_payment_is_not_paid(webshop: Webshop, shopper: Shopper) -> None:
    payment = webshop.asked()
    shopper.opens(payment)
    assert webshop.cancel(payment).json()["state"] == "cancelled"
    assert webshop.cancel(payment).status_code == 200
    assert shopper.pays(payment).status_code == 409
    assert "has ended" in shopper.opens(payment).content.decode()
    assert taken() == []
    prove()


def test_what_was_taken_is_not_cancelled(webshop: Webshop, shopper: Shopper) -> None:
    payment = webshop.asked()
    shopper.authorises(payment)
    answer = webshop.cancel(payment)
    assert (answer.status_code, answer.json()["code"]) == (409, "payment_captured")
    assert taken() == [DUE]


def test_after_half_an_hour_it_is_too_late(webshop: Webshop, shopper: Shopper) -> None:
    payment = webshop.asked()
    shopper.opens(payment)
    assert pass_time(payment, timedelta(minutes=29)) == 0
    assert pass_time(payment, timedelta(minutes=31)) == 1
    assert pass_time(payment, timedelta(minutes=31)) == 0
    assert payment.state == "expired"
    assert shopper.pays(payment).status_code == 409
    assert taken() == []
    prove()


def test_what_is_over_has_ended_before_the_sweep_says_so(
    webshop: Webshop, shopper: Shopper
) -> None:
    payment = webshop.asked()
    shopper.opens(payment)
    with operator_scope("the test lets time pass"):
        OnlinePayment.objects.filter(pk=payment.pk).update(expires_at=clock.now())
    assert webshop.state(payment)["state"] == "expired"
    assert shopper.pays(payment).status_code == 409
    assert webshop.cancel(payment).json()["state"] in {"cancelled", "expired"}
    assert taken() == []


def test_whoever_never_came_back_from_confirming_makes_room(
    webshop: Webshop, shopper: Shopper
) -> None:
    payment = webshop.asked()
    shopper.opens(payment)
    with operator_scope("somebody's process died while it confirmed"):
        OnlinePayment.objects.filter(pk=payment.pk).update(
            state="authorising", claimed_at=clock.now()
        )
    busy = shopper.pays(payment)
    assert "being paid right now" in busy.content.decode()
    with operator_scope("a minute later"):
        long_ago = clock.now() - timedelta(minutes=2)
        OnlinePayment.objects.filter(pk=payment.pk).update(claimed_at=long_ago)
    shopper.authorises(payment)
    assert taken() == [DUE]
    prove()


def test_the_page_leads_back_with_the_id_and_nothing_more(
    webshop: Webshop, shopper: Shopper
) -> None:
    payment = webshop.asked(return_url="https://kramer.example/thanks?order=4502")
    standing = shopper.browser.get(f"{page_of(payment)}state/").json()
    assert standing == {"state": "created", "done": False, "back": ""}
    shopper.authorises(payment)
    standing = shopper.browser.get(f"{page_of(payment)}state/").json()
    back = f"https://kramer.example/thanks?order=4502&ok_payment={payment.uuid}"
    assert standing == {"state": "captured", "done": True, "back": back}


def test_an_address_that_nobody_was_given_leads_nowhere(client: Client) -> None:
    for address in ("/pay/nothing/", "/pay/nothing/state/", "/pay/link/nothing/"):
        assert client.get(address).status_code == 404
    assert client.post("/pay/nothing/refusal/").status_code == 404


def test_the_goods_of_a_basket_stand_as_they_were_asked(webshop: Webshop) -> None:
    payment = webshop.asked(lines=[{**COOKBOOK, "quantity": 2}])
    assert payment.asked == 5_990
