"""What points had paid for comes back as points, into the lots they came from; never as money."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.models import Expiry, PointsDebt
from merchants.returns.asking import LineAsked
from merchants.returns.refusals import NothingToRefund
from okplatform.kernel import relay
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from okplatform.trade.actions.record_return import MoreThanSold
from okplatform.trade.models import Sale
from tests.loyalty.bakery import SOLD_AT, Bakery
from tests.loyalty.lots import left, lots, publish, turn
from tests.loyalty.spending import member_with, open_spending, spends, wish
from tests.loyalty.test_lot_properties import AN_EXAMPLE_EACH, undone
from tests.payments.refunding import give_back
from tests.support.counter import Counter, show
from tests.support.phone import Phone
from tests.support.proofs import prove

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter(bakery: Bakery) -> Counter:
    return Counter(bakery.world.till, bakery.world.till.key)


def bring(bakery: Bakery, sale_id: int, quantity: int = 1, **other: Any) -> Any:
    return give_back(bakery.world.till, sale_id, lines=[LineAsked(1, quantity)], **other)


def last_sale() -> int:
    with operator_scope("the test looks"):
        return int(Sale.objects.latest("id").pk)


def test_all_of_it_comes_back_as_it_was_paid(bakery: Bakery, alice: Person) -> None:
    open_spending(bakery)
    publish(bakery, Expiry.DAYS, 10)
    wish(member_with(bakery, alice, 1_000))
    sale, points = bakery.sell(1_000, alice)
    assert points == 1_000 - 500 + 5
    back = bring(bakery, sale)
    assert (back.amount, [(one.kind, one.amount) for one in back.tenders]) == (500, [("pin", 500)])
    assert (back.points, back.points_owed, back.points_given_back) == (5, 0, 500)
    assert (bakery.points(alice), left(alice)) == (1_000, [1_000, 0])
    assert spends() == [(500, 500, "spent", 500)]
    with pytest.raises(MoreThanSold):
        bring(bakery, sale)
    relay.drain()
    prove()


def test_a_part_gives_its_part_of_the_points_back(
    bakery: Bakery, counter: Counter, alice: Person, phone: Phone
) -> None:
    open_spending(bakery)
    member_with(bakery, alice, 1_000)
    bread = {"sku": "desem", "name": "Brood", "quantity": 3, "unit_price": 333, "vat_rate": 900}
    sold = counter.sell(None, bread, code=show(phone), points=400).json()
    assert (sold["due"], sold["points_spent"]["points"]) == (599, 400)
    found = [bring(bakery, last_sale()) for _loaf in range(3)]
    assert [one.points_given_back for one in found] == [133, 134, 133]
    assert sum(one.amount for one in found) == 599
    assert bakery.points(alice) == 1_000
    prove()


def test_goods_that_points_paid_in_full_come_back_without_money(
    bakery: Bakery, alice: Person
) -> None:
    open_spending(bakery, most_bp=10_000)
    wish(member_with(bakery, alice, 1_000))
    sale, points = bakery.sell(1_000, alice)
    assert points == 0
    back = bring(bakery, sale)
    assert (back.amount, back.tenders, back.points_given_back) == (0, [], 1_000)
    assert bakery.points(alice) == 1_000
    relay.drain()
    prove()


def test_what_cost_nothing_and_took_no_points_is_still_nothing_to_refund(
    bakery: Bakery, alice: Person
) -> None:
    bakery.offer(percentage_bp=10_000)
    sale, _points = bakery.sell(1_000, alice)
    with pytest.raises(NothingToRefund):
        bring(bakery, sale)


def test_points_that_ended_meanwhile_come_back_for_days_of_grace(
    bakery: Bakery, alice: Person
) -> None:
    open_spending(bakery, grace_days=5)
    publish(bakery, Expiry.DAYS, 10)
    wish(member_with(bakery, alice, 500))
    sale, _points = bakery.sell(1_000, alice)
    later = SOLD_AT + timedelta(days=20)
    turn(later)
    assert bakery.points(alice) == 0
    back = bring(bakery, sale, now=later)
    assert back.points_given_back == 500
    # The five that the sale had earned had ended too: nobody is asked for them again.
    assert (back.points, back.points_owed) == (5, 0)
    assert bakery.points(alice) == 500
    turn(later + timedelta(days=4))
    assert bakery.points(alice) == 500
    turn(later + timedelta(days=7))
    assert bakery.points(alice) == 0
    relay.drain()
    prove()


def test_what_comes_back_pays_what_was_owed_first(bakery: Bakery, alice: Person) -> None:
    open_spending(bakery, most_bp=10_000)
    member = member_with(bakery, alice, 500)
    earned, _points = bakery.sell(50_000, alice)
    wish(member)
    sale, points = bakery.sell(100_000, alice)
    assert points == 990
    taken = bring(bakery, earned)
    assert (taken.points, taken.points_owed) == (500, 0)
    wish(member)
    bakery.sell(400, alice)
    left_over = bakery.points(alice) or 0
    back = bring(bakery, sale)
    assert back.points_given_back == 1_000
    assert bakery.points(alice) == left_over + 1_000 - 990
    with operator_scope("the test looks"):
        assert not PointsDebt.objects.filter(outstanding__gt=0).exists()
    relay.drain()
    prove()


def test_a_lower_price_keeps_points_spent(bakery: Bakery, alice: Person) -> None:
    open_spending(bakery)
    wish(member_with(bakery, alice, 1_000))
    sale, _points = bakery.sell(1_000, alice)
    back = give_back(bakery.world.till, sale, 500, uuid=uuid4())
    assert (back.amount, back.points_given_back) == (500, 0)
    again = bring(bakery, sale)
    assert (again.amount, again.tenders, again.points_given_back) == (0, [], 500)
    prove()


@given(
    earned=st.lists(st.tuples(st.integers(1, 400), st.integers(1, 90)), min_size=1, max_size=4),
    gross=st.integers(1, 9_000),
    asked=st.integers(1, 1_500),
    most_bp=st.integers(1, 10_000),
    rate=st.tuples(st.integers(1, 20), st.integers(1, 300)),
)
@settings(max_examples=40, **AN_EXAMPLE_EACH)
def test_selling_and_bringing_all_back_changes_nothing(
    bakery: Bakery,
    alice: Person,
    earned: list[tuple[int, int]],
    gross: int,
    asked: int,
    most_bp: int,
    rate: tuple[int, int],
) -> None:
    with undone():
        points, amount = rate
        open_spending(
            bakery, points=points, amount=amount, step=points, minimum=points, most_bp=most_bp
        )
        publish(bakery, Expiry.DAYS, 1)
        member = bakery.join(alice)
        for number, (given_points, days) in enumerate(earned):
            publish(bakery, Expiry.DAYS, days)
            bakery.sell(100 * given_points, alice, at=SOLD_AT + timedelta(minutes=number))
        before = (bakery.points(alice), left(alice), [lot.expires_at for lot in lots(alice)])
        wish(member, asked)
        at = SOLD_AT + timedelta(hours=1)
        priced = bakery.price(gross, alice, now=at)
        spent = priced.quote.spent
        assert priced.quote.due >= 0
        if spent:
            assert spent.points <= min(asked, before[0] or 0)
            assert spent.amount <= gross * most_bp // 10_000
        sale, _points = bakery.settle(priced, alice, at=at)
        back = bring(bakery, sale, now=at + timedelta(hours=1))
        assert back.amount == priced.quote.due
        assert back.points_given_back == (spent.points if spent else 0)
        after = lots(alice)[: len(earned)]
        assert bakery.points(alice) == before[0]
        assert [lot.remaining for lot in after] == before[1]
        assert [lot.expires_at for lot in after] == before[2]
        relay.drain()
        prove()
