"""Many tills of one family at once: the last points of the pool pay one sale, and nobody waits."""

import pytest

from loyalty.actions.leave_pool import NotInPool
from loyalty.actions.settle import PointsGone, PointsMoved
from loyalty.models import Expiry
from okplatform.kernel import relay
from okplatform.kernel.errors import Refusal
from okplatform.parties.models import Person
from tests.loyalty.bakery import Bakery
from tests.loyalty.lots import left, publish
from tests.loyalty.pools import allow, bring_in, leave
from tests.loyalty.spending import member_with, open_spending, spends, wish
from tests.support.proofs import prove
from tests.support.races import AT_ONCE, all_at_once

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def test_the_last_points_of_a_pool_pay_one_of_sixty_four_sales(
    bakery: Bakery, alice: Person, bob: Person
) -> None:
    publish(bakery, Expiry.DAYS, 10)
    open_spending(bakery)
    allow(bakery)
    pair = member_with(bakery, alice, 60), member_with(bakery, bob, 60)
    bring_in(*pair)
    for member in pair:
        wish(member)
    prices = [bakery.price(1_000, person) for person in (alice, bob)]
    assert [one.quote.spent for one in prices] == [(100, 100)] * 2

    def sell(number: int) -> str:
        try:
            bakery.settle(prices[number % 2], (alice, bob)[number % 2])
        except (PointsGone, PointsMoved) as refusal:
            return refusal.code
        return "paid"

    assert all_at_once(sell) == {"paid": 1, "points_gone": AT_ONCE - 1}
    assert spends() == [(100, 100, "spent", 0)]
    assert sum(left(alice)) + sum(left(bob)) == 20 + 9
    relay.drain()
    prove()


def test_spending_and_leaving_at_once_lose_nothing(
    bakery: Bakery, alice: Person, bob: Person
) -> None:
    open_spending(bakery)
    allow(bakery)
    pair = member_with(bakery, alice, 500), member_with(bakery, bob, 900)
    bring_in(*pair)
    for member in pair:
        wish(member)
    prices = [bakery.price(1_400, person) for person in (alice, bob)]
    assert [one.quote.spent for one in prices] == [(700, 700)] * 2

    def act(number: int) -> str:
        try:
            if number == AT_ONCE // 2:
                leave(pair[0])
                return "left"
            bakery.settle(prices[number % 2], (alice, bob)[number % 2])
        except (PointsGone, PointsMoved, NotInPool) as refusal:
            return refusal.code
        return "paid"

    found = all_at_once(act)
    assert found["left"] == 1
    assert found["paid"] == len(spends()) in {1, 2}
    assert set(found) <= {"left", "paid", "points_gone", "points_moved"}
    relay.drain()
    prove()


def test_coming_and_going_at_once_loses_nothing_and_waits_for_nobody(
    bakery: Bakery, alice: Person, bob: Person
) -> None:
    allow(bakery)
    pair = member_with(bakery, alice, 500), member_with(bakery, bob, 500)

    def act(number: int) -> str:
        keeper, other = pair if number % 2 else pair[::-1]
        try:
            if number % 4 < 2:
                bring_in(keeper, other)
                return "in"
            leave(keeper)
        except Refusal as refusal:
            return refusal.code
        return "left"

    found = all_at_once(act)
    assert set(found) <= {
        "in",
        "left",
        "not_in_pool",
        "pool_ask_gone",
        "in_another_pool",
        "already_in_pool",
        "pool_is_of_another",
        "points_cannot_be_pooled",
    }
    assert sum(bakery.points(person) or 0 for person in (alice, bob)) == 1_000
    relay.drain()
    prove()
