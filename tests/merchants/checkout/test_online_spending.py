"""Points chosen on the phone, online: set aside with the money, then spent, or free again."""

from datetime import timedelta

import pytest

from loyalty.models import Expiry
from okplatform.kernel import clock, relay
from okplatform.parties.models import Channel
from tests.loyalty.bakery import Bakery
from tests.loyalty.lots import left, publish, turn
from tests.loyalty.pools import allow, bring_in, draws, told
from tests.loyalty.spending import held, member_with, open_spending, spends, wish, wishes
from tests.merchants.checkout.webshop import Shopper, Webshop, pass_time
from tests.support.counter import BREAD
from tests.support.proofs import prove
from tests.support.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(world: World, bakery: Bakery) -> Webshop:
    """The bakery's own webshop."""
    place = world.bol.open("site", "Webshop", Channel.ONLINE)
    return Webshop(place, place.key)


@pytest.fixture
def saver(shopper: Shopper, bakery: Bakery) -> Shopper:
    """Alice, who wants to pay with all of her 450 points."""
    open_spending(bakery)
    wish(member_with(bakery, shopper.person, 450))
    return shopper


def test_what_is_taken_at_once_spends_the_points(
    site: Webshop, saver: Shopper, bakery: Bakery
) -> None:
    payment = site.asked(lines=[BREAD])
    page = saver.opens(payment).content.decode()
    assert "€4.40" in page
    assert "Paid with points" in page
    assert (wishes(), spends()) == ([None], [])
    saver.authorises(payment, 440)
    assert (wishes(), spends()) == ([], [(400, 400, "spent", 0)])
    assert (bakery.points(saver.person), held(saver.person)) == (50 + 4, 0)
    prove()


def test_what_is_set_aside_holds_the_points_and_the_capture_spends_them(
    site: Webshop, saver: Shopper, bakery: Bakery
) -> None:
    payment = site.asked(lines=[BREAD], capture="manual")
    saver.authorises(payment, 440)
    assert spends() == [(400, 400, "held", 0)]
    assert (bakery.points(saver.person), held(saver.person)) == (50, 400)
    prove()
    assert site.capture(payment).status_code == 201
    assert spends() == [(400, 400, "spent", 0)]
    assert (bakery.points(saver.person), held(saver.person)) == (54, 0)
    prove()


def test_a_payment_that_is_given_up_gives_the_points_back(
    site: Webshop, saver: Shopper, bakery: Bakery
) -> None:
    payment = site.asked(lines=[BREAD], capture="manual")
    saver.authorises(payment, 440)
    assert site.cancel(payment).status_code == 200
    assert spends() == [(400, 400, "released", 400)]
    assert (bakery.points(saver.person), held(saver.person)) == (450, 0)
    prove()


def test_a_payment_whose_time_is_over_gives_the_points_back(
    site: Webshop, saver: Shopper, bakery: Bakery
) -> None:
    payment = site.asked(lines=[BREAD], capture="manual")
    saver.authorises(payment, 440)
    assert pass_time(payment, timedelta(days=400)) == 1
    assert (bakery.points(saver.person), held(saver.person)) == (450, 0)
    prove()


def test_what_was_not_captured_gives_its_part_of_the_points_back(
    site: Webshop, saver: Shopper, bakery: Bakery
) -> None:
    payment = site.asked(lines=[BREAD], capture="manual")
    saver.authorises(payment, 440)
    assert site.capture(payment, 110).status_code == 201
    assert site.cancel(payment).status_code == 200
    assert spends() == [(400, 400, "spent", 300)]
    assert (bakery.points(saver.person), held(saver.person)) == (350 + 1, 0)
    prove()


def test_points_in_lots_are_held_and_come_back_where_they_lay(
    site: Webshop, shopper: Shopper, bakery: Bakery
) -> None:
    open_spending(bakery, grace_days=3)
    publish(bakery, Expiry.DAYS, 10)
    wish(member_with(bakery, shopper.person, 450))
    payment = site.asked(lines=[BREAD], capture="manual")
    shopper.authorises(payment, 440)
    assert (left(shopper.person), held(shopper.person)) == ([50], 400)
    relay.drain()
    prove()
    # What is held does not end; what comes back after its end has days of grace.
    assert pass_time(payment, timedelta(days=400)) == 1
    later = clock.now() + timedelta(days=400)
    assert (left(shopper.person), held(shopper.person)) == ([450], 0)
    relay.drain()
    prove()
    turn(later + timedelta(days=30))
    assert bakery.points(shopper.person) == 0
    relay.drain()
    prove()


def test_what_the_family_lent_comes_back_to_who_drew_it(
    site: Webshop, saver: Shopper, bakery: Bakery, world: World
) -> None:
    allow(bakery)
    pair = bakery.join(saver.person), member_with(bakery, world.bob, 250)
    bring_in(*pair)
    payment = site.asked(lines=[BREAD, BREAD], capture="manual")
    saver.authorises(payment, 980)
    assert spends() == [(700, 700, "held", 0)]
    assert (bakery.points(world.bob), held(saver.person), draws()) == (0, 700, [("spent", 250)])
    prove()
    assert site.cancel(payment).status_code == 200
    assert (bakery.points(saver.person), bakery.points(world.bob)) == (700, 0)
    assert [one[3] for one in told(pair[0])] == [450, 250]
    prove()
    wish(pair[0], 600)
    again = site.asked(lines=[BREAD, BREAD], capture="manual")
    saver.authorises(again, 1_080)
    bring_in(bakery.join(world.sam), bakery.join(world.olga))
    assert site.capture(again).status_code == 201
    assert draws() == [("spent", 250)]
    prove()
