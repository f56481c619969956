"""Paid at the bank: the first purchase needs no cent, no signature and no PIN."""

from datetime import timedelta

import pytest

from okplatform.kernel import clock
from okplatform.kernel.models import Event
from payments.models import BankPayment, Collection, HouseAccount
from tests.merchants.checkout.at_bank import BankPayer, complete, paid_before, take
from tests.merchants.checkout.webshop import (
    DUE,
    Webshop,
    page_of,
    pass_time,
    sales,
    set_aside,
    taken,
)
from tests.merchants.returns.desk import Desk
from tests.payments.bank import line
from tests.payments.books import held, owed_by, owed_to
from tests.payments.refunding import IN_TIME, bank_pays, coming_to, order, refunds, states
from tests.payments.settling import DUE as BOOKED_ON
from tests.payments.settling import bank_says, plan, send
from tests.support.accounts import added, sign_for
from tests.support.counter import settle_events
from tests.support.proofs import prove
from tests.support.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(world: World) -> Desk:
    """The webshop's own software, which may give back."""
    return Desk(world.webshop)


def events(kind: str) -> int:
    return Event.objects.filter(type=kind).count()


def test_the_first_purchase_is_paid_at_the_bank(
    webshop: Webshop, payer: BankPayer, ours: HouseAccount
) -> None:
    payment = webshop.asked()
    page = payer.sees(payment)
    assert "at the bank" in page
    assert "Pay at my bank" in page
    assert "Your PIN" not in page

    begun = payer.begins(payment)
    assert begun.amount == DUE
    page = payer.sees(payment)
    assert begun.approval_url in page
    assert "Approve it at your bank" in page
    assert webshop.state(payment)["state"] == "presented"
    assert taken() == []

    payer.decides(begun)
    page = payer.sees(payment)
    assert "Paid from" in page
    assert webshop.state(payment)["state"] == "captured"
    assert (taken(), sales()) == ([DUE], [("closed", DUE, 0)])
    payer.account.refresh_from_db()
    assert payer.account.proved_by == "bank"
    # It never was a debt, so nothing is ever collected.
    assert held(owed_to(webshop.place)) == DUE
    assert held(owed_by(payer.account)) == held(paid_before(payer.account)) == 0
    settle_events()
    assert events("merchants.payment_captured") == 1
    assert events("merchants.payment_authorised") == 0
    bank_says(ours, line(DUE, begun.end_to_end_id, booked_on=BOOKED_ON))
    sign_for(payer.account)
    assert (plan(), send(), Collection.objects.count()) == (0, [], 0)
    prove()


def test_without_coming_back_the_shop_has_its_money_too(webshop: Webshop, payer: BankPayer) -> None:
    payment = webshop.asked()
    begun = payer.begins(payment)
    complete(begun)
    settle_events()
    assert webshop.state(payment)["state"] == "captured"
    take(begun)
    settle_events()
    assert (taken(), states()) == ([DUE], [])
    prove()


def test_what_the_shop_captures_later_is_paid_now_and_the_rest_goes_back(
    webshop: Webshop, payer: BankPayer, ours: HouseAccount
) -> None:
    payment = webshop.asked(capture="manual")
    payer.pays(payment)
    assert webshop.state(payment)["state"] == "authorised"
    assert (set_aside(), held(paid_before(payer.account))) == ([(DUE, 0, False)], DUE)
    prove()
    assert webshop.capture(payment, 1_299).status_code == 201
    assert webshop.capture(payment, 1_000).status_code == 201
    assert webshop.cancel(payment).status_code == 200
    left = DUE - 2_299
    assert (taken(), set_aside()) == ([2_299], [(DUE, 2_299, True)])
    assert (held(paid_before(payer.account)), held(coming_to(payer.account))) == (0, left)
    assert "goes back to your account" in payer.sees(payment)
    settle_events()
    prove()

    assert len(order(clock.now())) == 1
    (refund,) = refunds()
    assert (refund.amount, refund.iban, refund.state) == (left, payer.account.iban, "ordered")
    assert "On its way to" in payer.sees(payment)
    bank_pays(ours, refund)
    assert "is back" in payer.sees(payment)
    # The shop never had it: of a refund it hears nothing.
    assert not Event.objects.filter(type__startswith="payments.refund", merchant_id__gt=0).exists()
    prove()


@pytest.mark.parametrize("end", ["cancel", "expire"])
def test_what_is_never_captured_goes_back_whole(
    webshop: Webshop, payer: BankPayer, end: str
) -> None:
    payment = webshop.asked(capture="manual")
    payer.pays(payment)
    if end == "cancel":
        webshop.cancel(payment)
    else:
        assert pass_time(payment, timedelta(days=8)) == 1
    assert (taken(), [one.amount for one in refunds()]) == ([], [DUE])
    assert held(owed_to(webshop.place)) == held(paid_before(payer.account)) == 0
    settle_events()
    prove()


