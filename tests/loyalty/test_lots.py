"""Points that wait before they count, and end when nobody spends them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from loyalty import invariants
from loyalty.actions.expire_lots import expire_lots
from loyalty.models import Expiry, LotUse, Member, Programme
from okplatform.kernel import db, relay
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from tests.loyalty.bakery import SOLD_AT, Bakery
from tests.loyalty.lots import broken, left, lots, pending, publish, turn
from tests.payments.refunding import give_back
from tests.support.proofs import prove
from tests.support.world import World

pytestmark = pytest.mark.django_db

LATER = SOLD_AT + timedelta(hours=1)
FORTNIGHT = datetime(2026, 12, 1, 23, 0, tzinfo=UTC)
"""Midnight in the Netherlands after fourteen days in which bread comes back."""
YEAR_LATER = datetime(2027, 11, 17, 23, 0, tzinfo=UTC)
"""Midnight there after the last day of points that live for a year, earned on 17 November."""


def spend(bakery: Bakery, person: Person, points: int) -> None:
    """Take points as whatever spends them does, through the one door."""
    with operator_scope("the test looks"):
        member = Member.objects.get(person=person)
    db.call(
        "SELECT loyalty_take_points('points_spent', %s, %s, %s, %s, %s, %s, NULL)",
        [f"reward-{points}", member.mode, LATER, member.pk, bakery.programme_id, points],
    )


def terms_version() -> int:
    with operator_scope("the test looks"):
        return int(Programme.objects.get().terms_version)


def test_a_plain_programme_leaves_no_trace_of_lots(bakery: Bakery, alice: Person) -> None:
    bakery.join(alice)
    bakery.sell(1_840, alice)
    turn(LATER)
    assert bakery.points(alice) == 18
    assert lots(alice) == []
    with operator_scope("the test looks"):
        assert not Member.objects.get().keeps_lots


def test_points_wait_until_what_earned_them_can_no_longer_come_back(
    bakery: Bakery, alice: Person
) -> None:
    bakery.publish(pending_days=14)
    bakery.join(alice)
    _sale, spendable = bakery.sell(1_840, alice)
    assert (spendable, pending(alice)) == (0, 18)
    prove()
    turn(FORTNIGHT - timedelta(seconds=1))
    assert (bakery.points(alice), pending(alice)) == (0, 18)
    turn(FORTNIGHT)
    turn(FORTNIGHT)
    assert (bakery.points(alice), pending(alice)) == (18, 0)
    relay.drain()
    prove()


def test_points_end_at_midnight_after_their_last_day(bakery: Bakery, alice: Person) -> None:
    publish(bakery, Expiry.MONTHS, 12)
    bakery.join(alice)
    bakery.sell(1_840, alice)
    turn(YEAR_LATER - timedelta(seconds=1))
    assert bakery.points(alice) == 18
    turn(YEAR_LATER)
    turn(YEAR_LATER)
    assert bakery.points(alice) == 0
    assert broken() == [("expired", 18)]
    relay.drain()
    prove()


def test_what_waits_does_not_end_before_it_could_be_spent(bakery: Bakery, alice: Person) -> None:
    bakery.publish(pending_days=60, expiry=Expiry.DAYS, expiry_length=1)
    bakery.join(alice)
    bakery.sell(1_840, alice)
    (lot,) = lots(alice)
    assert lot.expires_at - lot.spendable_at == timedelta(days=2)
    turn(lot.spendable_at)
    assert bakery.points(alice) == 18


def test_the_lot_that_ends_first_is_spent_first(bakery: Bakery, alice: Person) -> None:
    publish(bakery, Expiry.DAYS, 300)
    bakery.join(alice)
    bakery.sell(1_000, alice)
    publish(bakery, Expiry.DAYS, 30)
    bakery.sell(2_000, alice, at=SOLD_AT + timedelta(minutes=1))
    publish(bakery)
    bakery.sell(3_000, alice, at=SOLD_AT + timedelta(minutes=2))
    spend(bakery, alice, 25)
    assert left(alice) == [5, 0, 30]
    spend(bakery, alice, 10)
    assert left(alice) == [0, 0, 25]
    prove("points_in_the_ledger_are_points_earned")


def test_a_purchase_keeps_points_alive_that_end_without_one(bakery: Bakery, alice: Person) -> None:
    publish(bakery, Expiry.INACTIVE, 2)
    bakery.join(alice)
    bakery.sell(1_000, alice)
    bakery.sell(50, alice, at=datetime(2027, 1, 10, 12, tzinfo=UTC))
    turn(datetime(2027, 1, 17, 23, tzinfo=UTC))
    assert bakery.points(alice) == 10
    turn(datetime(2027, 3, 10, 22, 59, tzinfo=UTC))
    assert bakery.points(alice) == 10
    turn(datetime(2027, 3, 10, 23, tzinfo=UTC))
    assert bakery.points(alice) == 0
    assert broken() == [("expired", 10)]
    prove()


def test_what_comes_back_goes_from_its_own_lot(bakery: Bakery, alice: Person) -> None:
    publish(bakery, Expiry.DAYS, 300)
    bakery.join(alice)
    bakery.sell(1_000, alice)
    sale, _points = bakery.sell(2_000, alice, at=SOLD_AT + timedelta(days=1))
    given = give_back(bakery.world.till, sale, 1_500, now=SOLD_AT + timedelta(days=2))
    assert (given.points, given.points_owed) == (15, 0)
    assert left(alice) == [10, 5]
    relay.drain()
    prove()


def test_what_comes_back_while_its_points_wait_never_counts(bakery: Bakery, alice: Person) -> None:
    bakery.publish(pending_days=14)
    bakery.join(alice)
    sale, _points = bakery.sell(2_000, alice)
    give_back(bakery.world.till, sale, 500, now=LATER)
    assert (bakery.points(alice), pending(alice)) == (0, 15)
    turn(FORTNIGHT)
    assert (bakery.points(alice), pending(alice)) == (15, 0)
    relay.drain()
    prove()


def test_a_debt_is_paid_once_the_next_points_count(bakery: Bakery, alice: Person) -> None:
    bakery.publish(pending_days=14)
    bakery.join(alice)
    sale, _points = bakery.sell(1_000, alice)
    turn(FORTNIGHT)
    spend(bakery, alice, 10)
    given = give_back(bakery.world.till, sale, 1_000, now=FORTNIGHT)
    assert given.points_owed == 10
    bakery.sell(2_500, alice, at=FORTNIGHT)
    relay.drain()
    assert (bakery.points(alice), pending(alice)) == (0, 25)
    turn(FORTNIGHT + timedelta(days=15))
    assert (bakery.points(alice), pending(alice)) == (15, 0)
    prove("points_in_the_ledger_are_points_earned")


def test_points_that_ended_are_not_asked_for_again(bakery: Bakery, alice: Person) -> None:
    """What had earned them comes back after they ended: they broke for nobody, and none is owed."""
    publish(bakery, Expiry.DAYS, 10)
    bakery.join(alice)
    sale, _points = bakery.sell(1_000, alice)
    late = SOLD_AT + timedelta(days=20)
    turn(late)
    bakery.sell(3_000, alice, at=late)
    given = give_back(bakery.world.till, sale, 400, now=late)
    assert (given.points, given.points_owed) == (4, 0)
    assert bakery.points(alice) == 30
    give_back(bakery.world.till, sale, 600, now=late)
    assert broken() == [("expired", 10), ("returned", -4), ("returned", -6)]
    assert left(alice) == [0, 30]
    relay.drain()
    prove()


def test_another_promise_is_another_version_of_the_terms(bakery: Bakery) -> None:
    publish(bakery)
    assert terms_version() == 1
    publish(bakery, Expiry.DAYS, 300)
    assert terms_version() == 2
    publish(bakery, Expiry.DAYS, 300)
    assert terms_version() == 2
    bakery.publish(expiry=Expiry.DAYS, expiry_length=300, pending_days=14)
    assert terms_version() == 3


def test_what_was_there_before_becomes_one_lot(world: World, bakery: Bakery, alice: Person) -> None:
    bakery.join(alice)
    bakery.join(world.bob)
    sale, _points = bakery.sell(1_000, alice)
    bakery.sell(500, alice)
    publish(bakery, Expiry.DAYS, 10)
    turn(LATER)
    turn(LATER + timedelta(minutes=1))
    assert [(lot.points, lot.earned_at) for lot in lots(alice)] == [(15, LATER)]
    assert lots(world.bob) == []
    with operator_scope("the test looks"):
        assert Programme.objects.get().lots_laid_out
        assert all(Member.objects.values_list("keeps_lots", flat=True))
    give_back(bakery.world.till, sale, 300, now=LATER)
    assert left(alice) == [12]
    relay.drain()
    prove()
    turn(LATER + timedelta(days=11))
    assert broken() == [("expired", 12)]
    prove()


def test_a_programme_that_lets_points_live_again_keeps_every_point(
    bakery: Bakery, alice: Person
) -> None:
    bakery.publish(pending_days=14, expiry=Expiry.DAYS, expiry_length=30)
    bakery.join(alice)
    bakery.sell(1_000, alice)
    turn(FORTNIGHT)
    sale, _points = bakery.sell(500, alice, at=FORTNIGHT)
    publish(bakery)
    turn(FORTNIGHT)
    turn(YEAR_LATER)
    assert (bakery.points(alice), pending(alice), left(alice)) == (15, 0, [0, 0])
    assert broken() == []
    give_back(bakery.world.till, sale, 500, now=FORTNIGHT)
    assert bakery.points(alice) == 10
    relay.drain()
    prove()


def test_live_points_end_and_rehearsed_ones_on_their_own(world: World, bakery: Bakery) -> None:
    publish(bakery, Expiry.DAYS, 10)
    bakery.join(world.tessa)
    bakery.sell(1_000, world.tessa, Mode.TEST)
    turn(YEAR_LATER)
    assert (broken(), broken(Mode.TEST)) == ([], [("expired", 10)])
    prove()


def test_many_members_end_in_more_than_one_go(
    world: World, bakery: Bakery, alice: Person, monkeypatch: Any
) -> None:
    monkeypatch.setattr("loyalty.actions.expire_lots.AT_ONCE", 1)
    monkeypatch.setattr("loyalty.actions.lay_out_lots.AT_ONCE", 1)
    for person in (alice, world.bob):
        bakery.join(person)
        bakery.sell(1_000, person)
    publish(bakery, Expiry.DAYS, 10)
    turn(LATER)
    assert expire_lots(now=YEAR_LATER) == 2
    assert broken() == [("expired", 10), ("expired", 10)]
    prove()


BREACHES = [
    ("UPDATE loyalty_lot SET remaining = remaining - 1", "lots hold"),
    ("UPDATE loyalty_lot SET is_pending = true, spendable_at = earned_at", "lots hold"),
    ("UPDATE loyalty_lot_use SET points = points + 1", "used were"),
    ("UPDATE loyalty_member SET keeps_lots = false", "lots hold"),
    ("UPDATE loyalty_lot SET remaining = 0", "lots hold 0"),
]


@pytest.mark.parametrize(("breach", "found"), BREACHES)
def test_a_planted_breach_is_found(bakery: Bakery, alice: Person, breach: str, found: str) -> None:
    publish(bakery, Expiry.DAYS, 10)
    bakery.join(alice)
    bakery.sell(1_000, alice)
    spend(bakery, alice, 4)
    proof = invariants.points_lie_in_lots
    assert (proof().rows, proof().breaches) == (1, [])
    db.call("SET LOCAL session_replication_role = replica")
    db.call(breach)
    db.call("SET LOCAL session_replication_role = origin")
    assert any(found in one for one in proof().breaches)


def test_breakage_that_was_not_booked_is_found(bakery: Bakery, alice: Person) -> None:
    publish(bakery, Expiry.DAYS, 10)
    bakery.join(alice)
    bakery.sell(1_000, alice)
    turn(YEAR_LATER)
    proof = invariants.breakage_is_booked
    assert (proof().rows, proof().breaches) == (1, [])
    db.call("SET LOCAL session_replication_role = replica")
    db.call("UPDATE loyalty_breakage SET points = points + 1")
    db.call("SET LOCAL session_replication_role = origin")
    assert "booked are 10" in proof().breaches[0]


def test_what_was_used_of_a_lot_never_changes(bakery: Bakery, alice: Person) -> None:
    publish(bakery, Expiry.DAYS, 10)
    bakery.join(alice)
    bakery.sell(1_000, alice)
    spend(bakery, alice, 4)
    with operator_scope("the test looks"):
        assert [use.points for use in LotUse.objects.all()] == [4]
    with pytest.raises(Exception, match="never changes"):
        db.call("UPDATE loyalty_lot_use SET points = 5")
