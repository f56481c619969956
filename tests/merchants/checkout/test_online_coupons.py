"""A kept coupon online: held with the money set aside, used when it is taken, else free again."""

from datetime import timedelta

import pytest

from loyalty.actions.keep_coupon import keep_coupon
from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.parties.models import Channel
from tests.loyalty.bakery import Bakery
from tests.loyalty.coupons import SPRING, left, listed, uses
from tests.merchants.checkout.webshop import Shopper, Webshop, pass_time
from tests.support.counter import BREAD, Counter
from tests.support.proofs import prove
from tests.support.world import World

pytestmark = pytest.mark.django_db

BREADS = {**BREAD, "category": "brood"}
DEAR, CHEAP = 840, 756


@pytest.fixture
def site(world: World, bakery: Bakery) -> Webshop:
    """The bakery's own webshop."""
    place = world.bol.open("site", "Webshop", Channel.ONLINE)
    return Webshop(place, place.key)


@pytest.fixture
def keeper(shopper: Shopper, bakery: Bakery) -> Shopper:
    """Alice, with a coupon in her wallet."""
    listed(bakery)
    keep_coupon(
        person_id=shopper.person.pk,
        code=SPRING,
        merchant_reference=None,
        actor=SYSTEM,
        now=clock.now(),
    )
    return shopper


def test_what_is_taken_at_once_uses_the_coupon(site: Webshop, keeper: Shopper) -> None:
    payment = site.asked(lines=[BREADS])
    page = keeper.opens(payment).content.decode()
    assert "€7.56" in page
    assert "10% off bread" in page
    assert left() == (1, 1)
    keeper.authorises(payment, CHEAP)
    assert (left(), uses()) == ((0, 1), [(84, False)])
    prove()


def test_what_is_set_aside_holds_the_coupon_and_the_end_decides(
    site: Webshop, keeper: Shopper, counter: Counter
) -> None:
    payment = site.asked(lines=[BREADS], capture="manual")
    keeper.authorises(payment, CHEAP)
    assert (left(), uses()) == ((0, 1), [(84, False)])
    assert counter.sell(None, coupons=[SPRING]).json()["code"] == "coupon_used"
    prove()
    assert site.capture(payment).status_code == 201
    assert (left(), uses()) == ((0, 1), [(84, False)])
    prove()


def test_a_payment_that_is_given_up_frees_the_coupon(
    site: Webshop, keeper: Shopper, counter: Counter
) -> None:
    payment = site.asked(lines=[BREADS], capture="manual")
    keeper.authorises(payment, CHEAP)
    assert site.cancel(payment).status_code == 200
    assert (left(), uses()) == ((1, 1), [])
    prove()
    assert counter.sell(None, coupons=[SPRING]).json()["verdict"] == "happened"


def test_a_payment_whose_time_is_over_frees_the_coupon(site: Webshop, keeper: Shopper) -> None:
    payment = site.asked(lines=[BREADS], capture="manual")
    keeper.authorises(payment, CHEAP)
    assert pass_time(payment, timedelta(days=400)) == 1
    assert (left(), uses()) == ((1, 1), [])
    prove()


def test_a_coupon_that_was_used_meanwhile_is_told_before_money_moves(
    site: Webshop, keeper: Shopper, counter: Counter
) -> None:
    payment = site.asked(lines=[BREADS])
    keeper.opens(payment)
    counter.sell(None, coupons=[SPRING])
    answer = keeper.pays(payment, CHEAP)
    assert "The amount has changed" in answer.content.decode()
    keeper.authorises(payment, DEAR)
    assert uses() == [(84, False)]


def test_a_code_typed_in_the_webshop_counts_for_whoever_pays(
    site: Webshop, bakery: Bakery, shopper: Shopper
) -> None:
    listed(bakery)
    payment = site.asked(lines=[BREADS], coupons=["lente-26"], capture="manual")
    assert "€7.56" in shopper.opens(payment).content.decode()
    shopper.authorises(payment, CHEAP)
    assert left() == (0, 1)
    assert site.cancel(payment).status_code == 200
    assert (left(), uses()) == ((1, 1), [])
    prove()


def test_a_wrong_code_in_the_webshop_asks_nobody_for_money(
    site: Webshop, bakery: Bakery, shopper: Shopper, counter: Counter
) -> None:
    listed(bakery)
    refused = site.ask(lines=[BREADS], coupons=["LENTE27"])
    assert (refused.status_code, refused.json()["code"]) == (422, "coupon_unknown")
    assert refused.json()["field"] == "coupons.0"
    payment = site.asked(lines=[BREADS], coupons=[SPRING])
    counter.sell(None, coupons=[SPRING])
    refused = site.ask(lines=[BREADS], coupons=[SPRING])
    assert (refused.status_code, refused.json()["code"]) == (409, "coupon_used")
    assert "€8.40" in shopper.opens(payment).content.decode()
    shopper.authorises(payment, DEAR)
    assert uses() == [(84, False)]


def test_wrong_codes_of_some_shoppers_close_the_webshop_to_nobody(
    site: Webshop, bakery: Bakery
) -> None:
    listed(bakery)
    for guess in range(20):
        refused = site.ask(lines=[BREADS], coupons=[f"LENTE{guess}"])
        assert refused.json()["code"] == "coupon_unknown"
    assert site.ask(lines=[BREADS], coupons=[SPRING]).status_code == 201
