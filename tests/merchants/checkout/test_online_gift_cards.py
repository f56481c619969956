"""Gift cards on the payment page: chosen, seen before the yes, set aside, spent, let go."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from merchants.checkout.own_data import CheckoutData
from okplatform.kernel.db import call, transaction
from okplatform.kernel.invariants import all_invariants
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from okplatform.trade.models import Tender
from payments.gift_cards import number_of, pin_of
from payments.models import GiftCard, GiftCardBooking, KeptGiftCard
from tests.merchants.checkout.at_bank import BankPayer
from tests.merchants.checkout.webshop import (
    DUE,
    PIN,
    Shopper,
    Webshop,
    page_of,
    pass_time,
    payment_of,
    sales,
    set_aside,
    taken,
)
from tests.merchants.returns.desk import Desk
from tests.payments.books import held, owed_to
from tests.payments.gift_cards import Cards, on
from tests.support.counter import settle_events
from tests.support.proofs import prove
from tests.support.world import NOW, World
from wallet.actions.count_guess import ALLOWED_PER_TILL

pytestmark = pytest.mark.django_db

ON_CARD = 1_000
REST = DUE - ON_CARD


@pytest.fixture
def cards(world: World) -> Cards:
    return Cards(world.webshop).start()


@pytest.fixture
def card(cards: Cards, shopper: Shopper) -> GiftCard:
    """A gift card of € 10 in the shopper's wallet."""
    made = cards.load(ON_CARD)
    keep(shopper.person, made)
    return made


def keep(person: Person, card: GiftCard) -> None:
    KeptGiftCard.objects.create(person=person, card=card, kept_at=NOW)


def text(answer: Any) -> str:
    return " ".join(unescape(answer.content.decode()).split())


def choose(shopper: Shopper, payment: Any, **sent: Any) -> Any:
    """Open the page and press a button of the gift cards."""
    shopper.opens(payment)
    return shopper.browser.post(f"{page_of(payment)}gift-card/", sent)


def by_number(card: GiftCard, **other: Any) -> dict[str, str]:
    return {"number": number_of(card.seed), "card_pin": pin_of(card.seed), **other}


def tenders() -> list[tuple[str, int]]:
    with operator_scope("the test looks"):
        return list(Tender.objects.order_by("sale", "number").values_list("kind", "amount"))


def booked() -> list[tuple[str, int]]:
    with operator_scope("the test looks"):
        rows = GiftCardBooking.objects.order_by("pk").values_list("kind", "amount")
        return [row for row in rows if row[0] != "sold"]


def test_a_card_from_the_wallet_pays_its_part_and_the_rest_is_seen_before_the_yes(
    webshop: Webshop, shopper: Shopper, card: GiftCard
) -> None:
    payment = webshop.asked()
    assert "€10.00 on it" in text(shopper.opens(payment))
    assert choose(shopper, payment, use=card.pk).status_code == 302
    page = text(shopper.opens(payment))
    assert "Left to pay" in page
    assert "Pay €32.94" in page
    assert (booked(), on(card)) == ([], ON_CARD)

    assert shopper.pays(payment, REST).status_code == 302

    assert tenders() == [("gift_card", ON_CARD), ("ok", REST)]
    assert (taken(), on(card)) == ([REST], 0)
    assert held(owed_to(webshop.place)) == REST
    told = webshop.state(payment)
    assert (told["state"], told["amount"], told["captured"]) == ("captured", DUE, DUE)
    assert f"€10.00 from gift card •••• {card.number_end}" in text(shopper.opens(payment))
    settle_events()
    prove()


def test_a_card_that_pays_all_of_it_needs_no_bank_account(
    webshop: Webshop, shopper: Shopper, cards: Cards
) -> None:
    card = cards.load(5_000)
    payment = webshop.asked()
    assert choose(shopper, payment, **by_number(card)).status_code == 302
    answer = shopper.browser.post(page_of(payment), {"amount_due": 0, "pin": PIN})
    assert answer.status_code == 302
    assert tenders() == [("gift_card", DUE)]
    assert (taken(), on(card)) == ([], 5_000 - DUE)
    assert webshop.state(payment)["state"] == "captured"
    assert not KeptGiftCard.objects.exists()
    settle_events()
    prove()


def test_several_cards_pay_in_the_order_of_choosing_and_one_is_left_out_again(
    webshop: Webshop, shopper: Shopper, card: GiftCard, cards: Cards
) -> None:
    other = cards.load(500)
    keep(shopper.person, other)
    payment = webshop.asked(amount=1_200, description="Lintje")
    choose(shopper, payment, use=card.pk)
    choose(shopper, payment, use=other.pk)
    assert "pays €2.00 of €5.00" in text(shopper.opens(payment))
    choose(shopper, payment, drop=card.pk)
    choose(shopper, payment, drop=card.pk)
    assert "pays €5.00 of €5.00" in text(shopper.opens(payment))
    assert shopper.pays(payment, 700).status_code == 302
    assert (on(card), on(other), taken()) == (ON_CARD, 0, [700])
    prove()


