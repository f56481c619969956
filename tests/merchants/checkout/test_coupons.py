"""Coupons at the till: what a code opens, what is refused and why, and what stays as it was."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from loyalty.actions.pause_offer import pause_offer
from loyalty.actions.put_offer import put_offer
from loyalty.models import Target
from tests.loyalty.bakery import BREAD, Bakery
from tests.loyalty.coupons import SPRING, left, listed, uses
from tests.support.counter import Counter, basket, paying
from tests.support.world import NOW, World

pytestmark = pytest.mark.django_db


def test_a_code_opens_its_offer_once(bakery: Bakery, counter: Counter) -> None:
    listed(bakery)
    assert counter.sell(None).json()["discount"] == 0
    sold = counter.sell(None, coupons=["lente-26"]).json()
    assert (sold["gross"], sold["discount"], sold["due"]) == (1_100, 84, 1_016)
    assert sold["coupons"] == [{"code": SPRING, "text": "10 % op brood", "amount": 84}]
    (reason,) = sold["lines"][0]["discounts"]
    assert (reason["text"], reason["because"]) == ("10 % op brood", "met uw coupon")
    assert left() == (0, 1)
    assert uses() == [(84, False)]
    refused = counter.sell(None, coupons=[SPRING])
    assert (refused.status_code, refused.json()["code"]) == (409, "coupon_used")
    assert (refused.json()["field"], refused.json()["verdict"]) == ("coupons.0", "still_open")
    assert uses() == [(84, False)]


def test_a_quote_uses_nothing_up_and_its_payment_does(bakery: Bakery, counter: Counter) -> None:
    listed(bakery)
    uuid = uuid4()
    quoted = counter.put(uuid, basket(coupons=[SPRING])).json()
    assert (quoted["due"], quoted["coupons"][0]["amount"]) == (1_016, 84)
    assert counter.get(uuid).json()["coupons"] == quoted["coupons"]
    assert left() == (1, 1)
    paid = counter.pay(uuid, {"revision": 1, **paying("pin")}).json()
    assert (paid["verdict"], paid["due"], left()) == ("happened", 1_016, (0, 1))
    # Said again it is the same sale, though the code is used up by now.
    assert counter.pay(uuid, {"revision": 1, **paying("pin")}).json()["due"] == 1_016
    assert counter.put(uuid, basket(coupons=[SPRING])).json()["verdict"] == "happened"
    assert counter.get(uuid).json()["coupons"] == quoted["coupons"]
    assert uses() == [(84, False)]


def test_a_code_that_another_till_used_between_quote_and_payment_changes_the_price(
    bakery: Bakery, counter: Counter
) -> None:
    listed(bakery)
    uuid = uuid4()
    counter.put(uuid, basket(coupons=[SPRING]))
    counter.sell(None, coupons=[SPRING])
    refused = counter.pay(uuid, {"revision": 1, **paying("pin")}).json()
    assert (refused["code"], refused["verdict"]) == ("coupon_used", "still_open")
    without = counter.put(uuid, basket(revision=2)).json()
    assert without["due"] == 1_100
    assert uses() == [(84, False)]


def test_tests_do_not_use_up_what_customers_have(bakery: Bakery, world: World) -> None:
    listed(bakery)
    tests = Counter(world.till, world.till.test_key)
    assert tests.sell(None, coupons=[SPRING]).json()["discount"] == 84
    assert left() == (1, 0)


def test_a_code_without_a_limit_goes_on_until_its_offer_ends(
    bakery: Bakery, counter: Counter
) -> None:
    offer_id = bakery.offer(by_code=True, uses=2)
    listed(bakery, offer_id=offer_id, uses_each=None)
    told = [counter.sell(None, coupons=[SPRING]).json() for _customer in range(3)]
    assert [one.get("discount") for one in told] == [84, 84, None]
    assert told[2]["code"] == "coupon_used"
    assert left() == (None, None)


def test_what_a_coupon_cannot_lower_does_not_use_it_up(bakery: Bakery, counter: Counter) -> None:
    listed(bakery)
    coffee = {"sku": "", "name": "Koffie", "unit_price": 260, "vat_rate": 900}
    sold = counter.sell(None, coffee, coupons=[SPRING]).json()
    assert sold["coupons"] == [{"code": SPRING, "text": None, "amount": 0}]
    assert left() == (1, 1)
    assert uses() == []


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ({"last_day": date(2026, 11, 16)}, "coupon_expired"),
        ({"first_day": date(2126, 11, 18)}, "coupon_too_early"),
    ],
)
def test_a_code_counts_on_the_days_of_its_offer(
    bakery: Bakery, counter: Counter, days: Any, code: str
) -> None:
    listed(bakery, offer_id=bakery.offer(by_code=True, **days))
    assert counter.sell(None, coupons=[SPRING]).json()["code"] == code
    assert left() == (1, 1)


def test_a_code_of_a_paused_offer_says_so(bakery: Bakery, counter: Counter) -> None:
    offer_id = listed(bakery)
    pause_offer(merchant_id=bakery.merchant_id, offer_id=offer_id, actor=bakery.actor, now=NOW)
    assert counter.sell(None, coupons=[SPRING]).json()["code"] == "coupon_paused"


def test_a_code_of_the_shop_next_door_says_so(
    bakery: Bakery, world: World, counter: Counter
) -> None:
    listed(bakery)
    next_door = Counter(world.gouda, world.gouda.key)
    refused = next_door.sell(None, coupons=[SPRING])
    assert (refused.status_code, refused.json()["code"]) == (422, "coupon_of_another_merchant")
    # It may have the same code for an offer of its own.
    terms = replace(BREAD, target=Target.BASKET, target_references=(), by_code=True)
    offer_id = put_offer(
        merchant_id=world.gouda.merchant.pk, terms=terms, actor=bakery.actor, now=NOW
    )
    assert offer_id
    assert left() == (1, 1)


def test_who_tries_codes_is_stopped_and_other_sales_go_on(bakery: Bakery, counter: Counter) -> None:
    listed(bakery)
    for guess in range(10):
        refused = counter.sell(None, coupons=[f"LENTE{guess}"])
        assert (refused.status_code, refused.json()["code"]) == (422, "coupon_unknown")
    for code in ("LENTE99", SPRING):
        refused = counter.sell(None, coupons=[code])
        assert (refused.status_code, refused.json()["code"]) == (429, "code_throttled")
    assert counter.sell(None).json()["verdict"] == "happened"
    assert left() == (1, 1)


def test_two_codes_of_one_offer_count_as_one(bakery: Bakery, counter: Counter) -> None:
    offer_id = listed(bakery, SPRING, "LENTE27")
    assert offer_id
    sold = counter.sell(None, coupons=[SPRING, "LENTE27"]).json()
    assert [one["amount"] for one in sold["coupons"]] == [84, 0]
    assert (left(), left("LENTE27")) == ((0, 1), (1, 1))
