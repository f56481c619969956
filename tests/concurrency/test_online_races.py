"""64 at once on the payment page and at its API: of one payment, link or rest, one wins."""

import pytest

from merchants.checkout.actions.cancel_payment import cancel_payment
from merchants.checkout.actions.capture_payment import capture_payment
from merchants.checkout.actions.choose_card import choose_shown_card
from merchants.checkout.actions.pay_link import pay_link
from merchants.checkout.actions.present_payment import present_payment
from merchants.models import OnlinePayment
from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import merchant_scope, operator_scope
from okplatform.parties.actions.create_person import create_person
from okplatform.trade.models import Sale
from payments.gift_cards import number_of, pin_of
from payments.models import Posting
from tests.merchants.checkout.webshop import DUE, Shopper, Webshop, payment_of, taken
from tests.payments.books import bank_account, held, owed_to
from tests.payments.gift_cards import Cards, on
from tests.support.counter import settle_events
from tests.support.proofs import prove
from tests.support.races import AT_ONCE, all_at_once
from tests.support.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


@pytest.fixture
def webshop(world: World) -> Webshop:
    return Webshop(world.webshop, world.webshop.key)


@pytest.fixture
def crowd() -> list[Shopper]:
    people = [
        create_person(email=f"{number}@example.nl", name=f"Shopper {number}", actor=SYSTEM)
        for number in range(AT_ONCE)
    ]
    return [Shopper(person, bank_account(person)) for person in people]


def closed_sales() -> int:
    with operator_scope("the test looks"):
        return len(Sale.objects.filter(state="closed"))


def open_page(payment: OnlinePayment) -> None:
    with merchant_scope(payment.merchant_id):
        present_payment(payment=payment, now=clock.now(), actor=SYSTEM)


def test_of_64_who_confirm_one_payment_one_pays(webshop: Webshop, crowd: list[Shopper]) -> None:
    payment = webshop.asked()
    open_page(payment)

    def confirm(number: int) -> str:
        try:
            crowd[number].confirm(payment_of(payment.uuid))
        except Refusal as refusal:
            return refusal.code
        return "paid"

    said = all_at_once(confirm)

    assert said["paid"] == 1
    assert set(said) <= {"paid", "payment_busy", "payment_paid_already"}
    assert taken() == [DUE]
    assert closed_sales() == 1
    settle_events()
    prove()


def test_of_64_who_pay_with_one_gift_card_one_does(webshop: Webshop, crowd: list[Shopper]) -> None:
    cards = Cards(webshop.place).start()
    card = cards.load(1_000)
    payments = [webshop.asked(amount=900, description="Lintje") for _shopper in crowd]
    for payment, shopper in zip(payments, crowd, strict=True):
        open_page(payment)
        with merchant_scope(payment.merchant_id):
            choose_shown_card(
                payment=payment,
                person=shopper.person,
                number=number_of(card.seed),
                pin=pin_of(card.seed),
                now=clock.now(),
                actor=SYSTEM,
            )

    def confirm(number: int) -> str:
        try:
            crowd[number].confirm(payments[number], 0)
        except Refusal as refusal:
            return refusal.code
        return "paid"

    said = all_at_once(confirm)

    assert said["paid"] == 1
    assert set(said) <= {"paid", "price_changed", "gift_card_too_low"}
    assert (on(card), taken(), closed_sales()) == (100, [], 1)
    settle_events()
    prove()


def test_of_64_who_pay_a_link_for_once_one_pays(webshop: Webshop, crowd: list[Shopper]) -> None:
    link = webshop.link()
    payments = []
    for _ in range(AT_ONCE):
        with merchant_scope(link.merchant_id):
            payments.append(
                pay_link(link=link, amount=None, language="nl", now=clock.now(), actor=SYSTEM)
            )
        open_page(payments[-1])

    def confirm(number: int) -> str:
        try:
            crowd[number].confirm(payment_of(payments[number].uuid), 2_500)
        except Refusal as refusal:
            return refusal.code
        return "paid"

    said = all_at_once(confirm)

    assert said == {"paid": 1, "payment_paid_already": AT_ONCE - 1}
    assert taken() == [2_500]
    assert closed_sales() == 1
    prove()
    settle_events()
    with operator_scope("the rivals have ended"):
        states = OnlinePayment.objects.values_list("state", flat=True)
        assert sorted(set(states)) == ["cancelled", "captured"]
    prove()


def test_of_64_captures_just_those_win_that_are_left(
    webshop: Webshop, crowd: list[Shopper]
) -> None:
    payment = webshop.asked(amount=1_000, description="Boeken", capture="manual")
    open_page(payment)
    crowd[0].confirm(payment, 1_000)

    def capture(_number: int) -> str:
        mine = payment_of(payment.uuid)
        try:
            with merchant_scope(mine.merchant_id):
                capture_payment(payment=mine, amount=30, now=clock.now(), actor=SYSTEM)
        except Refusal as refusal:
            return refusal.code
        return "captured"

    said = all_at_once(capture)

    assert said == {"captured": 33, "capture_too_much": 31}
    assert held(owed_to(webshop.place)) == 990
    assert Posting.objects.filter(kind="part_captured").count() == 33
    assert taken() == []
    prove()


def test_capturing_the_rest_and_cancelling_it_at_once_end_in_one_way(
    webshop: Webshop, crowd: list[Shopper]
) -> None:
    payment = webshop.asked(capture="manual")
    open_page(payment)
    crowd[0].confirm(payment)

    def capture_or_cancel(number: int) -> str:
        mine = payment_of(payment.uuid)
        try:
            with merchant_scope(mine.merchant_id):
                if number % 2:
                    capture_payment(payment=mine, amount=None, now=clock.now(), actor=SYSTEM)
                    return "captured"
                cancel_payment(payment=mine, now=clock.now(), actor=SYSTEM)
        except Refusal as refusal:
            return refusal.code
        return "cancelled"

    said = all_at_once(capture_or_cancel)

    assert said["captured"] in {0, 1}
    assert bool(said["captured"]) is not bool(said["cancelled"])
    assert taken() == ([DUE] if said["captured"] else [])
    settle_events()
    prove()


def test_a_cancel_while_a_shopper_confirms_ends_in_one_way(
    webshop: Webshop, crowd: list[Shopper]
) -> None:
    payment = webshop.asked()
    open_page(payment)

    def confirm_or_cancel(number: int) -> str:
        mine = payment_of(payment.uuid)
        try:
            if number < AT_ONCE // 2:
                crowd[number].confirm(mine)
                return "paid"
            with merchant_scope(mine.merchant_id):
                cancel_payment(payment=mine, now=clock.now(), actor=SYSTEM)
        except Refusal as refusal:
            return refusal.code
        return "cancelled"

    said = all_at_once(confirm_or_cancel)

    assert said["paid"] in {0, 1}
    assert bool(said["paid"]) is not bool(said["cancelled"])
    assert taken() == ([DUE] if said["paid"] else [])
    prove()
