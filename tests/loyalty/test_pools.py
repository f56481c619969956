"""A family spends its points together: from one's own first, and each leaves with their share."""

from datetime import timedelta
from typing import Any

import pytest

from loyalty import pool_invariants as invariants
from loyalty.actions.ask_to_pool import (
    AlreadyIn,
    NoPoolsHere,
    NotYoursToAsk,
    PoolFull,
    ask_to_pool,
    close_ask,
)
from loyalty.actions.join_pool import AskGone, InAnotherPool, join_pool
from loyalty.actions.leave_pool import NotInPool
from loyalty.actions.settle import PointsGone
from loyalty.models import Expiry, Member, Pool, PoolAsk, PoolSeat
from loyalty.models.pool import ASK_WAITS, MOST_SEATS
from loyalty.own_data import LoyaltyData
from loyalty.queries.pools import pool_rest
from merchants.returns.asking import LineAsked
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from tests.loyalty.bakery import Bakery
from tests.loyalty.lots import left, lots, publish, turn
from tests.loyalty.pools import allow, bring_in, draws, leave, told
from tests.loyalty.spending import member_with, open_spending, spends, wish
from tests.loyalty.test_invariants import plant
from tests.payments.refunding import give_back
from tests.support.proofs import prove
from tests.support.world import NOW, World
from wallet.actions.delete_account import delete_account

ALICE, BOB = "Alice Jansen", "Bob de Vries"
pytestmark = pytest.mark.django_db


@pytest.fixture
def family(bakery: Bakery, alice: Person, bob: Person) -> tuple[Member, Member]:
    """Alice has 150 points and Bob 100; they spend them together, € 1 for 100."""
    open_spending(bakery)
    allow(bakery)
    pair = member_with(bakery, alice, 150), member_with(bakery, bob, 100)
    bring_in(*pair)
    return pair


def spend(bakery: Bakery, member: Member, person: Person, points: int, gross: int = 1_000) -> int:
    """Sell something that so many points pay a part of; return the sale's id."""
    wish(member, points)
    priced = bakery.price(gross, person)
    assert priced.quote.spent is not None
    assert priced.quote.spent.points == points
    sale_id, _balance = bakery.settle(priced, person)
    return int(sale_id)


def test_what_one_lacks_the_others_lend_in_the_sale_itself(
    bakery: Bakery, alice: Person, bob: Person, family: tuple[Member, Member]
) -> None:
    assert (pool_rest(family[0].pk), pool_rest(family[1].pk)) == (100, 150)
    spend(bakery, family[0], alice, 200)
    assert spends() == [(200, 200, "spent", 0)]
    assert draws() == [("spent", 50)]
    assert (bakery.points(alice), bakery.points(bob)) == (8, 50)
    assert told(family[0]) == told(family[1])
    assert told(family[1]) == [(ALICE, 158, 200, 0), (BOB, 100, 0, 100)]
    prove()


def test_ones_own_points_go_first_and_alone_where_they_do(
    bakery: Bakery, alice: Person, bob: Person, family: tuple[Member, Member]
) -> None:
    spend(bakery, family[0], alice, 100)
    assert (bakery.points(alice), bakery.points(bob), draws()) == (59, 100, [])
    prove()


def test_who_is_in_no_pool_spends_nothing_of_others(
    bakery: Bakery, alice: Person, bob: Person
) -> None:
    open_spending(bakery)
    allow(bakery)
    wish(member_with(bakery, alice, 50))
    member_with(bakery, bob, 100)
    assert bakery.price(1_000, alice).quote.spent is None


def test_who_only_brings_spends_their_own(bakery: Bakery, alice: Person, bob: Person) -> None:
    open_spending(bakery)
    allow(bakery)
    pair = member_with(bakery, alice, 150), member_with(bakery, bob, 100)
    bring_in(*pair, spends=False)
    assert (pool_rest(pair[0].pk), pool_rest(pair[1].pk)) == (100, 0)
    wish(pair[1], 200)
    spent = bakery.price(1_000, bob).quote.spent
    assert spent is not None
    assert spent.points == 100