def test_what_is_less_than_the_page_showed_takes_nothing(
    webshop: Webshop, shopper: Shopper, card: GiftCard, cards: Cards
) -> None:
    payment = webshop.asked()
    choose(shopper, payment, use=card.pk)
    cards.spend(card, 1)
    answer = shopper.pays(payment, REST)
    assert answer.status_code == 409
    assert "The amount has changed" in text(answer)
    assert (taken(), on(card)) == ([], ON_CARD - 1)
    assert shopper.pays(payment, REST + 1).status_code == 302
    prove()


def test_what_is_captured_later_sets_the_card_aside_and_takes_it_first(
    webshop: Webshop, shopper: Shopper, card: GiftCard
) -> None:
    payment = webshop.asked(capture="manual")
    choose(shopper, payment, use=card.pk)
    assert shopper.pays(payment, REST).status_code == 302
    assert (booked(), on(card)) == ([("held", -ON_CARD)], 0)
    assert set_aside() == [(REST, 0, False)]
    prove()
    assert webshop.capture(payment, 600).status_code == 201
    assert set_aside() == [(REST, 0, False)]
    prove()
    assert webshop.capture(payment, 1_400).status_code == 201
    assert set_aside() == [(REST, 1_000, False)]
    assert held(owed_to(webshop.place)) == 1_000
    prove()
    assert webshop.capture(payment).json()["state"] == "captured"
    assert tenders() == [("gift_card", ON_CARD), ("ok", REST)]
    assert (taken(), on(card)) == ([REST], 0)
    settle_events()
    prove()


@pytest.mark.parametrize(("captured", "left"), [(600, 400), (ON_CARD, 0), (1_500, 0)])
def test_what_is_not_captured_goes_back_on_the_card(
    webshop: Webshop, shopper: Shopper, card: GiftCard, captured: int, left: int
) -> None:
    payment = webshop.asked(capture="manual")
    choose(shopper, payment, use=card.pk)
    shopper.pays(payment, REST)
    webshop.capture(payment, captured)
    assert webshop.cancel(payment).status_code == 200
    by_ok = max(0, captured - ON_CARD)
    assert (on(card), held(owed_to(webshop.place))) == (left, by_ok)
    assert sales() == [("closed", captured, DUE - captured)]
    settle_events()
    prove()


def test_what_is_given_up_or_runs_out_lets_go_of_the_card(
    webshop: Webshop, shopper: Shopper, card: GiftCard, cards: Cards
) -> None:
    given_up = webshop.asked(capture="manual")
    choose(shopper, given_up, use=card.pk)
    shopper.pays(given_up, REST)
    assert webshop.cancel(given_up).status_code == 200
    assert on(card) == ON_CARD
    too_late = webshop.asked(capture="manual", amount=900, description="Lintje")
    choose(shopper, too_late, use=card.pk)
    assert shopper.pays(too_late, 0).status_code == 302
    assert (on(card), set_aside()) == (100, [(REST, 0, True)])
    prove()
    assert pass_time(too_late, timedelta(days=8)) == 1
    assert on(card) == ON_CARD
    prove()


def test_a_card_alone_is_captured_without_a_bank(
    webshop: Webshop, shopper: Shopper, card: GiftCard
) -> None:
    payment = webshop.asked(capture="manual", amount=900, description="Lintje")
    choose(shopper, payment, use=card.pk)
    shopper.pays(payment, 0)
    assert webshop.capture(payment, 500).json()["state"] == "partially_captured"
    assert webshop.capture(payment).json()["state"] == "captured"
    assert (on(card), taken(), set_aside()) == (100, [], [])
    prove()


def test_what_the_card_paid_comes_back_on_it(
    webshop: Webshop, shopper: Shopper, card: GiftCard, world: World
) -> None:
    payment = webshop.asked()
    choose(shopper, payment, use=card.pk)
    shopper.pays(payment, REST)
    sale = str(payment_of(payment.uuid).sale_uuid)
    back = Desk(world.haarlem).refund(sale, lines=[(1, 1), (2, 1)])
    assert (back.status_code, back.json()["amount"]) == (201, DUE)
    assert (on(card), held(owed_to(webshop.place))) == (ON_CARD, 0)
    settle_events()
    prove()


def test_a_choice_is_its_shoppers_own(
    webshop: Webshop, shopper: Shopper, card: GiftCard, bob: Person
) -> None:
    payment = webshop.asked()
    choose(shopper, payment, use=card.pk)
    shopper.browser.force_login(bob)
    assert f"•••• {card.number_end}" not in text(shopper.opens(payment))
    answer = choose(shopper, payment, use=card.pk)
    assert answer.status_code == 422
    assert "not known here" in text(answer)


