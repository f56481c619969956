"""Sixty-four tills at once for the last points: one sale takes them, nothing is half done."""

import pytest

from loyalty.actions.donate_points import donate_points
from loyalty.actions.settle import PointsGone, PointsMoved
from loyalty.models import Expiry, RewardKind
from okplatform.kernel import relay
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from okplatform.trade.models import Sale
from tests.loyalty.bakery import SOLD_AT, Bakery
from tests.loyalty.lots import left, publish
from tests.loyalty.spending import member_with, open_spending, reward, spends, wish, wishes
from tests.support.counter import Counter, show, with_bank_account
from tests.support.proofs import prove
from tests.support.races import AT_ONCE, all_at_once

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def test_the_last_points_pay_one_of_sixty_four_sales(bakery: Bakery, alice: Person) -> None:
    publish(bakery, Expiry.DAYS, 10)
    open_spending(bakery)
    wish(member_with(bakery, alice, 199))
    priced = bakery.price(1_000, alice)
    assert (priced.quote.due, priced.quote.spent) == (900, (100, 100))

    def sell(_number: int) -> str:
        try:
            bakery.settle(priced, alice)
        except (PointsGone, PointsMoved) as refusal:
            return refusal.code
        return "paid"

    assert all_at_once(sell) == {"paid": 1, "points_gone": AT_ONCE - 1}
    with operator_scope("the test looks"):
        assert Sale.objects.count() == 2
    assert (spends(), wishes()) == ([(100, 100, "spent", 0)], [])
    assert sum(left(alice)) == bakery.points(alice) == 99 + 9
    relay.drain()
    prove()


def test_of_sixty_four_tills_that_ask_for_them_each_gets_what_is_there(
    bakery: Bakery, alice: Person
) -> None:
    open_spending(bakery)
    member_with(bakery, alice, 330)
    phone = with_bank_account(alice)
    codes = [show(phone) for _handle in phone.handles[:AT_ONCE]]

    def sell(number: int) -> str:
        till = Counter(bakery.world.till, bakery.world.till.key)
        body = {"points": 100, "code": codes[number % len(codes)]}
        told = till.sell(None, **body).json()
        return str(told.get("code", told["verdict"]))

    found = all_at_once(sell)
    assert found["happened"] == len(spends()) == 3
    assert set(found) <= {"happened", "points_not_spendable", "code_used"}
    assert bakery.points(alice) == 30 + 3 * 10
    relay.drain()
    prove()


def test_the_last_points_are_given_to_charity_once(bakery: Bakery, alice: Person) -> None:
    number = reward(bakery, RewardKind.DONATION, cost=100)
    member = member_with(bakery, alice, 150)

    def give(_number: int) -> str:
        try:
            donate_points(
                member_id=member.pk,
                person_id=alice.pk,
                reward_id=number,
                actor=SYSTEM,
                now=SOLD_AT,
            )
        except PointsGone as refusal:
            return refusal.code
        return "given"

    assert all_at_once(give) == {"given": 1, "points_gone": AT_ONCE - 1}
    assert bakery.points(alice) == 50
    relay.drain()
    prove()