def test_the_lot_that_ends_first_is_drawn_first_whoever_has_it(
    bakery: Bakery, alice: Person, bob: Person, world: World
) -> None:
    open_spending(bakery)
    publish(bakery, Expiry.DAYS, 100)
    allow(bakery)
    alices = member_with(bakery, alice, 20)
    bobs = member_with(bakery, bob, 40, at=NOW - timedelta(days=20))
    member_with(bakery, bob, 50, at=NOW - timedelta(days=2))
    sams = member_with(bakery, world.sam, 60, at=NOW - timedelta(days=10))
    bring_in(alices, bobs)
    bring_in(alices, sams)
    spend(bakery, alices, alice, 100)
    assert (left(bob), left(world.sam)) == ([0, 50], [20])
    ends = [lot.expires_at for lot in (*lots(bob)[:1], *lots(world.sam))]
    assert [lot.expires_at for lot in lots(alice) if lot.sale_id is None] == ends
    prove()


def test_what_comes_back_is_there_again_until_it_would_have_ended(
    bakery: Bakery, alice: Person, bob: Person
) -> None:
    open_spending(bakery)
    publish(bakery, Expiry.DAYS, 100)
    allow(bakery)
    pair = member_with(bakery, alice, 150), member_with(bakery, bob, 100, at=NOW - timedelta(1))
    bring_in(*pair)
    sale = spend(bakery, pair[0], alice, 200)
    give_back(bakery.world.till, sale, lines=[LineAsked(1, 1)])
    assert (bakery.points(alice), bakery.points(bob)) == (200, 50)
    assert [one[3] for one in told(pair[0])] == [150, 100]
    assert leave(pair[0]) == 150
    assert (bakery.points(alice), bakery.points(bob)) == (150, 100)
    assert min(lot.expires_at for lot in lots(bob) if lot.remaining) == lots(bob)[0].expires_at
    turn(NOW + timedelta(days=110))
    assert (bakery.points(alice), bakery.points(bob)) == (0, 0)
    prove()


def test_who_leaves_gets_back_what_others_took(
    bakery: Bakery, alice: Person, bob: Person, family: tuple[Member, Member]
) -> None:
    spend(bakery, family[0], alice, 200)
    bakery.sell(3_000, alice)
    assert (bakery.points(alice), bakery.points(bob)) == (38, 50)
    assert leave(family[1]) == 88
    assert (bakery.points(alice), bakery.points(bob)) == (0, 88)
    assert draws() == [("spent", 50), ("settled", 38), ("forgiven", 12)]
    with operator_scope("the test looks"):
        assert not PoolSeat.objects.exists()
    assert told(family[0]) == told(family[1]) == []
    with pytest.raises(NotInPool):
        leave(family[0])
    prove()


def test_who_took_more_than_they_brought_leaves_with_nothing(
    bakery: Bakery, alice: Person, bob: Person, family: tuple[Member, Member]
) -> None:
    spend(bakery, family[0], alice, 200)
    assert leave(family[0]) == 0
    assert (bakery.points(alice), bakery.points(bob)) == (0, 58)
    prove()


def test_leaving_takes_nothing_from_who_took_nothing(
    bakery: Bakery, alice: Person, family: tuple[Member, Member], world: World
) -> None:
    sams = member_with(bakery, world.sam, 70)
    bring_in(family[0], sams)
    spend(bakery, family[0], alice, 200)
    leave(family[1])
    assert told(sams)[1][3] == 70
    prove()


def test_a_merchant_that_stops_it_lets_everybody_keep_what_is_theirs(
    bakery: Bakery, alice: Person, bob: Person, family: tuple[Member, Member]
) -> None:
    wish(family[0], 200)
    priced = bakery.price(1_000, alice)
    allow(bakery, families=False)
    with pytest.raises(PointsGone):
        bakery.settle(priced, alice)
    assert (pool_rest(family[0].pk), draws()) == (0, [])
    with pytest.raises(NoPoolsHere):
        bring_in(*family)
    assert leave(family[0]) == 150
    prove()


