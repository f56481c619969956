"""Points and offers go back with what came back; what was spent stays owed, never below zero."""

from typing import Any

import pytest
from django.test import Client

from loyalty import invariants
from loyalty.models import OfferBudget, OfferReversal, PointsDebt, Reversal
from merchants.returns.asking import LineAsked
from okplatform.kernel import db, relay
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from payments.chart import MEMBER_POINTS, PROGRAMME_POINTS, points_of
from payments.ledger import AccountRef, post
from tests.loyalty.bakery import Bakery
from tests.payments.refunding import give_back
from tests.support.proofs import prove
from tests.support.world import NOW, World

pytestmark = pytest.mark.django_db


def bring_back(bakery: Bakery, sale_id: int, amount: int | None = None) -> Any:
    """Give an amount of a sale back, or the loaf itself."""
    asked: dict[str, Any] = {} if amount else {"lines": [LineAsked(1, 1)]}
    return give_back(bakery.world.till, sale_id, amount, **asked)


def spend(bakery: Bakery, person: Person, points: int) -> None:
    """Take points away as a reward would."""
    with operator_scope("the test spends"):
        member = bakery.join(person)
    asset = points_of(bakery.programme_id)
    with db.transaction():
        post(
            kind="points_spent",
            reference=f"reward-{points}",
            mode=Mode.LIVE,
            entries=[
                (AccountRef(MEMBER_POINTS.kind, member.pk, asset), -points),
                (AccountRef(PROGRAMME_POINTS.kind, bakery.programme_id, asset), points),
            ],
            now=NOW,
        )


def debts() -> list[tuple[int, int]]:
    with operator_scope("the test looks"):
        found = PointsDebt.objects.order_by("reversal")
        return list(found.values_list("points", "outstanding"))


def test_the_points_of_what_came_back_go_with_it(bakery: Bakery, alice: Person) -> None:
    bakery.join(alice)
    sale, points = bakery.sell(1_840, alice)
    assert points == 18
    given = bring_back(bakery, sale, 500)
    assert (given.points, given.points_owed) == (5, 0)
    assert bakery.points(alice) == 13
    relay.drain()
    prove()


def test_less_than_a_point_goes_from_the_carry(bakery: Bakery, alice: Person) -> None:
    bakery.join(alice)
    sale, _points = bakery.sell(1_840, alice)
    assert bring_back(bakery, sale, 30).points == 0
    assert bring_back(bakery, sale, 30).points == 1
    assert bakery.points(alice) == 17
    bakery.sell(80, alice)
    assert bakery.points(alice) == 18
    relay.drain()
    prove()


def test_all_of_it_in_parts_is_all_of_it(bakery: Bakery, alice: Person) -> None:
    bakery.join(alice)
    sale, _points = bakery.sell(1_837, alice)
    for _part in range(11):
        bring_back(bakery, sale, 167)
    assert bakery.points(alice) == 0
    with operator_scope("the test looks"):
        assert sum(one.milli for one in Reversal.objects.all()) == 18_370
    relay.drain()
    prove()


def test_what_was_spent_is_owed_and_the_next_points_pay_it(bakery: Bakery, alice: Person) -> None:
    bakery.join(alice)
    sale, _points = bakery.sell(1_800, alice)
    spend(bakery, alice, 15)
    given = bring_back(bakery, sale)
    assert (given.points, given.points_owed) == (18, 15)
    assert bakery.points(alice) == 0
    assert debts() == [(15, 15)]

    bakery.sell(1_000, alice)
    assert bakery.points(alice) == 10
    relay.drain()
    assert bakery.points(alice) == 0
    assert debts() == [(15, 5)]
    bakery.sell(700, alice)
    relay.drain()
    assert bakery.points(alice) == 2
    assert debts() == [(15, 0)]
    relay.drain()
    assert bakery.points(alice) == 2
    # Points spent here were a test's own.
    prove("points_in_the_ledger_are_points_earned")


def test_the_oldest_debt_is_paid_first_and_others_pay_nothing(
    world: World, bakery: Bakery, alice: Person
) -> None:
    bakery.join(alice)
    bakery.join(world.bob)
    sales = [bakery.sell(1_000, alice)[0] for _ in range(2)]
    spend(bakery, alice, 20)
    for sale in sales:
        bring_back(bakery, sale)
    bakery.sell(1_300, world.bob)
    relay.drain()
    assert debts() == [(10, 10), (10, 10)]
    bakery.sell(1_300, alice)
    relay.drain()
    assert debts() == [(10, 0), (10, 7)]
    assert bakery.points(world.bob) == 13


