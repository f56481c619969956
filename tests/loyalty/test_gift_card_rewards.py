"""A gift card for points: taken in the wallet, all of the points and the card, or neither."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from loyalty.actions.put_reward import turn_reward
from loyalty.actions.settle import PointsGone
from loyalty.actions.take_gift_card import take_gift_card
from loyalty.models import CardForPoints, Expiry, OfferState, Reward, RewardKind
from loyalty.own_data import LoyaltyData
from okplatform.kernel import clock, relay
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import call, transaction
from okplatform.kernel.invariants import all_invariants
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from payments.actions.set_gift_card_terms import set_gift_card_terms
from payments.gift_card_numbers import written
from payments.gift_cards import number_of
from payments.models import GiftCard, GiftCardBooking, KeptGiftCard
from tests.loyalty.bakery import SOLD_AT, Bakery
from tests.loyalty.lots import left, publish
from tests.loyalty.spending import member_with, reward
from tests.loyalty.test_liability import owed
from tests.loyalty.test_spending_pages import mia
from tests.payments.gift_cards import Cards, on
from tests.support.counter import show, with_bank_account
from tests.support.proofs import prove
from tests.support.races import AT_ONCE, all_at_once
from tests.support.world import World

__all__ = ["mia"]
pytestmark = pytest.mark.django_db

CARD = "/wallet/programmes/bakkerij-bol/"
CONSOLE = "/console/bakkerij-bol/programme/rewards/"
COUNTER = "/console/bakkerij-bol/programme/hand-out/"


@pytest.fixture
def cards(bakery: Bakery) -> Cards:
    return Cards(bakery.world.till).start(valid_months=24)


@pytest.fixture
def offered(bakery: Bakery, cards: Cards) -> int:
    """Return the reward: a gift card of € 5 for 400 points."""
    return reward(bakery, RewardKind.GIFT_CARD)


@pytest.fixture
def hers(client: Client, alice: Person) -> Client:
    client.force_login(alice)
    client.cookies["django_language"] = "en"
    return client


def take(client: Client, **sent: Any) -> str:
    page = client.post(f"{CARD}points/", sent, follow=True).content.decode()
    return " ".join(page.replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.fixture(autouse=True)
def looking() -> Iterator[None]:
    with operator_scope("the tests look"):
        yield


def test_a_gift_card_is_taken_for_points_and_shows_its_bar_code(
    hers: Client, bakery: Bakery, cards: Cards, offered: int, alice: Person
) -> None:
    member_with(bakery, alice, 450)
    assert "a gift card of €5.00" in hers.get(CARD).content.decode()

    page = take(hers, card=offered, uuid=uuid4())

    assert "It is yours." in page
    assert "€5.00" in page
    assert "<svg" in page
    card = GiftCard.objects.get()
    assert (on(card), bakery.points(alice), cards.issued()) == (500, 50, -500)
    assert card.expires_on is not None
    assert KeptGiftCard.objects.get().person_id == alice.pk
    found = owed(bakery, clock.now().date() + timedelta(days=1))
    assert (found.redeemed, found.expired) == (400, 0)
    relay.drain()
    prove()


def test_sent_twice_it_is_one_card_and_without_the_points_none(
    hers: Client, bakery: Bakery, offered: int, alice: Person
) -> None:
    member_with(bakery, alice, 850)
    once = uuid4()
    for _time in range(2):
        take(hers, card=offered, uuid=once)
    assert (GiftCard.objects.count(), bakery.points(alice)) == (1, 450)
    take(hers, card=offered, uuid=uuid4())
    assert "have just been used elsewhere" in take(hers, card=offered, uuid=uuid4())
    assert (GiftCard.objects.count(), bakery.points(alice)) == (2, 50)
    assert CardForPoints.objects.count() == GiftCardBooking.objects.count() == 2
    relay.drain()
    prove()


def test_where_no_gift_cards_are_given_any_more_nothing_is_taken(
    hers: Client, bakery: Bakery, offered: int, alice: Person
) -> None:
    member_with(bakery, alice, 450)
    set_gift_card_terms(
        merchant_id=bakery.merchant_id,
        is_selling=False,
        valid_months=None,
        now=SOLD_AT,
        actor=SYSTEM,
    )
    assert f'value="{offered}"' not in hers.get(CARD).content.decode()
    assert "cannot be had any more" in take(hers, card=offered, uuid=uuid4())
    assert (GiftCard.objects.count(), bakery.points(alice)) == (0, 450)


@pytest.mark.parametrize("sent", ["0", "999999", "x"])
def test_what_is_no_gift_card_here_is_not_taken(
    hers: Client, bakery: Bakery, cards: Cards, alice: Person, sent: str
) -> None:
    other = reward(bakery)
    paused = reward(bakery, RewardKind.GIFT_CARD)
    turn_reward(
        merchant_id=bakery.merchant_id,
        reward_id=paused,
        to=OfferState.PAUSED,
        actor=SYSTEM,
        now=SOLD_AT,
    )
    member_with(bakery, alice, 450)
    for number in (sent, other, paused):
        assert "cannot be had any more" in take(hers, card=number, uuid="no uuid")
    assert (GiftCard.objects.count(), bakery.points(alice)) == (0, 450)


def test_no_basket_and_no_wish_knows_it(
    hers: Client, bakery: Bakery, offered: int, alice: Person
) -> None:
    member_with(bakery, alice, 450)
    assert "cannot be had any more" in take(hers, reward=offered)
    assert "cannot be had any more" in take(hers, donate=offered)
    assert bakery.price(1_000, alice).quote.due == 1_000


def test_it_is_in_what_a_person_takes_along(
    hers: Client, bakery: Bakery, offered: int, alice: Person
) -> None:
    member_with(bakery, alice, 450)
    take(hers, card=offered, uuid=uuid4())
    (spent,) = [one.rows for one in LoyaltyData().sections(alice.pk) if one.name == "points_spent"]
    assert [(one["points"], one["cents_on_gift_card"]) for one in spent] == [(400, 500)]


def test_a_retailer_makes_one_where_gift_cards_are_sold(mia: Client, bakery: Bakery) -> None:
    terms = {"name_nl": "Cadeaukaart", "name_en": "Gift card", "kind": "gift_card", "cost": "5000"}
    assert mia.post(CONSOLE, {**terms, "amount": "5"}).status_code == 422
    Cards(bakery.world.till).start()
    assert mia.post(CONSOLE, {**terms, "amount": "0.50"}).status_code == 422
    assert not Reward.objects.exists()
    assert mia.post(CONSOLE, {**terms, "amount": "5"}).status_code == 302
    assert Reward.objects.get().amount == 500


@pytest.mark.parametrize(
    ("breach", "said"),
    [
        ("UPDATE loyalty_card_for_points SET amount = 501", "was to hold 501 for points"),
        ("UPDATE loyalty_card_for_points SET points = 9", "cost 9 points, and 400 were taken"),
        ("DELETE FROM loyalty_card_for_points", "was to hold 0 for points, and 500"),
    ],
)
def test_a_card_that_its_points_did_not_pay_is_found(
    hers: Client, bakery: Bakery, offered: int, alice: Person, breach: str, said: str
) -> None:
    member_with(bakery, alice, 450)
    take(hers, card=offered, uuid=uuid4())
    with transaction():
        call("SELECT set_config('session_replication_role', 'replica', true)")
        call(f"{breach} RETURNING 1")
        call("SELECT set_config('session_replication_role', 'origin', true)")
    name = "cards_for_points_hold_their_amount"
    (proof,) = [one.prove() for one in all_invariants() if one.name == name]
    assert said in " ".join(proof.breaches)


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_sixty_four_taps_with_the_last_points_are_one_card(bakery: Bakery, alice: Person) -> None:
    publish(bakery, Expiry.DAYS, 10)
    Cards(bakery.world.till).start()
    number = reward(bakery, RewardKind.GIFT_CARD, cost=100)
    member = member_with(bakery, alice, 150)

    def tap(_number: int) -> str:
        try:
            take_gift_card(
                member_id=member.pk,
                person_id=alice.pk,
                reward_id=number,
                uuid=uuid4(),
                actor=SYSTEM,
                now=SOLD_AT,
            )
        except PointsGone as refusal:
            return refusal.code
        return "taken"

    assert all_at_once(tap) == {"taken": 1, "points_gone": AT_ONCE - 1}
    assert bakery.points(alice) == sum(left(alice)) == 50
    assert GiftCard.objects.count() == KeptGiftCard.objects.count() == 1
    assert on(GiftCard.objects.get()) == 500
    relay.drain()
    prove()


@pytest.fixture
def till(world: World) -> Client:
    """Sam, who stands at the bakery's counter."""
    sam = Client()
    sam.force_login(world.sam)
    sam.cookies["django_language"] = "en"
    return sam


