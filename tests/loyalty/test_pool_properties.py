"""Whatever a family does with its points, in any order: none is lost, and every proof holds."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.actions.leave_pool import NotInPool
from loyalty.models import Expiry, Member
from loyalty.queries.pools import seats_of
from okplatform.kernel import relay
from okplatform.kernel.errors import Refusal
from okplatform.parties.models import Person
from tests.loyalty.bakery import SOLD_AT, Bakery
from tests.loyalty.lots import publish, turn
from tests.loyalty.pools import allow, bring_in, leave
from tests.loyalty.spending import open_spending, wish
from tests.loyalty.test_lot_properties import AN_EXAMPLE_EACH, undone
from tests.payments.refunding import give_back
from tests.support.proofs import prove

pytestmark = pytest.mark.django_db

WHO = st.integers(0, 2)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("sell"), WHO, st.integers(100, 60_000)),
        st.tuples(st.just("spend"), WHO, st.integers(1, 9)),
        st.tuples(st.just("return"), WHO, st.integers(0, 9)),
        st.tuples(st.just("join"), WHO, WHO),
        st.tuples(st.just("leave"), WHO, st.just(0)),
        st.tuples(st.just("wait"), WHO, st.integers(1, 25)),
    ),
    min_size=4,
    max_size=16,
)


def _play(bakery: Bakery, people: list[Person], steps: list[tuple[str, int, int]]) -> None:
    at, sales = SOLD_AT, list[tuple[int, int]]()
    members = [bakery.join(person) for person in people]
    for what, who, how in steps:
        at += timedelta(minutes=1)
        if what == "sell":
            sales.append((bakery.sell(how, people[who], at=at)[0], how))
        elif what == "spend":
            wish(members[who], how * 100)
            sales.append((bakery.sell(how * 200, people[who], at=at)[0], how * 100))
        elif what == "return" and sales:
            sale, amount = sales.pop(how % len(sales))
            give_back(bakery.world.till, sale, min(amount, 100), now=at)
        elif what == "wait":
            at += timedelta(days=how)
            turn(at)
        elif what in {"join", "leave"}:
            _move(members, what, who, how)
        _adds_up(members)
    relay.drain()
    prove()


def _move(members: list[Member], what: str, who: int, other: int) -> None:
    if what == "leave":
        with suppress(NotInPool):
            leave(members[who])
    elif who != other:
        with suppress(Refusal):
            bring_in(members[who], members[other])


def _adds_up(members: list[Member]) -> None:
    """See that what a pool's members lent each other adds up to nothing."""
    for member in members:
        assert sum(seat.lent for seat in seats_of(member.pk)) == 0


@settings(max_examples=20, **AN_EXAMPLE_EACH)
@given(STEPS)
def test_a_family_loses_no_point_in_any_order(
    bakery: Bakery,
    alice: Person,
    bob: Person,
    sam: Person,
    steps: list[tuple[str, int, int]],
) -> None:
    with undone():
        publish(bakery, Expiry.DAYS, 30)
        open_spending(bakery)
        allow(bakery)
        _play(bakery, [alice, bob, sam], steps)
