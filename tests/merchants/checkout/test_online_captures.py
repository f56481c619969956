"""Manual capture: set aside first, taken in parts, released in the end, and a sale that adds up."""

from datetime import timedelta

import pytest

from merchants.checkout.actions.capture_payment import capture_payment
from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import merchant_scope
from payments.models import Posting
from tests.merchants.checkout.webshop import (
    DUE,
    Shopper,
    Webshop,
    pass_time,
    sales,
    set_aside,
    taken,
)
from tests.payments.books import held, owed_by, owed_to
from tests.support.counter import settle_events
from tests.support.proofs import prove

pytestmark = pytest.mark.django_db


def test_manual_capture_sets_aside_first_and_takes_when_the_shop_says_so(
    webshop: Webshop, shopper: Shopper
) -> None:
    payment = webshop.asked(capture="manual")
    shopper.authorises(payment)
    told = webshop.state(payment)
    assert (told["state"], told["amount"], told["captured"]) == ("authorised", DUE, 0)
    assert sales() == [("open", DUE, 0)]
    assert (taken(), set_aside()) == ([], [(DUE, 0, False)])
    assert held(owed_by(shopper.account)) == 0
    assert "You have promised this amount" in shopper.opens(payment).content.decode()
    prove()

    told = webshop.capture(payment).json()
    assert (told["state"], told["captured"], told["released"]) == ("captured", DUE, 0)
    assert sales() == [("closed", DUE, 0)]
    assert (taken(), set_aside()) == ([DUE], [(DUE, DUE, True)])
    assert held(owed_to(webshop.place)) == DUE
    settle_events()
    prove()


def test_parts_are_booked_as_they_are_captured_and_the_last_closes_the_sale(
    webshop: Webshop, shopper: Shopper
) -> None:
    payment = webshop.asked(capture="manual")
    shopper.authorises(payment)
    assert webshop.capture(payment, 1_299).json()["state"] == "partially_captured"
    assert held(owed_to(webshop.place)) == 1_299
    assert sales() == [("open", DUE, 0)]
    assert taken() == []
    prove()
    too_much = webshop.capture(payment, 2_996)
    assert (too_much.status_code, too_much.json()["code"]) == (422, "capture_too_much")
    assert too_much.json()["left"] == 2_995
    assert webshop.capture(payment, 2_995).json()["state"] == "captured"
    assert webshop.capture(payment, 1).json()["code"] == "payment_paid_already"
    assert taken() == [DUE]
    assert held(owed_to(webshop.place)) == DUE
    assert Posting.objects.filter(kind="part_captured").count() == 2
    assert sales() == [("closed", DUE, 0)]
    prove()


def test_a_repeated_capture_takes_once(webshop: Webshop, shopper: Shopper) -> None:
    payment = webshop.asked(capture="manual")
    shopper.authorises(payment)
    first = webshop.capture(payment, 1_000, key="shipment-1")
    again = webshop.capture(payment, 1_000, key="shipment-1")
    assert first.json() == again.json()
    assert held(owed_to(webshop.place)) == 1_000
    prove()


def test_nothing_is_captured_of_what_nobody_confirmed(webshop: Webshop) -> None:
    payment = webshop.asked(capture="manual")
    answer = webshop.capture(payment)
    assert (answer.status_code, answer.json()["code"]) == (409, "payment_not_authorised")
    assert webshop.capture(payment, 0).status_code == 422
    prove()


def test_cancelling_releases_all_of_it_and_there_never_was_a_sale(
    webshop: Webshop, shopper: Shopper
) -> None:
    payment = webshop.asked(capture="manual")
    shopper.authorises(payment)
    told = webshop.cancel(payment).json()
    assert (told["state"], told["captured"], told["released"]) == ("cancelled", 0, DUE)
    assert sales() == [("cancelled", DUE, 0)]
    assert set_aside() == [(DUE, 0, True)]
    assert webshop.capture(payment).status_code == 409
    assert taken() == []
    prove()


def test_cancelling_the_rest_closes_the_sale_for_what_was_captured(
    webshop: Webshop, shopper: Shopper
) -> None:
    payment = webshop.asked(capture="manual")
    shopper.authorises(payment)
    webshop.capture(payment, 1_299)
    told = webshop.cancel(payment).json()
    assert (told["state"], told["captured"], told["released"]) == ("captured", 1_299, 2_995)
    assert sales() == [("closed", 1_299, 2_995)]
    sale = webshop.get(f"sales/{told['sale']}").json()
    assert sum(line["paid"] for line in sale["lines"]) == 1_299
    assert {why["text"] for line in sale["lines"] for why in line["discounts"]} == {"Niet geleverd"}
    assert taken() == [1_299]
    assert held(owed_by(shopper.account)) == -1_299
    settle_events()
    prove()


def test_what_nobody_captures_in_a_week_is_released(webshop: Webshop, shopper: Shopper) -> None:
    payment = webshop.asked(capture="manual")
    shopper.authorises(payment)
    assert pass_time(payment, timedelta(days=6)) == 0
    assert pass_time(payment, timedelta(days=8)) == 1
    assert payment.state == "expired"
    assert set_aside() == [(DUE, 0, True)]
    assert sales() == [("cancelled", DUE, 0)]
    prove()


def test_a_capture_after_the_week_is_told_that_it_has_ended_before_the_sweep_has_been(
    webshop: Webshop, shopper: Shopper
) -> None:
    """Not that it was paid: a shop would think that it has the money."""
    payment = webshop.asked(capture="manual")
    shopper.authorises(payment)
    later = clock.now() + timedelta(days=8)
    with clock.told_by(lambda: later):
        answer = webshop.capture(payment)
    assert (answer.status_code, answer.json()["code"]) == (409, "payment_ended")
    assert answer.json()["state"] == "expired"
    assert (taken(), set_aside()) == ([], [(DUE, 0, False)])
    prove()


def test_the_rest_of_what_was_captured_in_part_is_released_after_a_week(
    webshop: Webshop, shopper: Shopper
) -> None:
    payment = webshop.asked(capture="manual")
    shopper.authorises(payment)
    webshop.capture(payment, 1_299)
    assert pass_time(payment, timedelta(days=8)) == 1
    assert (payment.state, payment.captured) == ("captured", 1_299)
    assert taken() == [1_299]
    prove()


def test_what_is_captured_on_another_day_counted_when_it_was_confirmed(
    webshop: Webshop, shopper: Shopper
) -> None:
    payment = webshop.asked(capture="manual")
    shopper.authorises(payment)
    other = webshop.asked(amount=500, description="Lintje", expires_in=200_000)
    shopper.opens(other)

    tomorrow = clock.now() + timedelta(days=1)
    with merchant_scope(payment.merchant_id):
        capture_payment(payment=payment, amount=None, now=tomorrow, actor=SYSTEM)
    shopper.confirm(other, 500, now=tomorrow)

    assert sorted(taken()) == [500, DUE]
    prove()
