"""Sixty-four tills at once, on real connections: the last of a limit is given exactly once."""

from collections import Counter
from collections.abc import Callable

import pytest

from loyalty.actions.settle import OfferExhausted, PointsMoved
from loyalty.models import Earning, Member, OfferUse
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from tests.loyalty.bakery import Bakery
from tests.support.races import AT_ONCE, all_at_once

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def at_once(sell: Callable[[], object]) -> Counter[str]:
    """Run ``sell`` at 64 tills that start together; count how each ended."""

    def till(_number: int) -> str:
        try:
            sell()
        except (OfferExhausted, PointsMoved) as refusal:
            return refusal.code
        return "paid"

    return all_at_once(till)


def test_the_last_use_of_an_offer_is_given_once(bakery: Bakery) -> None:
    bakery.offer(uses=1)
    priced = bakery.price(1_000)
    assert at_once(lambda: bakery.settle(priced, None)) == {"paid": 1, "offer_exhausted": 63}
    with operator_scope("the tests look"):
        assert OfferUse.objects.count() == 1


def test_the_last_of_a_budget_is_given_once(bakery: Bakery) -> None:
    bakery.offer(budget=199)
    priced = bakery.price(1_000)
    assert at_once(lambda: bakery.settle(priced, None)) == {"paid": 1, "offer_exhausted": 63}
    with operator_scope("the tests look"):
        assert list(OfferUse.objects.values_list("amount", flat=True)) == [100]


def test_a_budget_for_forty_in_eight_parts_is_given_to_forty(bakery: Bakery) -> None:
    bakery.offer(percentage_bp=10_000, budget=40_000)
    priced = bakery.price(1_000)
    assert at_once(lambda: bakery.settle(priced, None)) == {"paid": 40, "offer_exhausted": 24}


def test_what_one_member_earns_at_many_tills_at_once_adds_up(bakery: Bakery, alice: Person) -> None:
    bakery.join(alice)

    def sell() -> None:
        while True:
            try:
                bakery.sell(150, alice)
            except PointsMoved:
                continue
            return

    assert at_once(sell) == {"paid": AT_ONCE}
    with operator_scope("the tests look"):
        earned = sum(Earning.objects.values_list("points", flat=True))
        carry = Member.objects.get().carry
    assert 1_000 * earned + carry == AT_ONCE * 1_500
    assert bakery.points(alice) == earned
