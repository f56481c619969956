"""Offers that give each person only so much, offers for new members, and days that do not count."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from loyalty import coupon_invariants
from loyalty.actions.settle import PersonHadOffer
from loyalty.models import MemberOffer
from merchants.returns.asking import LineAsked
from okplatform.kernel import db
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from tests.loyalty.bakery import Bakery
from tests.loyalty.test_invariants import plant
from tests.payments.refunding import give_back
from tests.support.proofs import prove
from tests.support.races import all_at_once
from tests.support.world import NOW, World

pytestmark = pytest.mark.django_db


def had() -> list[Any]:
    """Return how often, and how much, members had."""
    with operator_scope("the tests look"):
        return list(MemberOffer.objects.order_by("member").values_list("uses", "amount"))


def discounts(bakery: Bakery, person: Person | None, *baskets: int) -> list[int]:
    """Sell bread for so much, one after another; return what went off each."""
    found = []
    for gross in baskets:
        priced = bakery.price(gross, person)
        bakery.settle(priced, person)
        found.append(priced.quote.discount)
    return found


def test_a_member_gets_it_so_often_and_another_one_too(
    bakery: Bakery, alice: Person, bob: Person
) -> None:
    bakery.offer(per_person=2)
    bakery.join(alice)
    bakery.join(bob)
    assert discounts(bakery, alice, 1_000, 500, 1_000) == [100, 50, 0]
    assert discounts(bakery, bob, 1_000) == [100]
    assert discounts(bakery, None, 1_000) == [0]
    assert had() == [(2, 150), (1, 100)]
    prove()


def test_a_member_gets_so_much_to_the_cent(bakery: Bakery, alice: Person) -> None:
    bakery.offer(per_person_amount=120)
    bakery.join(alice)
    assert discounts(bakery, alice, 1_000, 1_000, 1_000) == [100, 20, 0]
    assert had() == [(2, 120)]
    prove()


def test_a_rehearsal_is_of_another_person(bakery: Bakery, world: World) -> None:
    bakery.offer(per_person=1)
    bakery.join(world.tessa)
    assert bakery.sell(1_000, world.tessa, Mode.TEST)
    assert bakery.price(1_000, world.tessa, mode=Mode.TEST).quote.discount == 0
    prove()


def test_what_came_back_may_be_had_again(bakery: Bakery, alice: Person) -> None:
    bakery.offer(per_person=1, per_person_amount=500)
    bakery.join(alice)
    sale, _points = bakery.sell(1_000, alice)
    assert bakery.price(1_000, alice).quote.discount == 0
    give_back(bakery.world.till, sale, None, lines=[LineAsked(1, 1)])
    assert had() == [(0, 0)]
    assert discounts(bakery, alice, 1_000) == [100]
    prove()


def test_settling_a_sale_twice_counts_once(bakery: Bakery, alice: Person) -> None:
    bakery.offer(per_person=5)
    bakery.join(alice)
    priced = bakery.price(1_000, alice)
    sale, _points = bakery.settle(priced, alice)
    with db.transaction():
        bakery.settle_again(sale, priced)
    assert had() == [(1, 100)]


def test_an_offer_for_new_members_ends_with_their_days(bakery: Bakery, alice: Person) -> None:
    bakery.offer(joined_within=14)
    assert bakery.price(1_000, alice).quote.discount == 0
    bakery.join(alice)
    fortnight = NOW + timedelta(days=14)
    assert bakery.price(1_000, alice, now=fortnight).quote.discount == 100
    assert bakery.price(1_000, alice, now=fortnight + timedelta(seconds=1)).quote.discount == 0


def test_on_a_day_that_is_left_out_nothing_goes_off(bakery: Bakery) -> None:
    bakery.offer(black_out=(date(2026, 11, 18), date(2026, 12, 24)))
    day = timedelta(days=1)
    assert [bakery.price(1_000, now=NOW + day * ahead).quote.discount for ahead in range(3)] == [
        100,
        0,
        100,
    ]


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("cap", [{"per_person": 1}, {"per_person_amount": 100}])
def test_of_sixty_four_tills_one_gives_a_person_the_last(
    bakery: Bakery, alice: Person, cap: dict[str, int]
) -> None:
    bakery.offer(**cap)
    bakery.join(alice)
    priced = bakery.price(1_000, alice)

    def till(_number: int) -> str:
        try:
            bakery.settle(priced, alice)
        except PersonHadOffer as refusal:
            return refusal.code
        return "paid"

    assert all_at_once(till) == Counter(paid=1, person_had_offer=63)
    assert had() == [(1, 100)]


@pytest.mark.parametrize(
    "breach",
    [
        "UPDATE loyalty_member_offer SET uses = uses + 1",
        "UPDATE loyalty_member_offer SET amount = amount - 1",
        "DELETE FROM loyalty_member_offer_use",
        "UPDATE loyalty_member_offer_use SET back_amount = 1",
    ],
)
def test_a_planted_breach_is_found(bakery: Bakery, alice: Person, breach: str) -> None:
    bakery.offer(per_person=3)
    bakery.join(alice)
    bakery.sell(1_000, alice)
    plant(breach)
    (found,) = coupon_invariants.members_had_what_was_counted_for_them().breaches
    assert "and sales say" in found
