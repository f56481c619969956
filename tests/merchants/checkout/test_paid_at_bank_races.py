"""Many at once around money from the bank: it is a sale's, or goes back; never both or neither."""

from uuid import uuid4

import pytest

from merchants.checkout.actions.authorise_payment import Payer
from merchants.checkout.actions.cancel_payment import cancel_payment
from merchants.checkout.actions.pay_at_bank import pay_at_bank
from okplatform.kernel import clock, relay
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.models import Person
from payments.models import BankPayment
from tests.merchants.checkout.at_bank import BankPayer, complete, take
from tests.merchants.checkout.webshop import DUE, Shopper, Webshop, payment_of, taken
from tests.payments.books import bank_account
from tests.payments.refunding import order, refunds
from tests.support.counter import settle_events
from tests.support.proofs import prove
from tests.support.races import all_at_once
from tests.support.world import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def given_back() -> list[int]:
    return [one.amount for one in refunds()]


def test_the_bank_says_yes_while_the_shop_cancels(webshop: Webshop, payer: BankPayer) -> None:
    payment = webshop.asked()
    begun = payer.begins(payment)
    payer.decides(begun)

    def act(number: int) -> str:
        if number % 3 == 0:
            mine = payment_of(payment.uuid)
            try:
                with merchant_scope(payment.merchant_id):
                    cancel_payment(payment=mine, now=clock.now(), actor=SYSTEM)
            except Refusal as refusal:
                return refusal.code
            return "cancelled"
        complete(begun)
        take(begun)
        return "asked"

    said = all_at_once(act)
    assert said["asked"] == 42
    settle_events()
    state = webshop.state(payment)["state"]
    ends = {"captured": ([DUE], []), "cancelled": ([], [DUE])}
    assert (taken(), given_back()) == ends[state]
    prove()


def test_two_who_pay_one_payment_in_two_ways(
    webshop: Webshop, payer: BankPayer, bob: Person
) -> None:
    payment = webshop.asked()
    begun = payer.begins(payment)
    complete(begun)
    his = Shopper(bob, bank_account(bob, "NL44RABO0123456789"))

    def act(number: int) -> str:
        if number == 0:
            try:
                his.confirm(payment_of(payment.uuid))
            except Refusal as refusal:
                return refusal.code
            return "confirmed"
        take(begun)
        return "asked"

    all_at_once(act)
    take(begun)
    assert taken() == [DUE]
    by_bank = payment_of(payment.uuid).person_id == payer.person.pk
    assert given_back() == ([] if by_bank else [DUE])
    settle_events()
    prove()


def test_relays_orders_and_sweeps_send_it_back_once(webshop: Webshop, payer: BankPayer) -> None:
    payment = webshop.asked()
    begun = payer.begins(payment)
    webshop.cancel(payment)
    complete(begun)

    def act(number: int) -> str:
        if number % 3 == 0:
            relay.drain(now=clock.now())
        elif number % 3 == 1:
            take(begun)
        else:
            order(NOW)
        return "done"

    all_at_once(act)
    settle_events()
    order(NOW)
    assert given_back() == [DUE]
    assert [one.state for one in refunds()] == ["ordered"]
    prove()


def test_pressing_many_times_at_once_is_one_payment(webshop: Webshop, payer: BankPayer) -> None:
    payment = webshop.asked()
    payer.sees(payment)

    def press(_number: int) -> str:
        with merchant_scope(payment.merchant_id):
            return str(
                pay_at_bank(
                    payment=payment_of(payment.uuid),
                    payer=Payer(
                        person_id=payer.person.pk,
                        mode=payer.person.mode,
                        amount_due=DUE,
                        funding_ref=payer.account.pk,
                    ),
                    request_id=uuid4(),
                    return_url="https://ok.example/pay/",
                    psu_ip="192.0.2.7",
                    now=clock.now(),
                ).pk
            )

    assert list(all_at_once(press).values()) == [64]
    assert BankPayment.objects.count() == 1