def test_wrong_numbers_are_counted_and_another_shops_card_pays_nothing(
    webshop: Webshop, shopper: Shopper, cards: Cards, world: World
) -> None:
    payment = webshop.asked()
    elsewhere = Cards(world.bol.open("site", "Webshop")).start().load(5_000)
    assert "not known here" in text(choose(shopper, payment, **by_number(elsewhere)))
    assert "16 digits" in text(choose(shopper, payment, number="12", card_pin="1"))
    card = cards.load(ON_CARD)
    wrong = f"{(int(pin_of(card.seed)) + 1) % 10_000:04}"
    told = [
        text(choose(shopper, payment, **by_number(card, card_pin=wrong)))
        for _guess in range(ALLOWED_PER_TILL)
    ]
    assert "Too many" in told[-1]
    assert choose(shopper, payment, **by_number(card)).status_code == 429
    assert "Pay €42.94" in text(shopper.opens(payment))


@pytest.mark.parametrize("state", ["blocked", "empty", "expired"])
def test_a_card_that_cannot_pay_says_so(
    webshop: Webshop, shopper: Shopper, cards: Cards, card: GiftCard, state: str
) -> None:
    if state == "empty":
        cards.spend(card, ON_CARD)
    elif state == "blocked":
        with operator_scope("a test breaks a card"):
            GiftCard.objects.filter(pk=card.pk).update(state="blocked")
    else:
        with operator_scope("a test lets a card end"):
            GiftCard.objects.filter(pk=card.pk).update(expires_on=NOW.date() - timedelta(days=400))
    payment = webshop.asked()
    assert "on it" not in text(shopper.opens(payment))
    answer = choose(shopper, payment, use=card.pk)
    assert answer.status_code == 409
    assert "Nothing was taken" in text(answer)
    assert shopper.pays(payment, DUE).status_code == 302
    prove()


def test_after_it_is_paid_nobody_chooses(
    webshop: Webshop, shopper: Shopper, card: GiftCard
) -> None:
    payment = webshop.asked()
    shopper.authorises(payment)
    assert choose(shopper, payment, use=card.pk).status_code == 302
    assert (payment_of(payment.uuid).cards, on(card)) == ([], ON_CARD)
    prove()


def test_the_choice_is_in_what_a_person_takes_along(
    webshop: Webshop, shopper: Shopper, card: GiftCard
) -> None:
    payment = webshop.asked()
    choose(shopper, payment, use=card.pk)
    (section,) = CheckoutData().sections(shopper.person.pk)
    assert [row["state"] for row in section.rows] == ["presented"]


def test_the_rest_is_paid_at_the_bank(webshop: Webshop, payer: BankPayer, cards: Cards) -> None:
    card = cards.load(ON_CARD)
    payment = webshop.asked()
    payer.sees(payment)
    payer.browser.post(f"{page_of(payment)}gift-card/", by_number(card))
    begun = payer.begins(payment, REST)
    dropped = payer.browser.post(f"{page_of(payment)}gift-card/", {"drop": card.pk})
    assert dropped.status_code == 409
    payer.decides(begun)
    payer.sees(payment)
    assert webshop.state(payment)["state"] == "captured"
    assert tenders() == [("gift_card", ON_CARD), ("ok", REST)]
    assert on(card) == 0
    settle_events()
    prove()


def test_money_paid_at_the_bank_goes_back_where_the_card_was_spent_meanwhile(
    webshop: Webshop, payer: BankPayer, cards: Cards
) -> None:
    card = cards.load(ON_CARD)
    payment = webshop.asked()
    payer.sees(payment)
    payer.browser.post(f"{page_of(payment)}gift-card/", by_number(card))
    begun = payer.begins(payment, REST)
    cards.spend(card, 1)
    payer.decides(begun)
    assert "goes back to your account" in payer.sees(payment)
    assert webshop.state(payment)["state"] == "presented"
    assert on(card) == ON_CARD - 1
    settle_events()
    prove()


@pytest.mark.parametrize(
    "breach",
    [
        "UPDATE merchants_online_payment SET by_cards = by_cards + 1",
        "UPDATE merchants_online_payment SET by_cards = 0",
        "UPDATE payments_gift_card_booking SET amount = amount - 1 WHERE kind = 'held'",
    ],
)
def test_a_card_that_pays_something_else_than_was_confirmed_is_found(
    webshop: Webshop, shopper: Shopper, card: GiftCard, breach: str
) -> None:
    payment = webshop.asked(capture="manual")
    choose(shopper, payment, use=card.pk)
    shopper.pays(payment, REST)
    with transaction():
        call("SELECT set_config('session_replication_role', 'replica', true)")
        call(f"{breach} RETURNING 1")
        call("SELECT set_config('session_replication_role', 'origin', true)")
    names = {"gift_cards_pay_online_as_confirmed", "online_payments_are_sales"}
    proofs = [one.prove() for one in all_invariants() if one.name in names]
    assert any(proof.breaches for proof in proofs)
