"""Rewards in a sale: what each kind takes off, who cannot have one, and what stays as it was."""

from uuid import uuid4

import pytest

from loyalty.actions.put_reward import turn_reward
from loyalty.models import OfferState, RewardKind, Target
from merchants.returns.asking import LineAsked
from okplatform.kernel import relay
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Channel, Person
from okplatform.trade.models import Sale
from tests.loyalty.bakery import Bakery
from tests.loyalty.spending import (
    choose_reward,
    held,
    member_with,
    open_spending,
    reward,
    spends,
    wish,
    wishes,
)
from tests.merchants.checkout.webshop import Shopper, Webshop
from tests.payments.refunding import give_back
from tests.support.counter import BREAD, Counter, basket, paying, show
from tests.support.phone import Phone
from tests.support.proofs import prove
from tests.support.world import NOW, World

pytestmark = pytest.mark.django_db

BREADS = {**BREAD, "category": "brood"}
DELIVERY = {"sku": "bezorgen", "name": "Bezorgen", "unit_price": 395, "vat_rate": 2_100}


def test_a_reward_asked_for_at_the_till_takes_money_off(
    bakery: Bakery, counter: Counter, alice: Person, phone: Phone
) -> None:
    number = reward(bakery)
    member_with(bakery, alice, 1_000)
    uuid = uuid4()
    quoted = counter.put(uuid, basket(code=show(phone))).json()
    assert quoted["rewards"] == [
        {"reward": number, "text": "Beloning: € 5 korting", "points": 400, "amount": 500}
    ]
    assert (quoted["due"], quoted["points_spendable"]) == (1_100, None)
    again = counter.put(uuid, basket(revision=2, reward=number)).json()
    assert (again["due"], again["points_spent"]) == (600, {"points": 400, "amount": 500})
    assert spends() == []
    paid = counter.pay(uuid, {"revision": 2, **paying()}).json()
    assert (paid["verdict"], paid["due"], paid["rewards"]) == ("happened", 600, [])
    assert bakery.points(alice) == 1_000 - 400 + 6
    assert spends() == [(400, 500, "spent", 0)]
    prove()


def test_a_reward_chosen_on_the_phone_comes_with_the_scan_and_back_with_the_goods(
    bakery: Bakery, counter: Counter, alice: Person, phone: Phone
) -> None:
    number = reward(
        bakery, RewardKind.PRODUCT, target=Target.CATEGORIES, target_references=("eten",)
    )
    choose_reward(member_with(bakery, alice, 1_000), number)
    # One of two loaves is free: bread lies below food.
    sold = counter.sell(phone, BREADS).json()
    assert (sold["due"], sold["points_spent"]) == (420, {"points": 400, "amount": 420})
    assert wishes() == []
    with operator_scope("the test looks"):
        sale = Sale.objects.latest("id").pk
    relay.drain()
    back = give_back(bakery.world.till, sale, lines=[LineAsked(1, 2)])
    assert (back.amount, back.points_given_back) == (420, 400)
    assert bakery.points(alice) == 1_000
    relay.drain()
    prove()


def test_delivery_is_free_online_only(
    world: World, bakery: Bakery, counter: Counter, shopper: Shopper
) -> None:
    place = world.bol.open("site", "Webshop", Channel.ONLINE)
    site = Webshop(place, place.key)
    number = reward(bakery, RewardKind.DELIVERY, target_references=("bezorgen",))
    choose_reward(member_with(bakery, shopper.person, 1_000), number)
    phone = Phone.of(shopper.person, now=NOW, funding_ref=shopper.account.pk)
    assert counter.sell(phone, BREADS, DELIVERY).json()["points_spent"] is None
    payment = site.asked(lines=[BREADS, DELIVERY], capture="manual")
    assert "Reward: €5 off" in shopper.opens(payment).content.decode()
    shopper.authorises(payment, 840)
    assert (held(shopper.person), spends()) == (400, [(400, 395, "held", 0)])
    assert site.cancel(payment).status_code == 200
    assert (held(shopper.person), spends()) == (0, [(400, 395, "released", 400)])
    relay.drain()
    prove()


def test_what_cannot_be_had_is_refused_and_nothing_happens(
    bakery: Bakery, counter: Counter, alice: Person, phone: Phone
) -> None:
    dear, large = reward(bakery, cost=2_000), reward(bakery, amount=1_200)
    gift = reward(bakery, RewardKind.DONATION)
    paused = reward(bakery)
    turn_reward(
        merchant_id=bakery.merchant_id,
        reward_id=paused,
        to=OfferState.PAUSED,
        actor=SYSTEM,
        now=NOW,
    )
    member_with(bakery, alice, 1_000)
    for number in (dear, large, gift, paused, paused + 1_000):
        refused = counter.sell(phone, reward=number)
        assert (refused.status_code, refused.json()["code"]) == (409, "reward_not_here")
    assert counter.sell(None, reward=dear).json()["code"] == "points_without_member"
    assert (spends(), bakery.points(alice)) == ([], 1_000)


def test_a_reward_and_points_as_money_exclude_each_other(
    bakery: Bakery, counter: Counter, alice: Person, phone: Phone
) -> None:
    open_spending(bakery)
    number = reward(bakery)
    wish(member_with(bakery, alice, 1_000))
    sold = counter.sell(phone, reward=number).json()
    assert (sold["due"], sold["points_spent"]["points"]) == (600, 400)
    # What was chosen on the phone was for this payment.
    assert wishes() == []
    prove()
