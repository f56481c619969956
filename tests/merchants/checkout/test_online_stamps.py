"""Stamps online: held with the money set aside, kept when it is taken, else off the card."""

import pytest

from loyalty.models import MemberStamps, OfferKind
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Channel
from tests.loyalty.bakery import Bakery
from tests.merchants.checkout.webshop import Shopper, Webshop
from tests.support.counter import BREAD
from tests.support.proofs import prove
from tests.support.world import World

pytestmark = pytest.mark.django_db


def on_cards() -> list[int]:
    with operator_scope("the tests look"):
        return list(MemberStamps.objects.values_list("count", flat=True))


def test_a_webshop_holds_stamps_with_the_money_and_frees_them(
    world: World, bakery: Bakery, shopper: Shopper
) -> None:
    bakery.offer(kind=OfferKind.STAMPS, percentage_bp=10_000, pieces=2)
    bakery.join(shopper.person)
    place = world.bol.open("site", "Webshop", Channel.ONLINE)
    site = Webshop(place, place.key)
    two = [{**BREAD, "quantity": 3, "category": "brood"}]
    payment = site.asked(lines=two, capture="manual")
    shopper.authorises(payment, 840)
    assert on_cards() == [1]
    prove()
    assert site.cancel(payment).status_code == 200
    assert on_cards() == [0]
    prove()
    again = site.asked(lines=two, capture="manual")
    shopper.authorises(again, 840)
    assert site.capture(again).status_code == 201
    assert on_cards() == [1]
    prove()