def test_who_owes_points_reads_so(bakery: Bakery, alice: Person) -> None:
    bakery.join(alice)
    sale, _points = bakery.sell(1_800, alice)
    spend(bakery, alice, 15)
    bring_back(bakery, sale)
    client = Client()
    client.force_login(alice)
    page = client.get("/wallet/programmes/bakkerij-bol/", follow=True).content.decode()
    assert "Uw volgende 15 punten betalen" in page
    assert ">-18<" in page


def test_a_sale_of_nobody_known_takes_no_points(bakery: Bakery) -> None:
    sale, _points = bakery.sell(1_840)
    assert bring_back(bakery, sale).points == 0
    with operator_scope("the test looks"):
        assert not Reversal.objects.exists()


def left(offer: int, mode: str = Mode.LIVE) -> tuple[int, int]:
    with operator_scope("the test looks"):
        parts = OfferBudget.objects.filter(offer=offer, mode=mode)
        return sum(one.left_amount for one in parts), sum(one.left_uses for one in parts)


def test_a_limited_offer_has_back_what_it_gave(bakery: Bakery) -> None:
    offer = bakery.offer(budget=10_000, uses=100)
    sale, _points = bakery.sell(1_840)
    assert left(offer) == (10_000 - 184, 99)
    bring_back(bakery, sale, 500)
    assert left(offer) == (10_000 - 184, 99)
    bring_back(bakery, sale)
    assert left(offer) == (10_000, 100)
    relay.drain()
    prove()


def test_a_limit_set_later_counts_what_came_back(bakery: Bakery) -> None:
    offer = bakery.offer(budget=10_000, uses=100)
    sales = [bakery.sell(1_840)[0] for _ in range(3)]
    bring_back(bakery, sales[2])
    bakery.offer(offer, budget=400, uses=2)
    assert left(offer) == (400 - 368, 0)
    prove("live_refunds_equal_the_books", "live_figures_equal_the_books")


def test_an_offer_without_a_limit_leaves_no_trace(bakery: Bakery) -> None:
    bakery.offer()
    sale, _points = bakery.sell(1_840)
    bring_back(bakery, sale)
    with operator_scope("the test looks"):
        assert not OfferReversal.objects.exists()


@pytest.mark.parametrize(("limit", "expected"), [(400, 32), (200, 0)])
def test_a_rehearsal_above_its_limit_has_nothing_left_until_it_is_below(
    bakery: Bakery, limit: int, expected: int
) -> None:
    offer = bakery.offer(budget=10_000, uses=100)
    sales = [bakery.sell(1_840, mode=Mode.TEST)[0] for _ in range(3)]
    bakery.offer(offer, budget=limit, uses=100)
    assert left(offer, Mode.TEST)[0] == 0
    bring_back(bakery, sales[2])
    assert left(offer, Mode.TEST)[0] == expected
    prove("live_refunds_equal_the_books", "live_figures_equal_the_books")


BREACHES = [
    ("UPDATE loyalty_reversal SET milli = 99999", "taken back were"),
    ("UPDATE loyalty_reversal SET taken = 0", "its debt was"),
    ("UPDATE loyalty_points_debt SET points = 99", "its debt was"),
    ("UPDATE loyalty_offer_reversal SET amount = 99999", "back, in"),
]


@pytest.mark.parametrize(("breach", "found"), BREACHES)
def test_a_breach_is_found(bakery: Bakery, alice: Person, breach: str, found: str) -> None:
    bakery.offer(budget=10_000, uses=100)
    bakery.join(alice)
    sale, _points = bakery.sell(2_000, alice)
    spend(bakery, alice, 15)
    bring_back(bakery, sale)
    proof = invariants.reversals_are_of_what_was_earned
    assert (proof().rows, proof().breaches) == (1, [])
    db.call("SET LOCAL session_replication_role = replica")
    db.call(breach)
    db.call("SET LOCAL session_replication_role = origin")
    assert any(found in one for one in proof().breaches)
