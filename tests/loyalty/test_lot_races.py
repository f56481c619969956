"""Sixty-four at once for the last points: each point goes once, and no balance below zero."""

from datetime import timedelta

import pytest

from loyalty.actions.join_programme import TermsChanged
from loyalty.models import Expiry, Member, PointsDebt, Programme
from okplatform.kernel import db, relay
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from tests.loyalty.bakery import SOLD_AT, Bakery
from tests.loyalty.lots import broken, left, pending, publish, turn
from tests.payments.refunding import give_back
from tests.support.proofs import prove
from tests.support.races import AT_ONCE, all_at_once

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]

LATER = SOLD_AT + timedelta(hours=2)
AFTER_THE_END = SOLD_AT + timedelta(days=12)


def many_sales(bakery: Bakery, person: Person) -> list[int]:
    """Sell sixty-four times for a point, so that each lies in a lot of its own."""
    return [
        bakery.sell(100, person, at=SOLD_AT + timedelta(seconds=number))[0]
        for number in range(AT_ONCE)
    ]


def take(bakery: Bakery, points: int, name: str) -> int:
    """Take points as whatever spends them does; return how many there were."""
    with operator_scope("the test looks"):
        member = Member.objects.get()
    with db.transaction():
        rows = db.call(
            "SELECT loyalty_take_points('points_spent', %s, %s, %s, %s, %s, %s, NULL)",
            [name, member.mode, LATER, member.pk, bakery.programme_id, points],
        )
    return int(rows[0][0])


def test_the_last_points_are_spent_once(bakery: Bakery, alice: Person) -> None:
    publish(bakery, Expiry.DAYS, 10)
    bakery.join(alice)
    bakery.sell(1_000, alice)
    found = all_at_once(lambda number: str(take(bakery, 1, str(number))))
    assert found == {"1": 10, "0": AT_ONCE - 10}
    assert (bakery.points(alice), left(alice)) == (0, [0])
    prove("points_in_the_ledger_are_points_earned", "events_are_handled")


def test_returns_at_once_take_what_is_left_and_owe_the_rest(bakery: Bakery, alice: Person) -> None:
    publish(bakery, Expiry.DAYS, 10)
    bakery.join(alice)
    sales = many_sales(bakery, alice)
    take(bakery, AT_ONCE - 10, "before")

    def bring_back(number: int) -> str:
        return str(give_back(bakery.world.till, sales[number], 100, now=LATER).points_owed)

    assert all_at_once(bring_back) == {"0": 10, "1": AT_ONCE - 10}
    with operator_scope("the test looks"):
        assert PointsDebt.objects.count() == AT_ONCE - 10
    assert bakery.points(alice) == 0
    relay.drain()
    prove("points_in_the_ledger_are_points_earned")


def test_points_end_once_however_many_look(bakery: Bakery, alice: Person) -> None:
    publish(bakery, Expiry.DAYS, 10)
    bakery.join(alice)
    many_sales(bakery, alice)

    def look(_number: int) -> str:
        turn(AFTER_THE_END)
        return "done"

    assert all_at_once(look) == {"done": AT_ONCE}
    assert broken() == [("expired", 1)] * AT_ONCE
    relay.drain()
    prove()


def test_points_that_wait_count_end_and_come_back_at_the_same_time(
    bakery: Bakery, alice: Person
) -> None:
    bakery.publish(pending_days=1, expiry=Expiry.DAYS, expiry_length=1)
    bakery.join(alice)
    sales = many_sales(bakery, alice)
    counts = SOLD_AT + timedelta(days=2)

    def act(number: int) -> str:
        if number % 4 == 0:
            bakery.sell(200, alice, at=counts)
        elif number % 4 == 1:
            turn(counts)
        elif number % 4 == 2:
            turn(AFTER_THE_END)
        else:
            give_back(bakery.world.till, sales[number], 100, now=counts)
        return "done"

    assert all_at_once(act) == {"done": AT_ONCE}
    relay.drain()
    prove()
    turn(AFTER_THE_END)
    relay.drain()
    assert (bakery.points(alice), pending(alice), sum(left(alice))) == (0, 0, 0)
    prove()


def test_whoever_joins_while_lots_begin_keeps_lots_too(bakery: Bakery) -> None:
    people = [
        create_person(email=f"p{number}@example.com", name="P", actor=SYSTEM)
        for number in range(AT_ONCE)
    ]

    def act(number: int) -> str:
        if number == 0:
            publish(bakery, Expiry.DAYS, 10)
        elif number == 1:
            turn(LATER)
        else:
            try:
                bakery.join(people[number], terms_version=1)
            except TermsChanged:
                return "terms changed"
        return "done"

    found = all_at_once(act)
    assert sum(found.values()) == AT_ONCE
    turn(LATER)
    turn(LATER)
    with operator_scope("the test looks"):
        joined = list(Member.objects.values_list("keeps_lots", flat=True))
        assert Programme.objects.get().lots_laid_out
    assert len(joined) == found["done"] - 2
    assert all(joined)
