"""Money from the bank for which there is no sale any more, or not at this price."""

from datetime import timedelta

import pytest

from merchants.checkout.actions.authorise_payment import claim
from merchants.checkout.queries import find_payment_by_token
from merchants.checkout.tasks import take_what_was_paid
from merchants.models import OnlinePayment
from okplatform.kernel import clock
from okplatform.kernel.db import transaction
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.models import Channel, Person
from payments.models import Expectation, HouseAccount
from tests.loyalty.bakery import Bakery
from tests.merchants.checkout.at_bank import BankPayer, complete, take
from tests.merchants.checkout.test_online_benefits import BREADS, CHEAP, DEAR
from tests.merchants.checkout.webshop import (
    DUE,
    Shopper,
    Webshop,
    pass_time,
    taken,
)
from tests.payments.bank import line
from tests.payments.books import bank_account
from tests.payments.refunding import bank_pays, order, refunds, states
from tests.payments.settling import DUE as BOOKED_ON
from tests.payments.settling import bank_says
from tests.support.counter import settle_events
from tests.support.proofs import prove
from tests.support.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(world: World, bakery: Bakery, payer: BankPayer) -> Webshop:
    """The bakery's own webshop, of whose programme Alice is a member."""
    bakery.join(payer.person)
    place = world.bol.open("site", "Webshop", Channel.ONLINE)
    return Webshop(place, place.key)


@pytest.mark.parametrize("ended", ["cancelled", "expired", "paid"])
def test_money_that_comes_too_late_goes_back_once(
    webshop: Webshop, payer: BankPayer, bob: Person, ours: HouseAccount, ended: str
) -> None:
    payment = webshop.asked()
    begun = payer.begins(payment)
    if ended == "cancelled":
        assert webshop.cancel(payment).status_code == 200
    elif ended == "expired":
        assert pass_time(payment, timedelta(days=2)) == 1
    else:
        Shopper(bob, bank_account(bob, "NL44RABO0123456789")).authorises(payment)
    payer.decides(begun)
    page = payer.sees(payment)
    assert "goes back to your account" in page
    assert "Nothing was taken" not in page
    assert [(one.amount, one.state) for one in refunds()] == [(DUE, "waiting")]
    assert taken() == ([DUE] if ended == "paid" else [])
    complete(begun)
    take(begun)
    settle_events()
    prove()
    order(clock.now())
    (refund,) = refunds()
    assert refund.iban == payer.account.iban
    assert Expectation.objects.filter(kind="refund", amount=-DUE).count() == 1
    bank_says(ours, line(DUE, begun.end_to_end_id, booked_on=BOOKED_ON))
    bank_pays(ours, refund)
    prove()


def test_of_a_link_that_is_paid_once_the_second_goes_back(
    webshop: Webshop, payer: BankPayer, bobs: BankPayer
) -> None:
    link = webshop.link()
    pages = [
        one.browser.post(f"/pay/link/{link.token}/").headers["location"] for one in (payer, bobs)
    ]
    hers, his = (find_payment_by_token(page.split("/")[2]) for page in pages)
    assert hers is not None
    assert his is not None
    first, second = payer.begins(hers, 2_500), bobs.begins(his, 2_500)
    payer.decides(first)
    bobs.decides(second)
    assert "Paid from" in payer.sees(hers)
    assert "goes back to your account" in bobs.sees(his)
    assert (taken(), [one.bank_account_id for one in refunds()]) == ([2_500], [bobs.account.pk])
    settle_events()
    prove()


def test_what_costs_more_by_the_time_it_is_paid_goes_back_and_may_be_paid_anew(
    site: Webshop, bakery: Bakery, payer: BankPayer
) -> None:
    offer = bakery.offer()
    payment = site.asked(lines=[BREADS])
    begun = payer.begins(payment, CHEAP)
    bakery.offer(offer, min_basket=100_000)
    payer.decides(begun)
    page = payer.sees(payment)
    assert "goes back to your account" in page
    assert "Pay at my bank" in page
    assert (taken(), [one.amount for one in refunds()]) == ([], [CHEAP])
    payer.pays(payment, DEAR)
    assert taken() == [DEAR]
    settle_events()
    prove()


def test_while_somebody_else_confirms_nothing_is_decided(
    webshop: Webshop, payer: BankPayer, bob: Person
) -> None:
    payment = webshop.asked()
    begun = payer.begins(payment)
    with merchant_scope(payment.merchant_id), transaction():
        claim(payment, bob.pk, clock.now())
    payer.decides(begun)
    page = payer.sees(payment)
    assert "Your bank has paid it" in page
    settle_events()
    assert (taken(), states()) == ([], [])
    prove()
    with merchant_scope(payment.merchant_id):
        OnlinePayment.objects.filter(pk=payment.pk).update(
            state="presented", person_id=None, claimed_at=None
        )
    take_what_was_paid()
    assert (taken(), states()) == ([DUE], [])
    settle_events()
    prove()


@pytest.mark.parametrize("capture", ["automatic", "manual"])
def test_a_member_at_the_bank_is_a_member(
    site: Webshop, bakery: Bakery, payer: BankPayer, capture: str
) -> None:
    bakery.offer(uses=1)
    payment = site.asked(lines=[BREADS], capture=capture)
    payer.pays(payment, CHEAP)
    if capture == "manual":
        assert site.capture(payment).status_code == 201
    assert (taken(), bakery.points(payer.person)) == ([CHEAP], 7)
    settle_events()
    prove()
