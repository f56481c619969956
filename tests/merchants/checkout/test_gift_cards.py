"""Gift cards at the till: sold, topped up, spent in part, given back, and what is refused."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from okplatform.kernel.tenancy import operator_scope
from okplatform.trade.models import Sale
from payments.gift_card_numbers import with_check_digits
from payments.models import GiftCard, GiftCardBooking, Posting
from payments.models.gift_card import MOST_WRONG_PINS
from tests.merchants.checkout.gift_cards import CardDesk, Sold, by, sells_cards
from tests.support.confirming import BIKE, answers
from tests.support.counter import Counter, basket, paying, settle_events, show
from tests.support.phone import Phone
from tests.support.proofs import prove
from tests.support.world import World
from wallet.actions.count_guess import ALLOWED_PER_TILL
from wallet.models import GuessWindow

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(counter: Counter) -> CardDesk:
    sells_cards(counter.place)
    return CardDesk(counter)


def on(desk: CardDesk, card: Sold) -> int:
    return int(desk.balance(card).json()["balance"])


def test_a_card_is_sold_and_pays_a_part_while_pin_pays_the_rest(desk: CardDesk) -> None:
    card = desk.sell(1000)

    answer = desk.pay(by(card, 700), "pin").json()

    assert answer["verdict"] == "happened"
    end = card.number[-4:]
    assert answer["gift_cards"] == [{"number_end": end, "amount": 700, "balance": 300}]
    assert [(one["kind"], one["amount"]) for one in answer["tenders"]] == [
        ("gift_card", 700),
        ("pin", 400),
    ]
    assert any(end in line for line in answer["receipt_lines"])
    assert on(desk, card) == 300
    prove()


def test_the_bar_code_holds_the_pin_too(desk: CardDesk) -> None:
    card = desk.sell(2000)
    scanned = {"kind": "gift_card", "card": card.number + card.pin}

    assert desk.pay(scanned).json()["verdict"] == "happened"
    assert on(desk, card) == 900


def test_a_load_sent_again_is_the_same_card_and_another_amount_is_refused(desk: CardDesk) -> None:
    uuid = uuid4()
    first, again = desk.put(uuid).json(), desk.put(uuid).json()

    assert first == again
    assert desk.put(uuid, amount=2600).json()["code"] == "gift_card_load_differs"
    with operator_scope("a test counts all"):
        assert GiftCard.objects.count() == 1
    assert Posting.objects.filter(kind="gift_card_sold").count() == 1


def test_a_card_is_topped_up_by_its_number_alone(desk: CardDesk) -> None:
    card = desk.sell(1000)
    answer = desk.put(uuid4(), amount=500, card=card.number).json()

    assert (answer["balance"], answer["card"], answer["pin"]) == (1500, None, None)
    assert on(desk, card) == 1500
    prove()


def test_more_than_is_on_the_card_pays_nothing_at_all(desk: CardDesk) -> None:
    card = desk.sell(1000)
    uuid = uuid4()

    refused = desk.pay(by(card), uuid=uuid)

    assert (refused.status_code, refused.json()["code"]) == (409, "gift_card_too_low")
    assert refused.json()["verdict"] == "still_open"
    assert on(desk, card) == 1000
    with operator_scope("a test counts all"):
        assert not Sale.objects.filter(uuid=uuid).exists()
    assert not Posting.objects.filter(kind="gift_card_spent").exists()


def test_a_sale_sent_again_is_paid_once(desk: CardDesk) -> None:
    card = desk.sell(2500)
    uuid = uuid4()
    first = desk.pay(by(card), uuid=uuid).json()
    again = desk.pay(by(card), uuid=uuid).json()

    assert first == again
    assert desk.counter.get(uuid).json()["gift_cards"] == first["gift_cards"]
    assert on(desk, card) == 1400


def test_a_quoted_sale_is_paid_by_card(desk: CardDesk) -> None:
    card = desk.sell(2500)
    uuid = uuid4()
    assert desk.counter.put(uuid, basket()).json()["verdict"] == "still_open"
    paid = desk.counter.pay(uuid, {"revision": 1, "tenders": [by(card)]})

    assert paid.json()["verdict"] == "happened"
    assert on(desk, card) == 1400


def test_two_cards_and_ok_pay_one_sale(desk: CardDesk, member: Phone) -> None:
    one, two = desk.sell(200), desk.sell(300)
    answer = desk.pay(by(one, 200), by(two, 300), "ok", code=show(member)).json()

    assert answer["verdict"] == "happened"
    assert [card["balance"] for card in answer["gift_cards"]] == [0, 0]
    assert answer["tenders"][2]["amount"] == answer["due"] - 500
    prove()


def test_a_wrong_pin_and_an_unknown_number_get_one_answer_and_are_counted(desk: CardDesk) -> None:
    card = desk.sell()
    wrong = Sold(card.uuid, card.number, f"{(int(card.pin) + 1) % 10_000:04}")
    codes = {desk.pay(by(wrong)).json()["code"] for _ in range(5)}
    unknown = Sold(card.uuid, with_check_digits("1" * 14), "1234")
    codes.add(desk.balance(unknown).json()["code"])

    assert codes == {"gift_card_unknown"}
    assert {window.wrong for window in GuessWindow.objects.all()} == {6}


def test_twenty_wrong_pins_block_a_card_and_not_the_till(desk: CardDesk) -> None:
    card, other = desk.sell(), desk.sell()
    wrong = Sold(card.uuid, card.number, f"{(int(card.pin) + 1) % 10_000:04}")
    for number in range(MOST_WRONG_PINS):
        assert desk.balance(wrong, terminal=f"T{number}").json()["code"] == "gift_card_unknown"

    assert desk.balance(card).json()["state"] == "blocked"
    assert desk.pay(by(card)).json()["code"] == "gift_card_blocked"
    assert desk.pay(by(other)).json()["verdict"] == "happened"


def test_who_guesses_too_often_waits_even_with_the_right_card(world: World, desk: CardDesk) -> None:
    card = desk.sell()
    guess = Sold(card.uuid, with_check_digits("1" * 14), "1234")
    for _ in range(ALLOWED_PER_TILL):
        assert desk.balance(guess, terminal="T1").json()["code"] == "gift_card_unknown"

    refused = desk.balance(card, terminal="T1")
    assert (refused.status_code, refused.json()["code"]) == (429, "code_throttled")
    assert desk.balance(card, terminal="T2").json()["balance"] == 2500


def test_a_mistyped_number_is_no_guess(desk: CardDesk) -> None:
    card = desk.sell()
    typo = card.number[:-1] + str((int(card.number[-1]) + 1) % 10)
    answer = desk.balance(Sold(card.uuid, typo, card.pin))

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "gift_card_number_malformed"


def test_a_card_is_its_own_merchants_only(desk: CardDesk, world: World) -> None:
    card = desk.sell()
    other = Counter(world.webshop, world.webshop.key)

    answer = CardDesk(other).balance(card)

    assert answer.json()["code"] == "gift_card_unknown"


def test_who_does_not_sell_cards_sells_none(counter: Counter) -> None:
    assert CardDesk(counter).put(uuid4()).json()["code"] == "gift_cards_not_sold"
    assert not Posting.objects.filter(kind="gift_card_sold").exists()


def test_a_load_is_taken_back_while_all_of_it_is_there(desk: CardDesk) -> None:
    card = desk.sell(2500)
    back, again = desk.take_back(card.uuid), desk.take_back(card.uuid)

    assert back.json()["state"] == "taken_back"
    assert back.json() == again.json()
    assert on(desk, card) == 0
    assert desk.put(card.uuid).json()["code"] == "gift_card_load_taken_back"

    spent = desk.sell(2500)
    desk.pay(by(spent))
    assert desk.take_back(spent.uuid).json()["code"] == "gift_card_spent_from"
    assert on(desk, spent) == 1400
    prove()


def test_a_load_that_was_given_up_never_happens_when_it_arrives_late(desk: CardDesk) -> None:
    uuid = uuid4()
    stopped, again = desk.take_back(uuid), desk.take_back(uuid)
    assert (stopped.status_code, stopped.json()["state"]) == (200, "stopped")
    assert stopped.json() == again.json()

    assert desk.put(uuid).json()["code"] == "gift_card_load_taken_back"
    assert desk.put(uuid4()).status_code == 200
    with operator_scope("a test counts all"):
        assert GiftCard.objects.count() == 1


@pytest.mark.parametrize("asked", [{"amount": 99}, {"amount": 50_001}, {"currency": "USD"}])
def test_wrong_amounts_are_refused(desk: CardDesk, asked: dict[str, Any]) -> None:
    assert desk.put(uuid4(), **asked).status_code == 422
    with operator_scope("a test counts all"):
        assert not GiftCard.objects.exists()


def test_a_card_holds_no_more_than_it_may(desk: CardDesk) -> None:
    card = desk.sell(50_000)
    refused = desk.put(uuid4(), amount=100, card=card.number)
    assert refused.json()["code"] == "gift_card_too_full"
    assert on(desk, card) == 50_000


def test_the_number_is_told_for_a_day_only_and_never_kept(desk: CardDesk) -> None:
    card = desk.sell()
    with operator_scope("a test looks at all"):
        stored = GiftCard.objects.values().get()
        booked = GiftCardBooking.objects.values().get()
    assert card.number not in str(stored) + str(booked)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, ' ') FROM kernel_auditentry")
        assert card.number not in str(cursor.fetchone()[0])


def refund(desk: CardDesk, uuid: UUID, **asked: Any) -> Any:
    key = desk.counter.place.issue_key(scopes=("refunds:write", "sales:read")).text
    asker = World.api(key)
    body = {"uuid": str(uuid4()), **asked}
    return asker.post(f"/api/v1/sales/{uuid}/refunds", body, format="json")


def test_what_a_card_paid_goes_back_on_it(desk: CardDesk) -> None:
    card, uuid = desk.sell(800), uuid4()
    desk.pay(by(card, 800), "pin", uuid=uuid)

    part = refund(desk, uuid, lines=[{"number": 2, "quantity": 1}]).json()
    assert [(one["kind"], one["amount"]) for one in part["tenders"]] == [("gift_card", 260)]
    assert on(desk, card) == 260

    rest = refund(desk, uuid, lines=[{"number": 1, "quantity": 2}]).json()
    assert {(one["kind"], one["amount"]) for one in rest["tenders"]} == {
        ("gift_card", 540),
        ("pin", 300),
    }
    assert on(desk, card) == 800
    prove()


def test_it_goes_back_in_no_other_way(desk: CardDesk) -> None:
    card, uuid = desk.sell(1100), uuid4()
    desk.pay(by(card), uuid=uuid)
    refused = refund(desk, uuid, amount=500, tenders=[{"kind": "cash"}])
    assert refused.status_code == 409
    assert on(desk, card) == 0


def test_a_sale_without_a_card_asks_nothing_more(desk: CardDesk) -> None:
    desk.pay("pin")
    with CaptureQueriesContext(connection) as asked:
        desk.counter.put(uuid4(), basket(payment=paying("pin")))
    assert not [one for one in asked.captured_queries if "gift_card" in one["sql"]]


def buys_a_bike(desk: CardDesk, phone: Phone, card: Sold) -> tuple[UUID, Any]:
    """Ring a bike of € 249.00 up: € 50.00 by card, the rest by OK, which the phone confirms."""
    uuid = uuid4()
    tenders = [by(card, 5000), {"kind": "ok"}]
    body = basket(BIKE, payment={"tenders": tenders}, code=show(phone), language="en")
    return uuid, desk.counter.put(uuid, body).json()


def test_what_a_card_is_to_pay_is_set_aside_until_the_phone_says_yes(
    desk: CardDesk, phone: Phone, hers: Client
) -> None:
    card = desk.sell(6000)
    uuid, said = buys_a_bike(desk, phone, card)
    assert (said["verdict"], on(desk, card)) == ("still_open", 1000)
    assert desk.pay(by(card)).json()["code"] == "gift_card_too_low"
    prove()

    answers(hers)
    settle_events()

    told = desk.counter.get(uuid).json()
    assert told["verdict"] == "happened"
    assert told["gift_cards"][0]["balance"] == 1000
    assert on(desk, card) == 1000
    prove()


@pytest.mark.parametrize("way", ["no", "stopped"])
def test_without_a_yes_it_is_on_the_card_again(
    desk: CardDesk, phone: Phone, hers: Client, way: str
) -> None:
    card = desk.sell(6000)
    uuid, _said = buys_a_bike(desk, phone, card)
    if way == "no":
        answers(hers, "no")
    else:
        desk.counter.delete(uuid)
    settle_events()

    assert desk.counter.get(uuid).json()["verdict"] == "did_not_happen"
    assert on(desk, card) == 6000
    prove()


def test_no_number_or_pin_stands_in_what_waits(desk: CardDesk, phone: Phone) -> None:
    card = desk.sell(6000)
    uuid, _said = buys_a_bike(desk, phone, card)
    with operator_scope("a test looks"):
        draft = str(Sale.objects.get(uuid=uuid).draft)
    assert card.number not in draft
    assert f"'{card.pin}'" not in draft
