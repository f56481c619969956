"""Points of one shop pay at another that shares them, and their own shop owes the price."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loyalty import circle_invariants
from loyalty.actions.release_offers import release_offers
from loyalty.actions.settle import PointsGone, settle
from loyalty.engine import Settlement
from loyalty.models import Expiry, PointsDraw, RewardKind
from merchants.returns.asking import LineAsked
from okplatform.kernel import db, relay
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from tests.loyalty.bakery import SOLD_AT, Bakery
from tests.loyalty.lots import left, publish
from tests.loyalty.sharing import Dairy, buys_with, owed, share
from tests.loyalty.spending import (
    HELD,
    choose_reward,
    member_with,
    open_spending,
    reward,
    spends,
    wish,
)
from tests.loyalty.test_invariants import plant
from tests.loyalty.test_lot_properties import undone
from tests.payments.refunding import give_back
from tests.support.proofs import prove
from tests.support.world import World

pytestmark = pytest.mark.django_db


def draws() -> list[tuple[int, int]]:
    with operator_scope("the test looks"):
        found = PointsDraw.objects.order_by("sale_id", "giver_id")
        return list(found.values_list("points", "back"))


def test_points_of_one_shop_pay_at_the_other(bakery: Bakery, dairy: Dairy, alice: Person) -> None:
    share(bakery, dairy)
    member_with(bakery, alice, 250)
    wish(dairy.join(alice), 200)
    priced = dairy.price(1_000, alice)
    assert priced.member is not None
    assert (priced.member.points, priced.quote.spendable) == (250, (200, 200))
    _sale, balance = dairy.settle(priced, alice)
    assert balance == 250 - 200 + 8
    assert (spends(), draws()) == ([(200, 200, "spent", 0)], [(200, 0)])
    assert (bakery.points(alice), dairy.points(alice)) == (50, 8)
    assert (owed(bakery), owed(dairy)) == (-160, 160)
    relay.drain()
    prove()


def test_only_what_is_missing_is_drawn(bakery: Bakery, dairy: Dairy, alice: Person) -> None:
    share(bakery, dairy, points=3, amount=1)
    member_with(bakery, alice, 250)
    member_with(dairy, alice, 80)
    buys_with(dairy, alice, 200)
    assert draws() == [(120, 0)]
    assert (bakery.points(alice), dairy.points(alice)) == (130, 8)
    assert owed(dairy) == 40
    # Half a cent up: 92 points are 30.67 cents.
    buys_with(dairy, alice, 100)
    assert (draws(), owed(dairy), owed(bakery)) == ([(120, 0), (92, 0)], 71, -71)
    prove()


def test_who_shares_with_nobody_has_own_points_only(
    bakery: Bakery, dairy: Dairy, alice: Person
) -> None:
    member_with(bakery, alice, 250)
    dairy.join(alice)
    priced = dairy.price(1_000, alice)
    assert priced.member is not None
    assert (priced.member.points, priced.shares) == (0, False)
    share(bakery)
    assert bakery.price(1_000, alice).quote.spendable is None
    assert dairy.price(1_000, alice).quote.spendable is None


def test_nobody_elses_points_count(
    bakery: Bakery, dairy: Dairy, alice: Person, bob: Person, world: World
) -> None:
    share(bakery, dairy)
    member_with(bakery, alice, 250)
    dairy.join(bob)
    assert dairy.price(1_000, bob).quote.spendable is None
    bakery.join(world.tessa)
    bakery.sell(25_000, world.tessa, "test")
    dairy.join(world.tessa)
    seen = dairy.price(1_000, world.tessa, mode="test").member
    assert seen is not None
    assert seen.points == 250
    live = dairy.price(1_000, world.tessa).member
    assert live is None


def test_a_rehearsal_is_owed_in_its_own_books(bakery: Bakery, dairy: Dairy, world: World) -> None:
    share(bakery, dairy)
    bakery.join(world.tessa)
    bakery.sell(25_000, world.tessa, "test")
    wish(dairy.join(world.tessa), 200)
    dairy.settle(dairy.price(1_000, world.tessa, mode="test"), world.tessa, "test")
    assert (owed(dairy), owed(dairy, "test"), owed(bakery, "test")) == (0, 160, -160)
    prove()


def test_rewards_are_bought_with_points_of_both(
    bakery: Bakery, dairy: Dairy, alice: Person
) -> None:
    share(bakery, dairy)
    member_with(bakery, alice, 250)
    member = member_with(dairy, alice, 200)
    choose_reward(member, reward(dairy, RewardKind.MONEY_OFF))
    dairy.settle(dairy.price(1_000, alice), alice)
    assert (draws(), owed(dairy)) == ([(200, 0)], 160)
    assert (bakery.points(alice), dairy.points(alice)) == (50, 5)
    prove()


def test_what_comes_back_goes_back_with_its_price(
    bakery: Bakery, dairy: Dairy, alice: Person
) -> None:
    share(bakery, dairy, points=3, amount=1)
    member_with(bakery, alice, 250)
    member_with(dairy, alice, 80)
    sale = buys_with(dairy, alice, 200)
    assert owed(dairy) == 40
    back = LineAsked(number=1, quantity=1, amount=None)
    give_back(dairy.place, sale, lines=[back], now=SOLD_AT)
    assert (draws(), owed(dairy), owed(bakery)) == ([(120, 120)], 0, 0)
    assert (bakery.points(alice), dairy.points(alice)) == (250, 80)
    relay.drain()
    prove()


def test_lots_go_along_and_come_back_to_their_own_days(
    bakery: Bakery, dairy: Dairy, alice: Person
) -> None:
    publish(bakery, Expiry.DAYS, 30)
    publish(dairy, Expiry.DAYS, 300)
    share(bakery, dairy)
    member_with(bakery, alice, 150)
    bakery.sell(10_000, alice, at=SOLD_AT + timedelta(days=5))
    sale = buys_with(dairy, alice, 200)
    assert sum(left(alice)) == 50 + 8
    prove()
    back = LineAsked(number=1, quantity=1, amount=None)
    give_back(dairy.place, sale, lines=[back], now=SOLD_AT)
    assert (bakery.points(alice), dairy.points(alice)) == (250, 0)
    assert sorted(left(alice)) == [0, 0, 0, 100, 150][-len(left(alice)) :]
    prove()


def set_aside(dairy: Dairy, person: Person) -> tuple[int, Settlement]:
    """Set 200 points aside for a payment that is captured later; return its sale."""
    wish(dairy.join(person), 200)
    settlement = dairy.price(1_000, person).settlement()._replace(milli=0, points=0)
    number, _balance = dairy.sell(100)
    book(dairy, number, settlement, hold=True)
    # The bakery's member has nothing set aside, the dairy's has.
    assert [int(one) for (one,) in db.call(HELD, [person.pk])] == [0, 200]
    return int(number), settlement


def book(dairy: Dairy, number: int, settlement: Settlement, *, hold: bool = False) -> None:
    with db.transaction():
        settle(
            sale_id=number,
            merchant_id=dairy.merchant_id,
            mode="live",
            settlement=settlement,
            now=SOLD_AT,
            hold=hold,
        )


def test_a_sale_that_never_was_takes_nothing(bakery: Bakery, dairy: Dairy, alice: Person) -> None:
    share(bakery, dairy)
    member_with(bakery, alice, 250)
    number, _settlement = set_aside(dairy, alice)
    assert (owed(dairy), bakery.points(alice)) == (160, 50)
    for _again in range(2):
        with db.transaction():
            release_offers(sale_id=number, now=SOLD_AT)
    assert (owed(dairy), bakery.points(alice), dairy.points(alice)) == (0, 250, 0)
    assert draws() == [(200, 200)]
    prove("points_set_aside_are_held", "spent_points_are_on_their_sales")


def test_what_is_captured_in_part_takes_that_part(
    bakery: Bakery, dairy: Dairy, alice: Person
) -> None:
    share(bakery, dairy)
    member_with(bakery, alice, 250)
    number, promised = set_aside(dairy, alice)
    assert promised.spending is not None
    for _again in range(2):
        book(dairy, number, promised._replace(spending=promised.spending._replace(unused=50)))
    assert (owed(dairy), bakery.points(alice), dairy.points(alice)) == (120, 100, 0)
    assert (draws(), spends()) == ([(200, 50)], [(200, 200, "spent", 50)])
    prove("spent_points_are_on_their_sales")


def test_points_that_went_elsewhere_undo_all_of_it(
    bakery: Bakery, dairy: Dairy, alice: Person
) -> None:
    share(bakery, dairy)
    open_spending(bakery)
    member = member_with(bakery, alice, 250)
    wish(dairy.join(alice), 200)
    priced = dairy.price(1_000, alice)
    wish(member, 200)
    bakery.sell(1_000, alice)
    with pytest.raises(PointsGone):
        dairy.settle(priced, alice)
    assert (draws(), owed(dairy), bakery.points(alice)) == ([], 0, 58)
    prove()


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    moves=st.lists(
        st.tuples(
            st.sampled_from(["earn", "spend", "return"]),
            st.booleans(),
            st.integers(min_value=1, max_value=4),
        ),
        max_size=8,
    ),
    price=st.tuples(st.integers(1, 7), st.integers(1, 5)),
)
def test_whatever_happens_nobody_gains_a_cent_or_a_point(
    bakery: Bakery,
    dairy: Dairy,
    alice: Person,
    moves: list[tuple[str, bool, int]],
    price: tuple[int, int],
) -> None:
    with undone():
        _trade(bakery, dairy, alice, moves, price)


def _trade(
    bakery: Bakery,
    dairy: Dairy,
    alice: Person,
    moves: list[tuple[str, bool, int]],
    price: tuple[int, int],
) -> None:
    open_spending(bakery)
    share(bakery, dairy, points=price[0], amount=price[1])
    sold: list[tuple[Bakery, int]] = []
    both = (bakery, dairy)
    for shop in both:
        shop.join(alice)
    for move, at_dairy, size in moves:
        shop = both[at_dairy]
        if move == "return" and sold:
            where, sale = sold.pop(size % len(sold))
            line = LineAsked(number=1, quantity=1, amount=None)
            give_back(where.place, sale, lines=[line], now=SOLD_AT)
            continue
        if move == "spend":
            wish(shop.join(alice), size * 100)
        sale, balance = shop.sell(size * 5_000, alice)
        sold.append((shop, sale))
        assert balance == (bakery.points(alice) or 0) + (dairy.points(alice) or 0)
        assert owed(bakery) == -owed(dairy)
    prove()


@pytest.mark.parametrize(
    "breach",
    [
        "UPDATE loyalty_points_draw SET points = points + 1",
        "UPDATE loyalty_points_draw SET back = 1",
        "UPDATE loyalty_points_draw SET price_amount = 90",
        "DELETE FROM loyalty_points_draw",
    ],
)
def test_a_planted_breach_is_found(
    bakery: Bakery, dairy: Dairy, alice: Person, breach: str
) -> None:
    share(bakery, dairy)
    member_with(bakery, alice, 250)
    buys_with(dairy, alice, 200)
    proofs = (
        circle_invariants.drawn_points_are_paid_for,
        circle_invariants.shops_owe_each_other_for_draws,
    )
    assert not any(proof().breaches for proof in proofs)
    plant(breach)
    assert any(proof().breaches for proof in proofs)


def test_points_drawn_for_another_are_found(
    bakery: Bakery, dairy: Dairy, alice: Person, bob: Person
) -> None:
    share(bakery, dairy)
    member_with(bakery, alice, 250)
    buys_with(dairy, alice, 200)
    dairy.join(bob)
    assert not circle_invariants.points_are_drawn_between_own_members().breaches
    plant("UPDATE loyalty_points_draw SET taker_id = (SELECT max(id) FROM loyalty_member)")
    assert len(circle_invariants.points_are_drawn_between_own_members().breaches) == 2
