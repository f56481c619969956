"""What a till has begun and not settled, and what it says about each."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from rest_framework.test import APIClient

from okplatform.kernel import clock
from okplatform.kernel.db import call
from okplatform.kernel.tenancy import operator_scope
from okplatform.trade.models import Sale
from tests.merchants.checkout.webshop import Shopper, Webshop
from tests.support.confirming import answers, buy
from tests.support.counter import BREAD, Counter, basket, paying
from tests.support.phone import Phone
from tests.support.proofs import prove
from tests.support.world import World

pytestmark = pytest.mark.django_db


def listed(counter: Counter, **said: str) -> list[tuple[str, str]]:
    answer = counter.unsettled(language="en", **said)
    assert answer.status_code == 200, answer.content
    return [(one["uuid"], one["do"]) for one in answer.json()["sales"]]


def test_a_till_with_nothing_open_has_nothing_to_do(counter: Counter) -> None:
    counter.sell()
    stopped = uuid4()
    counter.put(stopped, basket())
    counter.delete(stopped)
    assert counter.unsettled().json() == {"sales": [], "next_cursor": None}


def test_a_quote_says_pay_or_stop_and_goes_once_it_is_settled(counter: Counter) -> None:
    uuid = uuid4()
    counter.put(uuid, basket(reference="K-7", operator="Sam"))
    (one,) = counter.unsettled(language="en").json()["sales"]
    assert (one["uuid"], one["do"], one["due"]) == (str(uuid), "pay_or_stop", 1100)
    assert (one["store"], one["terminal"]) == ("utrecht", "kassa-1")
    assert (one["reference"], one["operator"], one["deadline"]) == ("K-7", "Sam", None)
    assert one["sentence"] == "Not paid. Take a payment of €11.00, or stop this sale."
    dutch = counter.unsettled(language="nl").json()["sales"][0]["sentence"]
    assert dutch.startswith("Niet betaald.")
    assert counter.pay(uuid, {"revision": 1, **paying("cash")}).json()["verdict"] == "happened"
    assert listed(counter) == []
    prove()


def test_a_basket_left_for_a_quarter_of_an_hour_says_stop(counter: Counter) -> None:
    uuid = uuid4()
    counter.put(uuid, basket())
    long_ago = clock.now() - timedelta(minutes=16)
    call("UPDATE trade_sale SET opened_at = %s WHERE uuid = %s", [long_ago, uuid])
    assert listed(counter) == [(str(uuid), "stop")]
    assert counter.delete(uuid).json()["verdict"] == "did_not_happen"
    assert listed(counter) == []


def test_a_sale_that_waits_for_its_shopper_says_until_when(
    counter: Counter, phone: Phone, hers: Client
) -> None:
    uuid, said = buy(counter, phone)
    (one,) = counter.unsettled(language="en").json()["sales"]
    assert (one["do"], one["deadline"]) == ("wait", said["confirmation"]["deadline"])
    assert one["sentence"] == "Keep the goods. The customer confirms €249.00 on the phone."
    answers(hers)
    # The yes is in, and the worker has not been there: asking brings the sale to its end.
    assert listed(counter) == [(str(uuid), "ask")]
    assert counter.get(uuid).json()["verdict"] == "happened"
    assert listed(counter) == []
    prove()


def test_it_comes_in_pages_the_newest_first(counter: Counter) -> None:
    numbers = [uuid4() for _ in range(5)]
    for uuid in numbers:
        counter.put(uuid, basket(BREAD))
    seen, cursor = [], ""
    for _ in range(3):
        told = counter.unsettled(limit=2, cursor=cursor).json()
        seen += [one["uuid"] for one in told["sales"]]
        cursor = told["next_cursor"]
    assert seen == [str(uuid) for uuid in reversed(numbers)]
    assert cursor is None


def test_another_till_and_another_merchant_see_nothing_of_it(world: World) -> None:
    haarlem, leiden = Counter(world.haarlem, world.haarlem.key), world.leiden
    uuid = uuid4()
    haarlem.put(uuid, basket())
    assert listed(haarlem) == [(str(uuid), "pay_or_stop")]
    assert listed(Counter(leiden, leiden.key)) == []
    assert listed(Counter(world.gouda, world.gouda.key)) == []
    other = haarlem.unsettled(store="leiden")
    assert (other.status_code, other.json()["code"]) == (404, "store_unknown")
    assert listed(Counter(world.haarlem, world.haarlem.test_key)) == []
    # A key for all stores names one, and may name its till.
    chain = Counter(world.haarlem, world.kramer.chain_key)
    assert listed(chain, store="haarlem", terminal="kassa-1") == [(str(uuid), "pay_or_stop")]
    assert listed(chain, store="haarlem") == [(str(uuid), "pay_or_stop")]
    assert listed(chain, store="leiden", terminal="kassa-1") == []


def test_an_online_payment_is_no_tills(webshop: Webshop, shopper: Shopper) -> None:
    shopper.authorises(webshop.asked(capture="manual"))
    with operator_scope("its sale is open"):
        assert Sale.objects.filter(state="open").count() == 1
    assert listed(Counter(webshop.place, webshop.key)) == []


def test_a_language_we_do_not_speak_and_no_key_are_refused(counter: Counter) -> None:
    answer = counter.unsettled(language="fr")
    assert (answer.status_code, answer.json()["code"]) == (422, "language_unknown")
    assert APIClient().get("/api/v1/unsettled-sales").status_code == 401
