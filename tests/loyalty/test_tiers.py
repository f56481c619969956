"""Tiers on the books: reached by what was bought, multiplied in the next sale, lost in time."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from loyalty import tier_invariants
from loyalty.actions.place_members import place_members, review_tiers
from loyalty.actions.publish_tiers import NoProgramme, TiersOutOfOrder, publish_tiers
from loyalty.engine import NearMiss, Texts
from loyalty.models import MemberTier, TierBasis, TierPeriod
from loyalty.tiers import Ladder, Tier
from merchants.returns.asking import LineAsked
from okplatform.kernel import clock, relay
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from tests.loyalty.bakery import SOLD_AT, Bakery
from tests.loyalty.test_invariants import plant
from tests.payments.refunding import give_back
from tests.support.proofs import prove
from tests.support.races import all_at_once
from tests.support.world import NOW, World

pytestmark = pytest.mark.django_db

SILVER = Tier(1, Texts(nl="Zilver", en="Silver"), 10, 10, 1_500)
GOLD = Tier(2, Texts(nl="Goud", en="Gold"), 50, 50, 2_000)


def tiers(bakery: Bakery, **other: Any) -> None:
    ladder = Ladder((SILVER, GOLD), TierPeriod.YEAR, TierBasis.POINTS, 0)._replace(**other)
    publish_tiers(merchant_id=bakery.merchant_id, ladder=ladder, actor=SYSTEM, now=clock.now())


def drain() -> None:
    relay.drain(now=clock.now())


def stands() -> list[Any]:
    with operator_scope("the tests look"):
        return list(MemberTier.objects.order_by("member").values_list("tier", flat=True))


def test_who_reaches_a_tier_earns_more_from_the_next_purchase(
    bakery: Bakery, alice: Person
) -> None:
    tiers(bakery)
    bakery.join(alice)
    first = bakery.price(1_000, alice)
    assert first.quote.points == 10
    assert NearMiss("tier", 0, 0, SILVER.name) in first.quote.near_misses
    bakery.settle(first, alice)
    assert bakery.price(1_000, alice).quote.points == 10
    drain()
    assert stands() == [1]
    second = bakery.price(1_000, alice)
    assert second.quote.points == 15
    assert {earned.text for earned in second.quote.earned} >= {SILVER.name}
    prove()


def test_a_cent_too_little_reaches_nothing(bakery: Bakery, alice: Person) -> None:
    tiers(bakery)
    bakery.join(alice)
    bakery.sell(999, alice)
    drain()
    assert stands() == [None]
    assert bakery.price(100, alice).quote.points == 1
    prove()


def test_how_little_is_missing_is_said(bakery: Bakery, alice: Person) -> None:
    tiers(bakery)
    bakery.join(alice)
    assert NearMiss("tier", 0, 2, SILVER.name) in bakery.price(800, alice).quote.near_misses
    tiers(bakery, basis=TierBasis.SPEND, tiers=(SILVER._replace(threshold=1_000, keep=0),))
    assert NearMiss("tier", 200, 0, SILVER.name) in bakery.price(800, alice).quote.near_misses


def test_a_shop_without_tiers_asks_nothing_of_them(
    bakery: Bakery, alice: Person, django_assert_num_queries: Any
) -> None:
    bakery.join(alice)
    bakery.price(1_000, alice)
    with django_assert_num_queries(1) as asked:
        bakery.price(1_000, alice)
    assert "loyalty_standing" not in asked.captured_queries[0]["sql"]
    tiers(bakery)
    bakery.price(1_000, alice)
    with django_assert_num_queries(1) as asked:
        bakery.price(1_000, alice)
    assert "loyalty_standing" in asked.captured_queries[0]["sql"]
    bakery.sell(1_000, alice)
    drain()
    assert stands() == [1]


def test_what_came_back_did_not_reach_it(bakery: Bakery, alice: Person) -> None:
    tiers(bakery)
    bakery.join(alice)
    sale, _points = bakery.sell(1_000, alice)
    drain()
    assert stands() == [1]
    give_back(bakery.world.till, sale, None, lines=[LineAsked(1, 1)])
    drain()
    assert stands() == [None]
    prove()


def test_a_rehearsal_reaches_its_own_tier(bakery: Bakery, world: World) -> None:
    tiers(bakery)
    bakery.join(world.tessa)
    bakery.sell(1_000, world.tessa, Mode.TEST)
    drain()
    with operator_scope("the tests look"):
        assert list(MemberTier.objects.values_list("mode", "tier")) == [("test", 1)]


def test_the_task_takes_a_tier_on_its_day_by_the_clock_of_the_shop(
    bakery: Bakery, alice: Person
) -> None:
    tiers(bakery)
    bakery.join(alice)
    bakery.sell(1_000, alice)
    drain()
    # Midnight of 1 January 2028 in Amsterdam, an hour before that of UTC.
    over = datetime(2027, 12, 31, 23, tzinfo=UTC)
    assert review_tiers(now=over - timedelta(seconds=1)) == 0
    assert stands() == [1]
    assert review_tiers(now=over) == 1
    assert stands() == [None]
    assert review_tiers(now=over) == 0
    prove()


@pytest.mark.parametrize(
    ("bought", "midnight"),
    [
        # A year after a purchase a second before midnight in Amsterdam, around the days on which
        # the clock goes forward and back; the last ends as such a day begins.
        (datetime(2026, 3, 28, 22, 59, 59, tzinfo=UTC), datetime(2027, 3, 27, 23, tzinfo=UTC)),
        (datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC), datetime(2027, 3, 28, 22, tzinfo=UTC)),
        (datetime(2026, 10, 24, 21, 59, 59, tzinfo=UTC), datetime(2027, 10, 23, 22, tzinfo=UTC)),
        (datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC), datetime(2027, 10, 24, 22, tzinfo=UTC)),
        (datetime(2026, 10, 31, 22, 59, 59, tzinfo=UTC), datetime(2027, 10, 30, 22, tzinfo=UTC)),
    ],
)
def test_twelve_months_end_at_midnight_of_the_shop_when_the_clock_changes(
    bakery: Bakery, alice: Person, bought: datetime, midnight: datetime
) -> None:
    tiers(bakery, period=TierPeriod.TWELVE_MONTHS)
    bakery.join(alice)
    bakery.settle(bakery.price(1_000, alice, now=bought), alice, at=bought)
    review_tiers(now=bought)
    assert stands() == [1]
    assert review_tiers(now=midnight - timedelta(seconds=1)) == 0
    assert stands() == [1]
    assert review_tiers(now=midnight) == 1
    assert stands() == [None]


def test_other_tiers_place_everybody_anew(bakery: Bakery, alice: Person, bob: Person) -> None:
    bakery.join(alice)
    bakery.join(bob)
    bakery.sell(1_000, alice)
    tiers(bakery)
    assert review_tiers(now=clock.now()) == 2
    assert stands() == [1, None]
    tiers(bakery, tiers=(SILVER._replace(threshold=11, keep=5), GOLD))
    assert review_tiers(now=clock.now()) == 2
    assert stands() == [None, None]
    assert review_tiers(now=clock.now()) == 0
    tiers(bakery, tiers=())
    assert bakery.price(1_000, alice).quote.points == 10
    prove()


@pytest.mark.parametrize(
    "wrong",
    [
        (GOLD, SILVER),
        (SILVER._replace(threshold=0, keep=0),),
        (SILVER._replace(keep=11),),
    ],
)
def test_tiers_out_of_order_are_refused(bakery: Bakery, wrong: tuple[Tier, ...]) -> None:
    with pytest.raises(TiersOutOfOrder):
        tiers(bakery, tiers=wrong)


def test_tiers_want_a_programme(world: World) -> None:
    with pytest.raises(NoProgramme):
        publish_tiers(
            merchant_id=world.kaashuis.merchant.pk,
            ladder=Ladder((SILVER,), TierPeriod.YEAR, TierBasis.POINTS, 0),
            actor=SYSTEM,
            now=NOW,
        )


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_placed_sixty_four_times_at_once_it_is_one_place(bakery: Bakery, alice: Person) -> None:
    tiers(bakery)
    member = bakery.join(alice)
    bakery.sell(1_000, alice, at=SOLD_AT)

    def worker(_number: int) -> str:
        return str(place_members(member_ids=[member.pk], now=clock.now()))

    assert all_at_once(worker) == Counter({"1": 64})
    assert stands() == [1]
    prove()


@pytest.mark.parametrize(
    ("breach", "says"),
    [
        ("UPDATE loyalty_member_tier SET amount = amount + 1", "and history says 10000"),
        ("UPDATE loyalty_member_tier SET tier = NULL", "has reached a higher tier"),
        (
            "UPDATE loyalty_member_tier SET tier = 2, review_on = NULL",
            "keeps a tier for ever",
        ),
    ],
)
def test_a_planted_breach_is_found(bakery: Bakery, alice: Person, breach: str, says: str) -> None:
    tiers(bakery)
    bakery.join(alice)
    bakery.sell(1_000, alice)
    drain()
    assert tier_invariants.members_stand_where_their_history_says().breaches == []
    plant(breach)
    (found,) = tier_invariants.members_stand_where_their_history_says().breaches
    assert says in found