def test_nobody_comes_in_without_their_own_yes(
    bakery: Bakery, alice: Person, bob: Person, world: World
) -> None:
    allow(bakery)
    alices, bobs, sams = (bakery.join(one) for one in (alice, bob, world.sam))
    ask = asked(alices, bobs)
    assert pool_rest(bobs.pk) == pool_rest(alices.pk) == 0
    with pytest.raises(AskGone):
        join_pool(person_id=world.sam.pk, ask_id=ask.pk, actor=SYSTEM, now=NOW)
    with pytest.raises(AskGone):
        join_pool(person_id=bob.pk, ask_id=ask.pk, actor=SYSTEM, now=NOW + ASK_WAITS)
    assert not close_ask(person_id=world.sam.pk, ask_id=ask.pk, actor=SYSTEM)
    assert close_ask(person_id=bob.pk, ask_id=ask.pk, actor=SYSTEM)
    with pytest.raises(AskGone):
        join_pool(person_id=bob.pk, ask_id=ask.pk, actor=SYSTEM, now=NOW)
    bring_in(alices, bobs)
    with pytest.raises(NotYoursToAsk):
        asked(bobs, sams)
    with pytest.raises(AlreadyIn):
        asked(alices, bobs)
    bring_in(sams, bakery.join(world.olga))
    ask = asked(sams, bobs)
    with pytest.raises(InAnotherPool):
        join_pool(person_id=bob.pk, ask_id=ask.pk, actor=SYSTEM, now=NOW)
    with operator_scope("the test looks"):
        assert PoolSeat.objects.count() == 4


def test_two_who_each_asked_the_other_end_in_one_pool(
    bakery: Bakery, alice: Person, bob: Person
) -> None:
    allow(bakery)
    pair = bakery.join(alice), bakery.join(bob)
    asked(pair[1], pair[0])
    bring_in(*pair)
    with operator_scope("the test looks"):
        assert PoolSeat.objects.values("pool").distinct().count() == 1
        assert not PoolAsk.objects.exists()
        assert Pool.objects.count() == 2
    prove()


def test_a_pool_is_of_few(bakery: Bakery, alice: Person) -> None:
    allow(bakery)
    keeper = bakery.join(alice)
    people = [
        Person.objects.create(email=f"child{number}@example.nl", name=f"Child {number}")
        for number in range(MOST_SEATS)
    ]
    for person in people[1:]:
        asked(keeper, person)
    with pytest.raises(PoolFull):
        asked(keeper, people[0])
    assert asked(keeper, people[1]).person_id == people[1].pk


def asked(keeper: Member, other: Member | Person) -> PoolAsk:
    return ask_to_pool(
        person_id=keeper.person_id,
        member_id=keeper.pk,
        asked=other.person_id if isinstance(other, Member) else other.pk,
        spends=True,
        actor=SYSTEM,
        now=NOW,
    )


def test_who_leaves_ok_leaves_the_pool_with_their_share(
    bakery: Bakery, alice: Person, bob: Person, family: tuple[Member, Member]
) -> None:
    spend(bakery, family[0], alice, 200)
    bakery.sell(3_000, alice)
    own = {one.name: one.rows for one in LoyaltyData().sections(alice.pk)}
    assert [row["may_spend_of_others"] for row in own["points_pools"]] == [True]
    assert [(row["what"], row["points"]) for row in own["points_lent"]] == [("spent", 50)]
    ask_to_pool(
        person_id=alice.pk,
        member_id=family[0].pk,
        asked=bakery.world.sam.pk,
        spends=True,
        actor=SYSTEM,
        now=NOW,
    )
    delete_account(person_id=alice.pk, now=NOW, actor=SYSTEM)
    assert (bakery.points(alice), bakery.points(bob)) == (0, 88)
    with operator_scope("the test looks"):
        assert not PoolSeat.objects.exists()
        assert not PoolAsk.objects.exists()
    prove()


PLANTED: list[tuple[Any, str]] = [
    (
        invariants.pools_owe_nobody_who_left,
        "UPDATE loyalty_pool_draw SET giver_id = (SELECT min(id) + 1000 FROM loyalty_member)",
    ),
    (invariants.pools_owe_nobody_who_left, "UPDATE loyalty_member SET pool_id = NULL"),
    (invariants.points_lent_are_booked, "UPDATE loyalty_pool_draw SET points = points + 1"),
    (invariants.points_lent_are_booked, "UPDATE loyalty_spend SET points = 10"),
]


@pytest.mark.parametrize(("proof", "breach"), PLANTED)
def test_a_planted_breach_is_found(
    bakery: Bakery, alice: Person, family: tuple[Member, Member], proof: Any, breach: str
) -> None:
    spend(bakery, family[0], alice, 200)
    assert not proof().breaches
    plant(breach)
    assert proof().breaches
