"""A member online is a member: the same offers, the same points, also when money comes in parts."""

import pytest
from django.test import Client

from okplatform.kernel.audit import SYSTEM
from okplatform.parties.models import Channel, Person
from tests.loyalty.bakery import Bakery
from tests.merchants.checkout.webshop import Shopper, Webshop, page_of, taken
from tests.payments.books import bank_account
from tests.support.counter import BREAD, let_know, settle_events
from tests.support.proofs import prove
from tests.support.world import World
from wallet.actions.withdraw_consent import withdraw_consent

pytestmark = pytest.mark.django_db

BREADS = {**BREAD, "category": "brood"}
DEAR, CHEAP = 840, 756


@pytest.fixture
def site(world: World, bakery: Bakery) -> Webshop:
    """The bakery's own webshop."""
    place = world.bol.open("site", "Webshop", Channel.ONLINE)
    return Webshop(place, place.key)


@pytest.fixture
def member(shopper: Shopper, bakery: Bakery) -> Shopper:
    bakery.join(shopper.person)
    return shopper


def test_a_member_gets_the_offer_and_the_points(
    site: Webshop, bakery: Bakery, member: Shopper, client: Client
) -> None:
    bakery.offer(members_only=True)
    payment = site.asked(lines=[BREADS])
    client.cookies["django_language"] = "en"
    assert "€8.40" in client.get(page_of(payment)).content.decode()
    page = member.opens(payment).content.decode()
    assert "€7.56" in page
    assert "10% off bread" in page
    assert "+ 7 points" in page

    member.authorises(payment, CHEAP)

    told = site.state(payment)
    assert (told["asked"], told["amount"], told["captured"]) == (DEAR, CHEAP, CHEAP)
    assert bakery.points(member.person) == 7
    settle_events()
    prove()


def test_an_offer_that_ended_after_the_page_was_opened_is_told_before_money_moves(
    site: Webshop, bakery: Bakery, member: Shopper
) -> None:
    offer = bakery.offer()
    payment = site.asked(lines=[BREADS])
    member.opens(payment)
    bakery.offer(offer, min_basket=100_000)
    answer = member.pays(payment, CHEAP)
    assert "The amount has changed" in answer.content.decode()
    assert "€8.40" in answer.content.decode()
    assert taken() == []
    member.authorises(payment, DEAR)
    assert taken() == [DEAR]
    prove()


def test_points_come_when_the_sale_closes_and_for_what_was_captured(
    site: Webshop, bakery: Bakery, member: Shopper
) -> None:
    payment = site.asked(lines=[BREADS], capture="manual")
    member.authorises(payment, DEAR)
    assert bakery.points(member.person) == 0
    site.capture(payment, 420)
    site.cancel(payment)
    assert bakery.points(member.person) == 4
    settle_events()
    prove()


def test_points_of_other_sales_in_between_are_not_counted_twice(
    site: Webshop, bakery: Bakery, member: Shopper
) -> None:
    payment = site.asked(lines=[BREADS], capture="manual")
    member.authorises(payment, DEAR)
    bakery.sell(160, member.person)
    site.capture(payment)
    # 8.40 and 1.60 are ten euros.
    assert bakery.points(member.person) == 10
    prove()


def test_the_last_of_an_offer_is_kept_for_who_confirmed_and_given_back_by_a_cancel(
    site: Webshop, bakery: Bakery, member: Shopper, bob: Person
) -> None:
    bakery.offer(uses=1)
    held = site.asked(lines=[BREADS], capture="manual")
    member.authorises(held, CHEAP)
    prove()

    his = Shopper(bob, bank_account(bob, "NL20INGB0001234567"))
    payment = site.asked(lines=[BREADS])
    assert "€8.40" in his.opens(payment).content.decode()

    site.cancel(held)
    prove()
    assert "€7.56" in his.opens(payment).content.decode()
    his.authorises(payment, CHEAP)
    assert taken() == [CHEAP]
    prove()


def test_a_basket_that_costs_a_member_nothing_is_sold_at_once(
    site: Webshop, bakery: Bakery, member: Shopper
) -> None:
    bakery.offer(percentage_bp=10_000)
    payment = site.asked(lines=[BREADS], capture="manual")
    member.authorises(payment, 0)
    told = site.state(payment)
    assert (told["state"], told["amount"], told["captured"]) == ("captured", 0, 0)
    assert taken() == []
    settle_events()
    prove()


def test_the_shop_learns_the_name_by_consent_only(
    site: Webshop, member: Shopper, alice: Person
) -> None:
    payment = site.asked(lines=[BREADS])
    assert "does not see who you are" in member.opens(payment).content.decode()
    let_know(alice, site.place)
    assert "sees your name" in member.opens(payment).content.decode()
    member.authorises(payment, DEAR)
    told = site.state(payment)
    assert "Alice" not in str(told)
    sale = site.get(f"sales/{told['sale']}").json()
    assert sale["member"]["name"] == "Alice Jansen"
    withdraw_consent(
        person_id=alice.pk,
        merchant_id=site.place.merchant.pk,
        purpose="identity",
        actor=SYSTEM,
        now=payment.created_at,
    )
    assert site.get(f"sales/{told['sale']}").json()["member"]["name"] is None
