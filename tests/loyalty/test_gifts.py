"""A member gives points to another: by a link, once, within limits, with the day they end."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from loyalty import move_invariants as invariants
from loyalty.actions.offer_gift import offer_gift
from loyalty.actions.set_gift_limit import set_gift_limit
from loyalty.actions.take_gift import GiftOver, GiftUnknown, take_gift
from loyalty.models import Expiry, GiftState, PointsGift
from loyalty.own_data import LoyaltyData
from okplatform.kernel import clock, relay
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person, Role
from tests.loyalty.bakery import SOLD_AT, Bakery
from tests.loyalty.lots import lots, publish, turn
from tests.loyalty.test_corrections import PAGE, works
from tests.loyalty.test_invariants import plant
from tests.loyalty.test_pages import CARD
from tests.support.proofs import prove
from tests.support.push_service import PushService
from tests.support.races import AT_ONCE, all_at_once
from tests.support.world import World
from tests.wallet.pushes import send_due, wake
from wallet.actions.delete_account import delete_account

GIVE = f"{CARD}give/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def givers(bakery: Bakery, alice: Person, bob: Person) -> Bakery:
    """Alice and Bob are members; Alice has 100 points, and members may give 80."""
    for person in (alice, bob):
        bakery.join(person)
    bakery.sell(10_000, alice)
    set_gift_limit(merchant_id=bakery.merchant_id, most_points=80, actor=SYSTEM)
    return bakery


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["django_language"] = "en"
    return client


def link(page: str) -> str:
    return page.split('value="http://testserver', 1)[1].split('"', 1)[0]


def offer(giver: Client, points: int = 60) -> str:
    """Offer points by the page; return the link's path."""
    return link(giver.post(GIVE, {"points": points}, follow=True).content.decode())


def told(answer: Any) -> str:
    return str(answer.content.decode())


def test_points_go_by_a_link_and_both_see_it(
    givers: Bakery, alice: Person, bob: Person, push_service: PushService
) -> None:
    giver, taker = browser(alice), browser(bob)
    assert "Give points to another member" in told(giver.get(CARD))
    address = offer(giver)
    assert (givers.points(alice), givers.points(bob)) == (100, 0)
    assert "You give these yourself" in told(giver.get(address))
    assert "60 points for you" in told(taker.get(address))
    phones = [push_service.phone(person) for person in (alice, bob)]
    for person in (alice, bob):
        wake(person)
    assert "60 points more are yours" in told(taker.post(address, follow=True))
    assert (givers.points(alice), givers.points(bob)) == (40, 60)
    relay.drain()
    send_due(clock.now())
    assert [len(phone.shown) for phone in phones] == [1, 1]
    assert "given to another member" in told(giver.get(CARD))
    assert "given by another member" in told(taker.get(CARD))
    assert "This gift is not there any more" in told(taker.post(address, follow=True))
    assert "Alice" not in told(taker.get(CARD))
    (moved,) = [one for one in LoyaltyData().sections(bob.pk) if one.name == "points_changes"]
    assert [(row["what"], row["points"]) for row in moved.rows] == [("received", 60)]
    prove()


def test_who_gives_takes_it_back_and_nobody_else_gets_it(
    givers: Bakery, alice: Person, bob: Person, world: World
) -> None:
    giver, taker = browser(alice), browser(bob)
    address = offer(giver)
    with operator_scope("the test looks"):
        uuid = PointsGift.objects.get().uuid
    taker.post(GIVE, {"away": uuid})
    assert "60 points for you" in told(taker.get(address))
    giver.post(GIVE, {"away": uuid})
    assert "This gift is over" in told(taker.get(address))
    with pytest.raises(GiftOver):
        take_gift(person_id=bob.pk, uuid=uuid, actor=SYSTEM, now=clock.now())
    assert browser(world.olga).get(address[:-10] + "0" * 9 + "/").status_code == 404
    assert givers.points(bob) == 0


