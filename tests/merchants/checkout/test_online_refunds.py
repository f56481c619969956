"""What was bought online comes back: in any store, once it is final, and never more than it was."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from okplatform.kernel import clock
from payments.models import Collection, HouseAccount
from tests.merchants.checkout.webshop import DUE, Shopper, Webshop, payment_of
from tests.merchants.returns.desk import Desk, money_back
from tests.payments.books import held, owed_by, owed_to
from tests.payments.refunding import coming_to, order, states
from tests.payments.settling import bank_books, bank_returns, our_account, plan, send
from tests.support.counter import settle_events
from tests.support.proofs import prove
from tests.support.world import World

pytestmark = pytest.mark.django_db

NOVEL_DUE, COOKBOOK_DUE = 1_299, 2_995
LATER = timedelta(days=90)


@pytest.fixture
def ours() -> HouseAccount:
    """OK's own account at its bank."""
    return our_account()


@pytest.fixture
def desk(world: World) -> Desk:
    """The webshop's own software, which may give back."""
    return Desk(world.webshop)


@pytest.fixture
def haarlem(world: World) -> Desk:
    """The bookshop's till in Haarlem, which may give back."""
    return Desk(world.haarlem)


def bought(webshop: Webshop, shopper: Shopper, *parts: int) -> str:
    """Buy two books, captured at once or in these parts; return the sale's UUID."""
    payment = webshop.asked(**({"capture": "manual"} if parts else {}))
    shopper.authorises(payment)
    for part in parts:
        assert webshop.capture(payment, part).status_code == 201
    return str(payment_of(payment.uuid).sale_uuid)


def collected() -> Collection:
    """Collect what waits: announce it, and ask the bank."""
    plan(clock.now())
    (file_id,) = send(clock.now() + timedelta(days=7))
    return Collection.objects.get(outgoing_file_id=file_id)


def in_the_console(browser: Client, sale: str, **form: Any) -> Any:
    return browser.post(f"/console/boekhandel-kramer/refunds/{sale}/", form, follow=True)


def test_what_was_bought_online_comes_back_in_a_store(
    webshop: Webshop, shopper: Shopper, haarlem: Desk
) -> None:
    sale = bought(webshop, shopper)
    given = haarlem.refund(sale, lines=[(1, 1)])
    assert (given.status_code, given.json()["amount"]) == (201, NOVEL_DUE)
    assert held(owed_by(shopper.account)) == -COOKBOOK_DUE
    assert held(owed_to(webshop.place)) == COOKBOOK_DUE
    settle_events()
    prove()


def test_of_what_was_captured_in_parts_no_more_comes_back_than_they_come_to(
    webshop: Webshop, shopper: Shopper, desk: Desk
) -> None:
    payment = webshop.asked(capture="manual")
    shopper.authorises(payment)
    webshop.capture(payment, 1_000)
    webshop.capture(payment, 299)
    sale = webshop.cancel(payment).json()["sale"]

    too_much = desk.refund(sale, amount=1_300)
    assert (too_much.status_code, too_much.json()["code"]) == (422, "refund_above_sale")
    assert desk.refund(sale, amount=1_000).status_code == 201
    assert desk.refund(sale, amount=300).status_code == 422
    assert desk.refund(sale, amount=299).status_code == 201

    assert [one.amount for one in money_back()] == [1_000, 299]
    assert held(owed_by(shopper.account)) == 0
    assert held(owed_to(webshop.place)) == 0
    settle_events()
    prove()


@pytest.mark.parametrize("captured", [0, 1_299])
def test_what_is_set_aside_does_not_come_back(
    webshop: Webshop, shopper: Shopper, desk: Desk, console: Client, captured: int
) -> None:
    payment = webshop.asked(capture="manual")
    shopper.authorises(payment)
    if captured:
        webshop.capture(payment, captured)
    sale = payment_of(payment.uuid).sale_uuid

    answer = desk.refund(sale, amount=100)
    assert (answer.status_code, answer.json()["code"]) == (409, "sale_not_captured")
    said = in_the_console(console, str(sale), uuid=str(uuid4()), amount="1.00", confirmed="1")
    assert "Cancel the rest of the payment first" in said.content.decode()

    assert money_back() == []
    assert held(owed_to(webshop.place)) == captured
    prove()


def test_what_was_never_confirmed_is_no_sale_to_give_back(webshop: Webshop, desk: Desk) -> None:
    payment = webshop.asked(capture="manual")
    answer = desk.refund(payment.sale_uuid, amount=100)
    assert (answer.status_code, answer.json()["code"]) == (404, "sale_to_refund_unknown")


def test_the_console_gives_back_what_was_bought_online(
    webshop: Webshop, shopper: Shopper, console: Client
) -> None:
    sale = bought(webshop, shopper, 1_299, 2_995)
    store = webshop.place.store.reference
    form = {"uuid": str(uuid4()), "store": store, "amount": "10.00", "confirmed": "1"}
    page = in_the_console(console, sale, **form)
    assert "€10.00" in page.content.decode()
    assert [one.amount for one in money_back()] == [1_000]
    assert held(owed_by(shopper.account)) == 1_000 - DUE
    prove()


def test_before_any_part_is_with_the_bank_less_is_collected(
    webshop: Webshop, shopper: Shopper, desk: Desk, ours: HouseAccount
) -> None:
    sale = bought(webshop, shopper, 1_299, 2_995)
    desk.refund(sale, amount=4_000)
    assert states() == ["set_off"]
    assert collected().amount == DUE - 4_000
    prove()


def test_what_one_part_still_owes_is_lowered_and_more_waits_for_both(
    webshop: Webshop, shopper: Shopper, desk: Desk, ours: HouseAccount
) -> None:
    payment = webshop.asked(capture="manual")
    shopper.authorises(payment)
    webshop.capture(payment, 1_299)
    first = collected()
    webshop.capture(payment)
    sale = payment_of(payment.uuid).sale_uuid

    desk.refund(sale, amount=2_000)
    desk.refund(sale, amount=1_500)
    assert states() == ["set_off", "waiting"]
    assert held(coming_to(shopper.account)) == 1_500

    bank_books(first)
    assert order(clock.now() + LATER) == []
    second = collected()
    assert (first.amount, second.amount) == (1_299, 995)
    bank_books(second)
    assert len(order(clock.now() + LATER)) == 1
    assert states() == ["set_off", "ordered"]
    settle_events()
    prove()


def test_a_part_that_comes_back_is_lowered_by_no_more_than_it_was(
    webshop: Webshop, shopper: Shopper, desk: Desk, ours: HouseAccount
) -> None:
    payment = webshop.asked(capture="manual")
    shopper.authorises(payment)
    webshop.capture(payment, 1_299)
    collected()
    webshop.capture(payment)
    second = collected()
    sale = payment_of(payment.uuid).sale_uuid
    desk.refund(sale, amount=3_200)
    desk.refund(sale, amount=900)
    assert states() == ["waiting", "waiting"]

    bank_returns(second, "MS02", same_day=True)
    assert states() == ["waiting", "set_off"]
    assert held(owed_by(shopper.account)) == 900 - COOKBOOK_DUE
    desk.refund(sale, amount=194)
    assert states() == ["waiting", "set_off", "set_off"]
    settle_events()
    prove()
