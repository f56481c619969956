"""Tills of two shops at once for the last points of one person: exactly one has them."""

import pytest

from loyalty.actions.settle import PointsGone, PointsMoved
from okplatform.kernel import relay
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from okplatform.trade.models import Sale
from payments.feed import entries_after
from tests.loyalty.bakery import Bakery
from tests.loyalty.pools import allow, bring_in
from tests.loyalty.sharing import Dairy, buys_with, owed, share
from tests.loyalty.spending import member_with, open_spending, spends
from tests.loyalty.spending import wish as wishes
from tests.support.proofs import prove
from tests.support.races import AT_ONCE, all_at_once

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def test_the_last_points_pay_at_one_of_two_shops(
    bakery: Bakery, dairy: Dairy, alice: Person
) -> None:
    open_spending(bakery)
    share(bakery, dairy)
    # 60 here and 70 there: each till needs both for its hundred.
    wishes(member_with(bakery, alice, 60))
    wishes(member_with(dairy, alice, 70))
    both = [(shop, shop.price(1_000, alice)) for shop in (bakery, dairy)]
    assert [priced.quote.spent for _shop, priced in both] == [(100, 100)] * 2

    def sell(number: int) -> str:
        shop, priced = both[number % 2]
        try:
            shop.settle(priced, alice)
        except (PointsGone, PointsMoved) as refusal:
            return refusal.code
        return "paid"

    assert all_at_once(sell) == {"paid": 1, "points_gone": AT_ONCE - 1}
    with operator_scope("the test looks"):
        assert Sale.objects.count() == 3
    assert spends() == [(100, 100, "spent", 0)]
    assert (bakery.points(alice) or 0) + (dairy.points(alice) or 0) == 30 + 9
    assert owed(bakery) == -owed(dairy)
    assert owed(bakery) in {(100 - 60) * 8 // 10, -((100 - 70) * 8 // 10)}
    relay.drain()
    prove()


def test_families_whose_shops_share_wait_for_nobody(
    bakery: Bakery, dairy: Dairy, alice: Person, bob: Person
) -> None:
    open_spending(bakery)
    share(bakery, dairy)
    # Each has 30 here and 60 there: a hundred takes both shops and the other's.
    for shop, points in ((bakery, 30), (dairy, 60)):
        allow(shop)
        pair = member_with(shop, alice, points), member_with(shop, bob, points)
        bring_in(*pair)
        for member in pair:
            wishes(member)
    tills = [
        (shop, person, shop.price(1_000, person))
        for person in (alice, bob)
        for shop in (bakery, dairy)
    ]
    assert [priced.quote.spent for *_till, priced in tills] == [(100, 100)] * 4

    def sell(number: int) -> str:
        shop, person, priced = tills[number % 4]
        try:
            shop.settle(priced, person)
        except (PointsGone, PointsMoved) as refusal:
            return refusal.code
        return "paid"

    assert all_at_once(sell) == {"paid": 1, "points_gone": AT_ONCE - 1}
    assert spends() == [(100, 100, "spent", 0)]
    everybody = [shop.points(person) or 0 for shop, person, _priced in tills]
    assert sum(everybody) == 2 * (30 + 60) - 100 + 9
    relay.drain()
    prove()


def test_no_feed_tells_when_points_were_spent_at_another_shop(
    bakery: Bakery, dairy: Dairy, alice: Person
) -> None:
    share(bakery, dairy)
    member_with(bakery, alice, 250)
    buys_with(dairy, alice, 200)
    for shop in (bakery, dairy):
        assert owed(shop)
        assert not entries_after("", merchant_id=shop.merchant_id, mode="live", most=50)
