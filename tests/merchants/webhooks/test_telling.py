"""What merchants are told: their own sales and money, in their mode, and never who it was."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import IntegrityError

from merchants.models import WebhookDelivery
from merchants.webhooks.actions.plan_deliveries import body_of
from merchants.webhooks.console.words import TYPES
from merchants.webhooks.handlers import plan
from merchants.webhooks.invariants import (
    webhooks_tell_each_event_once,
    webhooks_tell_only_their_merchant,
)
from merchants.webhooks.vocabulary import NAMES, WORDS
from okplatform.kernel import clock
from okplatform.kernel.db import call, transaction
from okplatform.kernel.events import Delivered, publish
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from okplatform.trade.events import SaleClosed
from payments.events.fees import InvoiceIssued
from tests.loyalty.bakery import Bakery
from tests.merchants.returns.desk import Desk
from tests.merchants.webhooks.conftest import Line
from tests.payments.books import bank_account, sell
from tests.payments.settling import bank_books, bank_returns, our_account, pay_out, payouts
from tests.support.counter import (
    BREAD,
    Counter,
    basket,
    let_know,
    paying,
    settle_events,
    show,
    with_bank_account,
)
from tests.support.counter import join as become_member
from tests.support.proofs import prove
from tests.support.receiver import Receiver
from tests.support.world import NOW, World

pytestmark = pytest.mark.django_db


def told(line: Line) -> list[dict[str, Any]]:
    return [json.loads(one.body) for one in line.deliveries]


def test_a_sale_is_told_with_what_the_till_called_it(
    line: Line, counter: Counter, receiver: Receiver
) -> None:
    answer = counter.sell(None, BREAD, reference="R-1042").json()
    assert line.deliveries == []
    settle_events()
    line.serve()
    (received,) = receiver.received
    said = received.verified(line.secret)
    assert said["type"] == "sale.closed"
    assert said["version"] == 1
    assert said["timestamp"].endswith("Z")
    assert said["data"] == {
        "mode": "live",
        "sale": answer["uuid"],
        "reference": "R-1042",
        "store": "utrecht",
        "terminal": "kassa-1",
        "channel": "in_store",
        "state": "closed",
        "currency": "EUR",
        "gross": 840,
        "discount": 0,
        "due": 840,
        "tenders": {"pin": 840},
        "closed_at": said["data"]["closed_at"],
    }
    assert received.headers["user-agent"] == "OK-Webhooks/1"
    assert received.headers["content-type"] == "application/json"
    prove()


def test_who_bought_is_never_told_not_even_with_consent(
    line: Line, bakery: Bakery, counter: Counter, alice: Person
) -> None:
    become_member(alice, bakery.programme_id)
    let_know(alice, counter.place)
    phone = with_bank_account(alice)
    counter.put(uuid4(), basket(code=show(phone), payment=paying()))
    settle_events()
    (sale,) = told(line)
    assert sale["data"]["tenders"] == {"ok": 1100}
    text = json.dumps(sale)
    for secret in (alice.name, alice.email, "person", "points", "iban", "account"):
        assert secret not in text
    assert "person_id" not in text


def test_a_cancelled_and_a_refunded_sale_are_told(
    line: Line, counter: Counter, bakery: Bakery, alice: Person
) -> None:
    uuid = uuid4()
    counter.put(uuid, basket())
    counter.delete(uuid)
    sale = counter.sell(with_bank_account(alice), BREAD).json()["uuid"]
    back = Desk(bakery.world.till).refund(sale, lines=[(1, 1)]).json()
    settle_events()
    cancelled, closed, refunded = [one for one in told(line) if one["type"].startswith("sale.")]
    assert cancelled["type"] == "sale.cancelled"
    assert cancelled["data"]["sale"] == str(uuid)
    assert closed["type"] == "sale.closed"
    assert refunded["type"] == "sale.refunded"
    assert refunded["data"]["refund"] == back["uuid"]
    assert refunded["data"]["sale"] == sale
    assert refunded["data"]["amount"] == 420
    assert refunded["data"]["tenders"] == {"ok": 420}


def test_a_neighbour_and_the_other_mode_hear_nothing(
    world: World, line: Line, counter: Counter, receiver: Receiver
) -> None:
    charlie = Line(world.kaashuis.merchant, receiver.url)
    rehearsal = Line(world.bol.merchant, receiver.url, mode=Mode.TEST)
    counter.sell()
    Counter(world.till, world.till.test_key).sell()
    settle_events()
    assert charlie.deliveries == []
    assert [one["data"]["mode"] for one in told(line)] == ["live"]
    assert [one["data"]["mode"] for one in told(rehearsal)] == ["test"]
    prove()


def test_an_endpoint_hears_only_of_what_it_asked_for(
    world: World, bakery: Bakery, counter: Counter, receiver: Receiver
) -> None:
    line = Line(world.bol.merchant, receiver.url, types=("sale.refunded",))
    counter.sell()
    settle_events()
    assert line.deliveries == []
    prove()


def test_an_event_that_is_handled_twice_is_planned_once(line: Line, counter: Counter) -> None:
    counter.sell()
    settle_events()
    settle_events()
    assert len(line.deliveries) == 1


def test_a_merchant_without_endpoints_costs_one_query(
    world: World, counter: Counter, django_assert_num_queries: Any
) -> None:
    counter.sell()
    with operator_scope("test"):
        rows = call("SELECT id, payload, merchant_id, mode FROM kernel_event WHERE type ~ 'closed'")
    sold = [
        Delivered(pk, 1, clock.now(), SaleClosed(**json.loads(payload)), "", merchant, mode)
        for pk, payload, merchant, mode in rows
    ] * 50
    with transaction(), operator_scope("test"), django_assert_num_queries(1):
        plan(sold)


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.event.__name__)
def test_every_word_is_explained_on_the_page_and_in_the_documents(word: Any) -> None:
    document = (settings.BASE_DIR / "docs" / "webhooks.md").read_text()
    assert f"`{word.name}`" in document
    assert word.name in TYPES
    assert set(TYPES) == set(NAMES)


def test_an_event_that_no_endpoint_was_told_of_is_found(line: Line, counter: Counter) -> None:
    counter.sell()
    assert webhooks_tell_each_event_once().breaches == []  # its event still waits
    settle_events()
    assert webhooks_tell_each_event_once().breaches == []
    with operator_scope("the test breaks it"):
        WebhookDelivery.objects.all().delete()
    (breach,) = webhooks_tell_each_event_once().breaches
    assert "sale_closed" in breach


def test_a_delivery_that_is_none_of_its_business_is_found(
    line: Line, counter: Counter, world: World, receiver: Receiver
) -> None:
    charlie = Line(world.kaashuis.merchant, receiver.url)
    counter.sell()
    settle_events()
    with operator_scope("the test breaks it"):
        one = line.deliveries[0]
        one.pk, one.message = None, uuid4()
        one.endpoint_id, one.merchant_id = charlie.row.pk, charlie.merchant.pk
        one.save(force_insert=True)
    (breach,) = webhooks_tell_only_their_merchant().breaches
    assert "must not hear" in breach


def test_a_body_that_is_too_large_is_refused_by_the_database(line: Line, counter: Counter) -> None:
    counter.sell()
    settle_events()
    long = body_of(type_="x", version=1, at=clock.now(), mode="live", data={"a": "b" * 20_000})
    one = line.deliveries[0]
    one.pk, one.message, one.event_id, one.body = None, uuid4(), None, long
    with pytest.raises(IntegrityError, match="body_is_small"):
        one.save(force_insert=True)


def test_a_payout_is_told_step_by_step(line: Line, world: World, alice: Person) -> None:
    our_account()
    sell(world.till, bank_account(alice), 1_840)
    pay_out(NOW + timedelta(days=1))
    (payout,) = payouts()
    bank_books(payout)
    bank_returns(payout, "AC04")
    settle_events()
    steps = [one for one in told(line) if one["type"].startswith("payout.")]
    assert [(one["type"], one["data"]["state"]) for one in steps] == [
        ("payout.ordered", "ordered"),
        ("payout.paid", "paid"),
        ("payout.returned", "returned"),
    ]
    assert {one["data"]["payout"] for one in steps} == {str(payout.pk)}
    assert {one["data"]["amount"] for one in steps} == {1_840}
    assert steps[2]["data"]["reason"] == "AC04"
    line.serve()
    prove()


def test_a_refund_that_was_set_off_is_told_as_paid(
    line: Line, counter: Counter, bakery: Bakery, alice: Person
) -> None:
    sale = counter.sell(with_bank_account(alice), BREAD).json()["uuid"]
    back = Desk(bakery.world.till).refund(sale, lines=[(1, 1)]).json()
    settle_events()
    (money,) = [one["data"] for one in told(line) if one["type"] == "refund.paid"]
    assert money == {
        "mode": "live",
        "refund": back["uuid"],
        "sale": sale,
        "currency": "EUR",
        "state": "paid",
        "amount": 420,
    }


def test_an_invoice_is_told_by_its_number(line: Line) -> None:
    issued = InvoiceIssued(invoice_id=7, number="OK-2026-0007", gross=1_210, open=0)
    with transaction():
        publish(issued, now=clock.now(), merchant_id=line.merchant.pk, mode=Mode.LIVE)
    settle_events()
    (invoice,) = told(line)
    assert invoice["data"]["invoice"] == "OK-2026-0007"
    assert "invoice_id" not in invoice["data"]