def test_a_refund_goes_out_at_once_as_a_transfer(
    webshop: Webshop, payer: BankPayer, desk: Desk, ours: HouseAccount
) -> None:
    payment = webshop.asked()
    payer.pays(payment)
    sale = webshop.state(payment)["sale"]
    assert desk.refund(sale, lines=[(1, 1)]).status_code == 201
    assert states() == ["waiting"]
    assert held(owed_by(payer.account)) == 0
    assert len(order(clock.now())) == 1
    (refund,) = refunds()
    assert (refund.amount, refund.iban) == (1_299, payer.account.iban)
    bank_pays(ours, refund)
    assert states() == ["paid"]
    settle_events()
    prove()


def test_of_a_payment_that_the_bank_took_back_nothing_goes_out(
    webshop: Webshop, payer: BankPayer, desk: Desk, ours: HouseAccount
) -> None:
    payment = webshop.asked(capture="manual")
    begun = payer.pays(payment)
    assert webshop.capture(payment, 2_000).status_code == 201
    bank_says(
        ours,
        line(DUE, begun.end_to_end_id, booked_on=BOOKED_ON),
        line(-DUE, begun.end_to_end_id, booked_on=BOOKED_ON, reason="FOCR"),
    )
    assert held(owed_by(payer.account)) == -DUE
    prove()
    webshop.cancel(payment)
    assert (states(), held(owed_by(payer.account))) == (["set_off"], -2_000)
    sale = webshop.state(payment)["sale"]
    assert desk.refund(sale, amount=500).status_code == 201
    assert (states(), held(owed_by(payer.account))) == (["set_off", "set_off"], -1_500)
    assert order(IN_TIME) == []
    sign_for(payer.account)
    plan()
    assert Collection.objects.get().amount == 1_500
    settle_events()
    prove()


@pytest.mark.parametrize(
    ("decision", "said"), [("refuse", "You did not approve it"), ("approve", "did not carry")]
)
def test_after_a_no_nothing_was_taken_and_one_may_try_again(
    webshop: Webshop, payer: BankPayer, decision: str, said: str
) -> None:
    payment = webshop.asked()
    if decision == "approve":
        payer.door.opens(payer.account.iban, payer.person.name, balance=1)
    begun = payer.begins(payment)
    payer.decides(begun, decision)
    page = payer.sees(payment)
    assert said in page
    assert "Pay at my bank" in page
    assert (taken(), states()) == ([], [])
    assert payer.begins(payment).pk != begun.pk


def test_a_bank_that_does_not_answer_is_asked_again(webshop: Webshop, payer: BankPayer) -> None:
    payment = webshop.asked()
    payer.sees(payment)
    payer.door.order("fail_call", next=2)
    payer.chooses(payment)
    page = payer.sees(payment)
    assert "Your bank does not answer now" in page
    assert "You need not pay again" in page
    assert "Pay at my bank" not in page
    assert "Approve it at your bank" in payer.sees(payment)
    assert BankPayment.objects.count() == 1


def test_pressing_twice_goes_on_with_the_first(webshop: Webshop, payer: BankPayer) -> None:
    payment = webshop.asked()
    assert payer.begins(payment).pk == payer.begins(payment).pk
    other = added(payer.person, "NL20INGB0001234567")
    answer = payer.chooses(payment, funding=other.pk)
    assert (answer.status_code, BankPayment.objects.count()) == (409, 1)


def test_nobody_is_given_anothers_payment(
    webshop: Webshop, payer: BankPayer, bobs: BankPayer
) -> None:
    payment = webshop.asked()
    begun = payer.begins(payment)
    answer = bobs.chooses(payment)
    assert answer.status_code == 409
    assert "Somebody else is paying this at a bank" in answer.content.decode()
    assert begun.approval_url not in bobs.sees(payment)
    stolen = bobs.chooses(webshop.asked(), funding=payer.account.pk)
    assert stolen.status_code == 409
    assert BankPayment.objects.count() == 1


def test_only_the_price_that_was_shown_is_asked_of_the_bank(
    webshop: Webshop, payer: BankPayer
) -> None:
    payment = webshop.asked()
    payer.sees(payment)
    answer = payer.chooses(payment, DUE - 1)
    assert answer.status_code == 409
    assert "The amount has changed" in answer.content.decode()
    assert not BankPayment.objects.exists()
    assert payer.browser.get(f"{page_of(payment)}at-bank/").status_code == 302
