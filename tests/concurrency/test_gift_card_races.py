"""64 tills at once on one gift card: exactly as many are paid as it pays for, the others not."""

from collections import Counter as Count
from typing import Any
from uuid import uuid4

import pytest

from okplatform.kernel.tenancy import operator_scope
from okplatform.trade.models import Sale, SaleLine
from payments.models import GiftCard, GiftCardBooking, Posting
from tests.merchants.checkout.gift_cards import CardDesk, by, sells_cards
from tests.support.counter import Counter, basket, settle_events
from tests.support.proofs import prove
from tests.support.races import AT_ONCE, all_at_once
from tests.support.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


@pytest.fixture
def desk(world: World) -> CardDesk:
    sells_cards(world.till)
    return CardDesk(Counter(world.till, world.till.key))


def another(desk: CardDesk) -> CardDesk:
    return CardDesk(Counter(desk.counter.place, desk.counter.key))


def outcome(answer: Any) -> str:
    told = answer.json()
    return str(told["verdict"] if answer.status_code == 200 else told["code"])


def test_of_64_sales_on_one_card_as_many_happen_as_it_pays_for(desk: CardDesk) -> None:
    card = desk.sell(5 * 1100 + 1099)

    told = all_at_once(lambda _number: outcome(another(desk).pay(by(card))))

    assert told == Count(happened=5, gift_card_too_low=AT_ONCE - 5)
    with operator_scope("a test counts all"):
        assert Sale.objects.count() == 5
        assert SaleLine.objects.count() == 10
        assert GiftCardBooking.objects.filter(kind="spent").count() == 5
    assert Posting.objects.filter(kind="gift_card_spent").count() == 5
    assert desk.balance(card).json()["balance"] == 1099
    settle_events()
    prove()


def test_64_sales_on_two_cards_in_either_order_end(desk: CardDesk) -> None:
    one, two = desk.sell(10_000), desk.sell(10_000)

    def pay(number: int) -> str:
        tenders = [by(one, 100), by(two, 100)]
        return outcome(another(desk).pay(*(tenders if number % 2 else tenders[::-1]), "cash"))

    assert all_at_once(pay) == Count(happened=AT_ONCE)
    assert desk.balance(one).json()["balance"] == 10_000 - 100 * AT_ONCE
    prove()


def test_one_load_sent_64_times_is_one_card(desk: CardDesk) -> None:
    uuid = uuid4()

    told = all_at_once(lambda _number: another(desk).put(uuid).json().get("card", "refused"))

    assert list(told.values()) == [AT_ONCE]
    with operator_scope("a test counts all"):
        assert GiftCard.objects.count() == 1
        assert GiftCardBooking.objects.count() == 1
    prove()


def test_of_a_load_and_its_giving_up_one_holds(desk: CardDesk) -> None:
    uuid = uuid4()

    def act(number: int) -> str:
        mine = another(desk)
        answer = mine.take_back(uuid) if number % 2 else mine.put(uuid)
        return str(answer.json().get("state") or answer.json()["code"])

    told = all_at_once(act)

    assert set(told) <= {"loaded", "taken_back", "stopped", "gift_card_load_taken_back"}
    assert desk.put(uuid).json()["code"] == "gift_card_load_taken_back"
    assert not {"taken_back", "stopped"} <= set(told)
    with operator_scope("a test looks"):
        assert sum(booking.amount for booking in GiftCardBooking.objects.all()) == 0
    prove()


def test_one_sale_sent_64_times_takes_the_card_once(desk: CardDesk) -> None:
    card, uuid = desk.sell(5000), uuid4()
    body = basket(payment={"tenders": [by(card)]})

    told = all_at_once(lambda _number: outcome(another(desk).counter.put(uuid, body)))

    assert told["happened"] >= 1
    assert desk.balance(card).json()["balance"] == 5000 - 1100
    prove()
