"""Whatever happens to a member's points, in any order: lots, ledger and a plain sum agree."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loyalty import programs
from loyalty.models import Expiry
from okplatform.kernel import db, relay
from okplatform.parties.models import Person
from tests.loyalty.bakery import SOLD_AT, Bakery
from tests.loyalty.lots import broken, left, pending, publish, turn
from tests.payments.refunding import give_back
from tests.support.proofs import prove

pytestmark = pytest.mark.django_db

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("sell"), st.integers(1, 5_000)),
        st.tuples(st.just("return"), st.integers(0, 9)),
        st.tuples(st.just("wait"), st.integers(1, 25)),
        st.tuples(st.just("publish"), st.sampled_from(list(Expiry))),
        st.tuples(st.just("pend"), st.integers(0, 20)),
    ),
    min_size=1,
    max_size=14,
)


AN_EXAMPLE_EACH: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture],
}


@contextmanager
def undone() -> Iterator[None]:
    """Leave the database, and what was compiled from it, as they were before an example."""
    mark = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(mark)
        programs.forget_all()


def _play(bakery: Bakery, alice: Person, steps: list[tuple[str, object]]) -> None:
    at, sales, terms = SOLD_AT, list[tuple[int, int]](), dict[str, Any]()
    bakery.join(alice)
    for what, how in steps:
        at += timedelta(minutes=1)
        if what == "sell":
            assert isinstance(how, int)
            sales.append((bakery.sell(how, alice, at=at)[0], how))
        elif what == "return" and sales:
            assert isinstance(how, int)
            sale, amount = sales.pop(how % len(sales))
            give_back(bakery.world.till, sale, amount, now=at)
        elif what == "wait":
            assert isinstance(how, int)
            at += timedelta(days=how)
        elif what == "publish":
            length = None if how == Expiry.NEVER else 1
            terms |= {"expiry": how, "expiry_length": length}
            bakery.publish(**terms)
        elif what == "pend":
            terms |= {"pending_days": how}
            bakery.publish(**terms)
        relay.drain()
        turn(at)
        prove()
        assert (bakery.points(alice) or 0) >= 0
        assert pending(alice) >= 0


@given(steps=STEPS)
@settings(max_examples=30, **AN_EXAMPLE_EACH)
def test_points_are_lots_whatever_happens(
    bakery: Bakery, alice: Person, steps: list[tuple[str, object]]
) -> None:
    with undone():
        _play(bakery, alice, steps)


@given(
    earned=st.lists(st.tuples(st.integers(1, 50), st.integers(1, 90)), min_size=1, max_size=6),
    asked=st.integers(1, 200),
)
@settings(max_examples=40, **AN_EXAMPLE_EACH)
def test_what_ends_first_goes_first(
    bakery: Bakery, alice: Person, earned: list[tuple[int, int]], asked: int
) -> None:
    with undone():
        publish(bakery, Expiry.DAYS, 1)
        member = bakery.join(alice)
        for number, (points, days) in enumerate(earned):
            publish(bakery, Expiry.DAYS, days)
            bakery.sell(100 * points, alice, at=SOLD_AT + timedelta(minutes=number))
        (taken,) = db.call(
            "SELECT loyalty_take_points('points_spent', 'x', 'live', %s, %s, %s, %s, NULL)",
            [SOLD_AT, member.pk, bakery.programme_id, asked],
        )[0]
        total = sum(points for points, _days in earned)
        assert taken == min(asked, total)
        in_order = sorted(range(len(earned)), key=lambda number: (earned[number][1], number))
        expected = [points for points, _days in earned]
        for number in in_order:
            part = min(expected[number], taken)
            expected[number] -= part
            taken -= part
        assert left(alice) == expected
        assert broken() == []