@pytest.mark.parametrize(
    ("points", "said"),
    [(101, "You do not have so many"), (81, "cannot be given away"), (0, "greater than")],
)
def test_no_more_than_one_has_or_may(givers: Bakery, alice: Person, points: int, said: str) -> None:
    answer = browser(alice).post(GIVE, {"points": points})
    assert answer.status_code == 422
    assert said in told(answer)
    with operator_scope("the test looks"):
        assert not PointsGift.objects.exists()


def test_the_limit_of_a_month_counts_when_they_are_taken(
    givers: Bakery, alice: Person, bob: Person
) -> None:
    giver, taker = browser(alice), browser(bob)
    first, second = offer(giver, 50), offer(giver, 40)
    taker.post(first)
    taker.post(second)
    assert (givers.points(alice), givers.points(bob)) == (50, 50)
    taker.post(offer(giver, 30))
    assert (givers.points(alice), givers.points(bob)) == (20, 80)
    prove()


def test_points_spent_meanwhile_are_not_there(givers: Bakery, alice: Person, bob: Person) -> None:
    giver, taker = browser(alice), browser(bob)
    first, second = offer(giver, 60), offer(giver, 20)
    set_gift_limit(merchant_id=givers.merchant_id, most_points=500, actor=SYSTEM)
    third = offer(giver, 50)
    taker.post(first)
    assert "not there any more" in told(taker.post(third, follow=True))
    taker.post(second)
    assert (givers.points(alice), givers.points(bob)) == (20, 80)
    with operator_scope("the test looks"):
        assert PointsGift.objects.filter(state=GiftState.WAITING).count() == 1
    prove()


def test_a_shop_that_allows_none_has_no_page(bakery: Bakery, alice: Person) -> None:
    bakery.join(alice)
    assert browser(alice).get(GIVE).status_code == 404
    assert "Give points" not in told(browser(alice).get(CARD))


def test_the_owner_says_how_many(
    givers: Bakery, world: World, alice: Person, charlie: Person
) -> None:
    owner = works(givers, world.olga, Role.OWNER)
    manager = works(givers, charlie, Role.MANAGER)
    assert manager.post(PAGE, {"act": "gifts", "most_points": 9}).status_code == 403
    assert owner.post(PAGE, {"act": "gifts", "most_points": 5}).status_code == 302
    assert browser(alice).post(GIVE, {"points": 6}).status_code == 422


def test_who_is_no_member_is_asked_to_join_first(
    givers: Bakery, alice: Person, world: World
) -> None:
    address = offer(browser(alice))
    stranger = browser(world.olga)
    assert "They are for members" in told(stranger.get(address))
    stranger.post(address)
    with operator_scope("the test looks"):
        uuid = PointsGift.objects.get().uuid
    with pytest.raises(GiftUnknown):
        take_gift(person_id=world.olga.pk, uuid=uuid, actor=SYSTEM, now=clock.now())
    assert browser(world.tessa).get(address).status_code == 404
    assert givers.points(alice) == 100


def test_points_end_when_they_would_have_ended(bakery: Bakery, alice: Person, bob: Person) -> None:
    publish(bakery, Expiry.DAYS, 30)
    for person in (alice, bob):
        bakery.join(person)
    bakery.sell(3_000, alice)
    bakery.sell(5_000, alice, at=SOLD_AT + timedelta(days=3))
    set_gift_limit(merchant_id=bakery.merchant_id, most_points=80, actor=SYSTEM)
    browser(bob).post(offer(browser(alice), 40))
    mine, theirs = lots(alice), lots(bob)
    assert [lot.remaining for lot in mine] == [0, 40]
    assert [(lot.remaining, lot.expires_at) for lot in theirs] == [
        (30, mine[0].expires_at),
        (10, mine[1].expires_at),
    ]
    turn(mine[0].expires_at)
    assert (bakery.points(alice), bakery.points(bob)) == (40, 10)
    prove()


