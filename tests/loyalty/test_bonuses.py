"""Bonuses: for a first purchase, and for two where one brought the other; each once."""

from collections import Counter
from typing import Any

import pytest

from loyalty import bonus_invariants
from loyalty.actions.hand_on import NoMember, hand_on
from loyalty.actions.join_programme import join_programme
from loyalty.actions.publish_bonuses import publish_bonuses
from loyalty.actions.publish_tiers import NoProgramme
from loyalty.actions.settle import BonusGone, PointsMoved
from loyalty.bonuses import Bonuses
from loyalty.models import BonusUse, Referral
from loyalty.own_data import LoyaltyData
from merchants.returns.asking import LineAsked
from okplatform.kernel import db
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from tests.loyalty.bakery import Bakery
from tests.loyalty.test_invariants import plant
from tests.payments.refunding import give_back
from tests.support.proofs import prove
from tests.support.races import all_at_once
from tests.support.world import NOW, World

pytestmark = pytest.mark.django_db


def bonuses(bakery: Bakery, **said: int) -> None:
    publish_bonuses(merchant_id=bakery.merchant_id, bonuses=Bonuses(**said), actor=SYSTEM, now=NOW)


def code_of(bakery: Bakery, person: Person) -> str:
    return hand_on(merchant_id=bakery.merchant_id, person_id=person.pk, actor=SYSTEM)


def join_with(bakery: Bakery, person: Person, code: str) -> None:
    join_programme(
        programme_id=bakery.programme_id,
        person_id=person.pk,
        terms_version=1,
        brought_by=code,
        actor=SYSTEM,
        now=NOW,
    )


def earned(bakery: Bakery, person: Person, *baskets: int) -> list[int]:
    """Sell bread for so much, one after another; return the points of each."""
    found = []
    for gross in baskets:
        priced = bakery.price(gross, person)
        bakery.settle(priced, person)
        found.append(priced.quote.points)
    return found


def given() -> list[Any]:
    with operator_scope("the tests look"):
        return sorted(BonusUse.objects.values_list("kind", "milli"))


def referrals() -> int:
    with operator_scope("the tests look"):
        return int(Referral.objects.count())


def test_a_first_purchase_brings_its_bonus_once(bakery: Bakery, alice: Person) -> None:
    bonuses(bakery, first=50)
    bakery.join(alice)
    quote = bakery.price(1_000, alice).quote
    assert {one.text.en: one.milli for one in quote.earned}["for your first purchase"] == 50_000
    assert earned(bakery, alice, 1_000, 1_000) == [60, 10]
    assert given() == [("first", 50_000)]
    prove()


def test_a_purchase_that_is_too_small_is_none(bakery: Bakery, alice: Person) -> None:
    bonuses(bakery, first=50, min_paid=1_000)
    bakery.join(alice)
    assert bakery.price(999, alice).quote.points == 9
    assert bakery.price(1_000, alice).quote.points == 60


def test_who_bought_before_has_no_first_purchase(bakery: Bakery, alice: Person) -> None:
    bakery.join(alice)
    bakery.sell(1_000, alice)
    bonuses(bakery, first=50)
    assert earned(bakery, alice, 1_000) == [10]


def test_a_bonus_goes_back_with_its_purchase(bakery: Bakery, alice: Person) -> None:
    bonuses(bakery, first=50)
    bakery.join(alice)
    sale, balance = bakery.sell(1_000, alice)
    assert balance == 60
    give_back(bakery.world.till, sale, None, lines=[LineAsked(1, 1)])
    assert bakery.points(alice) == 0
    assert earned(bakery, alice, 1_000) == [10]
    prove()


def test_who_comes_along_and_who_brought_them_both_get_theirs(
    bakery: Bakery, alice: Person, bob: Person
) -> None:
    bonuses(bakery, referral=30)
    bakery.join(alice)
    join_with(bakery, bob, code_of(bakery, alice))
    assert earned(bakery, alice, 1_000) == [10]
    assert earned(bakery, bob, 1_000, 1_000) == [40, 10]
    assert earned(bakery, alice, 1_000, 1_000) == [40, 10]
    assert given() == [("referred", 30_000), ("referrer", 30_000)]
    prove()


def test_a_friend_who_brought_everything_back_brings_nothing(
    bakery: Bakery, alice: Person, bob: Person
) -> None:
    bonuses(bakery, referral=30)
    bakery.join(alice)
    join_with(bakery, bob, code_of(bakery, alice))
    sale, _points = bakery.sell(1_000, bob)
    give_back(bakery.world.till, sale, None, lines=[LineAsked(1, 1)])
    assert earned(bakery, alice, 1_000) == [10]
    prove()


def test_nobody_brings_more_than_the_programme_says(bakery: Bakery, world: World) -> None:
    bonuses(bakery, referral=30, most=1)
    first, *friends = world.alice, world.bob, world.charlie
    bakery.join(first)
    code = code_of(bakery, first)
    for friend in friends:
        join_with(bakery, friend, code)
        assert earned(bakery, friend, 1_000) == [40]
    assert earned(bakery, first, 1_000, 1_000) == [40, 10]
    prove()


def test_a_code_is_ones_own_and_stays(bakery: Bakery, alice: Person, bob: Person) -> None:
    with pytest.raises(NoMember):
        code_of(bakery, alice)
    bakery.join(alice)
    code = code_of(bakery, alice)
    assert code_of(bakery, alice) == code
    # A member already: nobody is brought along twice, and not by oneself.
    join_with(bakery, alice, code)
    assert referrals() == 0
    join_with(bakery, bob, "nobody's")
    assert referrals() == 0
    join_with(bakery, bob, code)
    assert referrals() == 0


def test_who_leaves_hands_nothing_on(bakery: Bakery, alice: Person, bob: Person) -> None:
    bonuses(bakery, referral=30)
    bakery.join(alice)
    code = code_of(bakery, alice)
    with db.transaction():
        LoyaltyData().forget(alice.pk, now=NOW, actor=SYSTEM)
    join_with(bakery, bob, code)
    assert referrals() == 0
    assert earned(bakery, bob, 1_000) == [10]


def test_bonuses_want_a_programme(world: World) -> None:
    with pytest.raises(NoProgramme):
        publish_bonuses(
            merchant_id=world.kaashuis.merchant.pk,
            bonuses=Bonuses(first=1),
            actor=SYSTEM,
            now=NOW,
        )


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_of_sixty_four_tills_one_gives_the_bonus(bakery: Bakery, alice: Person) -> None:
    bonuses(bakery, first=50)
    bakery.join(alice)
    priced = bakery.price(1_000, alice)

    def till(_number: int) -> str:
        try:
            bakery.settle(priced, alice)
        except (BonusGone, PointsMoved) as refusal:
            return refusal.code
        return "paid"

    assert all_at_once(till) == Counter(paid=1, bonus_gone=63)
    assert bakery.points(alice) == 60
    prove()


@pytest.mark.parametrize(
    ("breach", "says"),
    [
        ("UPDATE loyalty_bonus_use SET milli = 1000000", "gave bonuses of 1000000"),
        (
            "UPDATE loyalty_bonus_use SET kind = 'referrer', occasion = 1",
            "who came with somebody else",
        ),
    ],
)
def test_a_planted_breach_is_found(bakery: Bakery, alice: Person, breach: str, says: str) -> None:
    bonuses(bakery, first=50)
    bakery.join(alice)
    bakery.sell(1_000, alice)
    plant(breach)
    (found,) = bonus_invariants.bonuses_lie_within_what_their_sales_earned().breaches
    assert says in found
