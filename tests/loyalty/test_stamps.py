"""Stamp cards on the books: each stamp once, a full card for one till, and back with the goods."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from loyalty import stamp_invariants
from loyalty.actions.pause_offer import pause_offer
from loyalty.actions.resume_offer import resume_offer
from loyalty.actions.settle import StampCardMoved
from loyalty.models import MemberStamps, OfferKind, StampUse
from loyalty.queries.stamps import stamp_cards
from merchants.returns.asking import LineAsked
from merchants.returns.refusals import NothingToRefund
from merchants.returns.sentences import sentence
from okplatform.kernel import db, relay
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from okplatform.trade.actions.record_return import MoreThanSold
from tests.loyalty.bakery import SOLD_AT, Bakery
from tests.loyalty.test_invariants import plant
from tests.payments.refunding import give_back
from tests.support.proofs import prove
from tests.support.races import AT_ONCE, all_at_once
from tests.support.world import NOW, World

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


def card(bakery: Bakery, size: int = 3, percentage_bp: int = 10_000, **other: Any) -> int:
    """Make a card: of so many loaves the last is free."""
    return bakery.offer(kind=OfferKind.STAMPS, percentage_bp=percentage_bp, pieces=size, **other)


def stamps() -> list[int]:
    """Return the stamps of members, one after another."""
    with operator_scope("the tests look"):
        return list(MemberStamps.objects.order_by("member").values_list("count", flat=True))


def sell(bakery: Bakery, person: Person, times: int = 1) -> list[int]:
    """Sell loaves one by one; return what went off each."""
    found = []
    for _ in range(times):
        priced = bakery.price(200, person)
        bakery.settle(priced, person)
        found.append(priced.quote.discount)
    return found


def test_the_third_loaf_is_free_for_each_member(bakery: Bakery, alice: Person, bob: Person) -> None:
    card(bakery)
    bakery.join(alice)
    bakery.join(bob)
    assert sell(bakery, alice, 4) == [0, 0, 200, 0]
    assert sell(bakery, bob) == [0]
    assert stamps() == [1, 1]
    prove()


def test_who_is_no_member_gets_no_stamps(bakery: Bakery, alice: Person) -> None:
    card(bakery, size=2)
    assert sell(bakery, alice, 3) == [0, 0, 0]
    assert stamps() == []


def test_a_rehearsal_stamps_no_card_of_the_living(bakery: Bakery, world: World) -> None:
    card(bakery)
    bakery.join(world.tessa)
    bakery.sell(200, world.tessa, Mode.TEST)
    with operator_scope("the tests look"):
        assert list(MemberStamps.objects.values_list("mode", "count")) == [("test", 1)]
    prove()


def test_settling_a_sale_twice_stamps_once(bakery: Bakery, alice: Person) -> None:
    card(bakery)
    bakery.join(alice)
    priced = bakery.price(200, alice)
    sale, _points = bakery.settle(priced, alice)
    with db.transaction():
        bakery.settle_again(sale, priced)
    assert stamps() == [1]


def test_a_paused_card_keeps_its_stamps(bakery: Bakery, alice: Person) -> None:
    number = card(bakery)
    bakery.join(alice)
    sell(bakery, alice, 2)
    turned: dict[str, Any] = {
        "merchant_id": bakery.merchant_id,
        "offer_id": number,
        "actor": SYSTEM,
        "now": NOW,
    }
    pause_offer(**turned)
    assert sell(bakery, alice) == [0]
    resume_offer(merchant_id=bakery.merchant_id, offer_id=number, actor=SYSTEM, now=NOW)
    assert sell(bakery, alice) == [200]


def test_a_loaf_that_comes_back_takes_its_stamp_along(bakery: Bakery, alice: Person) -> None:
    card(bakery)
    bakery.join(alice)
    sale, _points = bakery.sell(200, alice)
    give_back(bakery.world.till, sale, None, lines=[LineAsked(1, 1)])
    assert stamps() == [0]
    assert sell(bakery, alice, 3) == [0, 0, 200]
    prove()


def test_a_loaf_from_a_full_card_that_comes_back_gives_the_full_card_back(
    bakery: Bakery, alice: Person
) -> None:
    card(bakery, percentage_bp=5_000)
    bakery.join(alice)
    sell(bakery, alice, 2)
    sale, _points = bakery.sell(200, alice)
    assert stamps() == [0]
    give_back(bakery.world.till, sale, None, lines=[LineAsked(1, 1)])
    assert stamps() == [2]
    assert sell(bakery, alice) == [100]
    prove()


def test_a_free_loaf_alone_comes_back_without_money_and_gives_the_full_card_back(
    bakery: Bakery, alice: Person
) -> None:
    card(bakery)
    bakery.join(alice)
    assert sell(bakery, alice, 2) == [0, 0]
    sale, _points = bakery.sell(200, alice)
    assert stamps() == [0]
    back = give_back(bakery.world.till, sale, None, lines=[LineAsked(1, 1)])
    assert (back.amount, back.tenders, back.points) == (0, [], 0)
    assert sentence(back) == "Er gaat geen geld terug: de volle stempelkaart wel, vanzelf."
    assert stamps() == [2]
    with pytest.raises(MoreThanSold):
        give_back(bakery.world.till, sale, None, lines=[LineAsked(1, 1)])
    assert stamps() == [2]
    assert sell(bakery, alice) == [200], "the next one is free again"
    relay.drain()
    prove()


def test_what_another_offer_made_free_is_still_nothing_to_refund(
    bakery: Bakery, alice: Person
) -> None:
    card(bakery, size=9)
    bakery.offer(percentage_bp=10_000)
    sale, _points = bakery.sell(200, alice)
    with pytest.raises(NothingToRefund):
        give_back(bakery.world.till, sale, None, lines=[LineAsked(1, 1)])


def test_a_stamp_that_was_used_before_its_loaf_came_back_is_owed(
    bakery: Bakery, alice: Person
) -> None:
    card(bakery)
    bakery.join(alice)
    first, _points = bakery.sell(200, alice)
    sell(bakery, alice, 2)
    give_back(bakery.world.till, first, None, lines=[LineAsked(1, 1)])
    assert stamps() == [-1]
    assert sell(bakery, alice, 4) == [0, 0, 0, 200]
    prove()


def test_stamps_end_and_what_comes_back_of_them_is_not_asked_for(
    bakery: Bakery, alice: Person
) -> None:
    card(bakery, lapse_days=30)
    bakery.join(alice)
    sale, _points = bakery.sell(200, alice)
    later = NOW + timedelta(days=60)
    priced = bakery.price(200, alice, now=later)
    bakery.settle(priced, alice, at=SOLD_AT + timedelta(days=60))
    assert stamps() == [1]
    give_back(bakery.world.till, sale, None, lines=[LineAsked(1, 1)])
    assert stamps() == [1]
    prove()


@pytest.mark.parametrize(
    ("last", "midnight"),
    [
        # The clock of Amsterdam goes forward in the night to 29 March 2026, back in that to 25
        # October: the days in between are 23 and 25 hours long, and one day each.
        (datetime(2026, 3, 28, 22, 59, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC)),
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), datetime(2026, 3, 30, 22, tzinfo=UTC)),
        (datetime(2026, 10, 24, 21, 59, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC)),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), datetime(2026, 10, 26, 23, tzinfo=UTC)),
    ],
)
def test_stamps_end_at_midnight_of_the_store_when_the_clock_changes(
    bakery: Bakery, alice: Person, last: datetime, midnight: datetime
) -> None:
    card(bakery, size=2, lapse_days=1)
    member = bakery.join(alice).pk
    bakery.settle(bakery.price(200, alice, now=last), alice, at=last)
    for now, discount, shown in ((midnight - SECOND, 200, 1), (midnight, 0, 0)):
        assert bakery.price(200, alice, now=now).quote.discount == discount
        (seen,) = stamp_cards(
            merchant_id=bakery.merchant_id, member_id=member, language="nl", now=now
        )
        assert seen.count == shown


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_of_sixty_four_tills_one_gives_the_free_loaf(bakery: Bakery, alice: Person) -> None:
    card(bakery)
    bakery.join(alice)
    sell(bakery, alice, 2)
    priced = bakery.price(200, alice)
    assert priced.quote.discount == 200

    def till(_number: int) -> str:
        try:
            bakery.settle(priced, alice)
        except StampCardMoved as refusal:
            return refusal.code
        return "paid"

    assert all_at_once(till) == Counter(paid=1, stamp_card_moved=63)
    assert stamps() == [0]
    prove()


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_no_stamp_is_lost_and_none_given_twice_at_many_tills(bakery: Bakery, alice: Person) -> None:
    card(bakery)
    bakery.join(alice)
    sell(bakery, alice)

    def till(_number: int) -> str:
        while True:
            priced = bakery.price(200, alice)
            try:
                bakery.settle(priced, alice)
            except StampCardMoved:
                continue
            return "free" if priced.quote.discount else "paid"

    ended = all_at_once(till)
    assert ended["free"] + ended["paid"] == AT_ONCE
    assert stamps() == [1 + AT_ONCE - 3 * ended["free"]]
    with operator_scope("the tests look"):
        assert StampUse.objects.filter(rewards=1).count() == ended["free"]
    prove()


@pytest.mark.parametrize(
    ("breach", "says"),
    [
        ("UPDATE loyalty_member_stamps SET count = count + 1", "and sales say 1"),
        ("DELETE FROM loyalty_stamp_use", "and sales say 0"),
        ("UPDATE loyalty_stamp_use SET back_stamps = 1", "and sales say 0"),
    ],
)
def test_a_planted_breach_is_found(bakery: Bakery, alice: Person, breach: str, says: str) -> None:
    card(bakery)
    bakery.join(alice)
    bakery.sell(200, alice)
    plant(breach)
    (found,) = stamp_invariants.stamp_cards_have_the_stamps_of_their_sales().breaches
    assert says in found


def test_stamps_on_an_offer_that_is_no_card_are_found(bakery: Bakery, alice: Person) -> None:
    card(bakery)
    bakery.join(alice)
    bakery.sell(200, alice)
    assert stamp_invariants.stamps_are_of_stamp_cards().breaches == []
    plant("UPDATE loyalty_offer SET kind = 'percentage', pieces = NULL")
    (found,) = stamp_invariants.stamps_are_of_stamp_cards().breaches
    assert "which is no stamp card" in found