def test_points_that_live_on_with_purchases_do_not_with_who_gets_them(
    bakery: Bakery, alice: Person, bob: Person
) -> None:
    publish(bakery, Expiry.INACTIVE, 2)
    for person in (alice, bob):
        bakery.join(person)
    bakery.sell(3_000, alice)
    bakery.sell(1_000, bob)
    set_gift_limit(merchant_id=bakery.merchant_id, most_points=80, actor=SYSTEM)
    browser(bob).post(offer(browser(alice), 20))
    (_own, given) = lots(bob)
    assert (given.remaining, given.rolling) == (20, False)
    assert given.expires_at == lots(alice)[0].expires_at
    prove()


def test_who_leaves_gives_nothing_any_more(givers: Bakery, alice: Person, bob: Person) -> None:
    address = offer(browser(alice))
    delete_account(person_id=alice.pk, actor=SYSTEM, now=clock.now())
    browser(bob).post(address)
    assert givers.points(bob) == 0
    with operator_scope("the test looks"):
        assert PointsGift.objects.get().state == GiftState.WITHDRAWN
    prove()


def test_planted_breaches_are_found(givers: Bakery, alice: Person, bob: Person) -> None:
    browser(bob).post(offer(browser(alice)))
    assert not invariants.gifts_of_points_lose_none().breaches
    plant("UPDATE loyalty_points_gift SET points = points + 1")
    assert invariants.gifts_of_points_lose_none().breaches
    plant("UPDATE loyalty_points_gift SET points = points - 1")
    plant("UPDATE loyalty_points_gift SET received_id = given_id + 9 WHERE state = 'given'")
    assert len(invariants.gifts_of_points_lose_none().breaches) == 2


def offered(person: Person, bakery: Bakery, points: int) -> Any:
    member = bakery.join(person)
    return offer_gift(
        person_id=person.pk, member_id=member.pk, points=points, actor=SYSTEM, now=clock.now()
    ).uuid


def outcome(person: Person, uuid: Any) -> str:
    try:
        return str(take_gift(person_id=person.pk, uuid=uuid, actor=SYSTEM, now=clock.now()))
    except (GiftOver, GiftUnknown) as refusal:
        return refusal.code


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_of_many_who_open_a_link_at_once_one_has_the_points(
    bakery: Bakery, world: World, alice: Person
) -> None:
    bakery.join(alice)
    bakery.sell(10_000, alice)
    set_gift_limit(merchant_id=bakery.merchant_id, most_points=100, actor=SYSTEM)
    uuid = offered(alice, bakery, 70)
    takers = [world.bob, world.olga, world.charlie, world.anna]
    for person in takers:
        bakery.join(person)
    found = all_at_once(lambda number: outcome(takers[number % 4], uuid))
    assert found == {"70": 1, "gift_is_over": AT_ONCE - 1}
    assert sum(bakery.points(person) or 0 for person in takers) == 70
    assert bakery.points(alice) == 30
    prove("events_are_handled")


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_who_give_each_other_at_once_lose_nothing(
    bakery: Bakery, alice: Person, bob: Person
) -> None:
    set_gift_limit(merchant_id=bakery.merchant_id, most_points=100, actor=SYSTEM)
    gifts: list[tuple[Person, Any]] = []
    for giver, taker in ((alice, bob), (bob, alice)):
        bakery.join(giver)
        bakery.sell(10_000, giver)
        gifts += [(taker, offered(giver, bakery, 20)) for _gift in range(5)]

    def act(number: int) -> str:
        taker, uuid = gifts[number % len(gifts)]
        return outcome(taker, uuid)

    found = all_at_once(act)
    assert found == {"20": 10, "gift_is_over": AT_ONCE - 10}
    assert (bakery.points(alice), bakery.points(bob)) == (100, 100)
    prove("events_are_handled")