def hand_out(till: Client, code: str, reward_id: int, uuid: UUID | None = None) -> Any:
    said = {"code": code, "reward": reward_id, "uuid": uuid or uuid4()}
    return till.post(COUNTER, said)


def test_a_cashier_hands_one_out_by_the_code_and_sent_twice_it_is_one(
    till: Client, bakery: Bakery, offered: int, alice: Person
) -> None:
    member_with(bakery, alice, 850)
    code, once = show(with_bank_account(alice)), uuid4()
    pages = [hand_out(till, code, offered, once).content.decode() for _time in range(2)]
    card = GiftCard.objects.get()
    assert all(written(number_of(card.seed)) in page for page in pages)
    assert alice.name not in pages[0]
    assert (on(card), bakery.points(alice)) == (500, 450)
    assert KeptGiftCard.objects.get().person_id == alice.pk
    prove()


def test_without_the_points_a_member_or_a_code_nothing_is_handed_out(
    till: Client, bakery: Bakery, offered: int, alice: Person, bob: Person
) -> None:
    member_with(bakery, alice, 399)
    phone = with_bank_account(alice)
    few = hand_out(till, show(phone), offered)
    assert (few.status_code, "have just been used" in few.content.decode()) == (422, True)
    assert hand_out(till, show(with_bank_account(bob)), offered).status_code == 422
    assert hand_out(till, "no code", offered).status_code == 422
    assert hand_out(till, show(phone), 0).status_code == 422
    assert (GiftCard.objects.count(), bakery.points(alice)) == (0, 399)


def test_only_who_stands_at_the_counter_hands_out(till: Client, mia: Client) -> None:
    assert "No gift cards for points" in till.get(COUNTER).content.decode()
    assert mia.get(COUNTER).status_code == 403
