"""Something comes back: what the till is told, and what has become true by it."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from okplatform.kernel.models import AuditEntry, Event
from okplatform.kernel.modes import Mode
from okplatform.parties.models import Person
from okplatform.parties.scopes import Scope
from payments.models import BankAccount, Posting
from tests.loyalty.bakery import Bakery
from tests.merchants.returns.desk import Desk, money_back, returns
from tests.payments.books import held, owed_by, owed_to
from tests.payments.refunding import among_stores, coming_to
from tests.support.counter import (
    COFFEE,
    Counter,
    basket,
    paying,
    settle_events,
    show,
    with_bank_account,
)
from tests.support.phone import Phone
from tests.support.proofs import prove
from tests.support.world import Place, World

pytestmark = pytest.mark.django_db


def account_of(person: Person) -> BankAccount:
    return BankAccount.objects.get(person=person)


def euros(text: str) -> str:
    return f"€\N{NO-BREAK SPACE}{text}"


def test_a_line_comes_back_and_lowers_what_is_owed(
    counter: Counter, desk: Desk, phone: Phone, alice: Person
) -> None:
    sale = counter.sell(phone).json()["uuid"]
    answer = desk.refund(sale, lines=[(1, 1)], reason="te hard", operator="op-7")
    assert answer.status_code == 201
    said = answer.json()
    assert (said["amount"], said["vat"], said["verdict"]) == (420, 35, "happened")
    assert said["lines"] == [
        {
            "number": 1,
            "sku": "desem",
            "name": "Desembrood",
            "quantity": 1,
            "unit": "piece",
            "amount": 420,
            "vat_rate": 900,
            "vat": 35,
        }
    ]
    assert said["tenders"] == [{"kind": "ok", "amount": 420, "reference": ""}]
    assert said["sentence"] == (
        f"{euros('4,20')} gaat vanzelf terug naar de bankrekening van de klant."
    )
    # Nothing was collected yet: so nothing goes through a bank, Alice just owes less.
    assert held(owed_by(account_of(alice))) == -680
    assert held(coming_to(account_of(alice))) == 0
    assert held(owed_to(desk.place)) == 680
    assert [one.state for one in money_back()] == ["set_off"]
    prove()


def test_the_printer_gets_a_receipt_of_it(counter: Counter, desk: Desk, phone: Phone) -> None:
    sale = counter.sell(phone).json()["uuid"]
    lines = desk.refund(sale, lines=[(1, 2)], language="en").json()["receipt_lines"]
    assert lines[0] == "Refund"
    assert lines[1] == "2 x Desembrood                    -€8.40"
    assert lines[3] == "Given back                         €8.40"
    assert lines[4] == "To your bank account               €8.40"
    assert lines[5] == "of which VAT 9 %                   €0.69"


def test_an_amount_without_goods_lowers_every_line_by_its_part(
    counter: Counter, desk: Desk, phone: Phone
) -> None:
    sale = counter.sell(phone).json()["uuid"]
    said = desk.refund(sale, amount=550).json()
    assert [(one["number"], one["quantity"], one["amount"]) for one in said["lines"]] == [
        (1, 0, 420),
        (2, 0, 130),
    ]
    # What comes back after that was cheaper by it.
    assert desk.refund(sale, lines=[(1, 2)]).json()["amount"] == 420
    assert desk.refund(sale, lines=[(2, 1)]).json()["amount"] == 130
    assert desk.refunds(sale).json()["refunded"] == 1_100
    prove()


def test_the_same_request_again_gives_back_once(counter: Counter, desk: Desk, phone: Phone) -> None:
    sale, uuid = counter.sell(phone).json()["uuid"], uuid4()
    first = desk.refund(sale, uuid=uuid, lines=[(1, 1)])
    again = desk.refund(sale, uuid=uuid, lines=[(1, 1)])
    assert (again.status_code, again.json()) == (201, first.json())
    assert len(returns()) == len(money_back()) == 1
    assert Event.objects.filter(type="trade.sale_refunded").count() == 1
    assert AuditEntry.objects.filter(action="sale_refunded").count() == 1
    prove()


def test_a_key_keeps_the_decision_too(counter: Counter, desk: Desk, phone: Phone) -> None:
    sale, uuid = counter.sell(phone).json()["uuid"], uuid4()
    headers = {"HTTP_IDEMPOTENCY_KEY": "retour-1"}
    first = desk.refund(sale, uuid=uuid, lines=[(1, 1)], headers=headers)
    again = desk.refund(sale, uuid=uuid, lines=[(1, 1)], headers=headers)
    other = desk.refund(sale, uuid=uuid, lines=[(1, 2)], headers=headers)
    assert again.json() == first.json()
    assert other.json()["code"] == "idempotency_key_reused"
    assert len(returns()) == 1


def test_it_goes_back_as_it_came_and_the_till_gives_what_is_not_ours(
    counter: Counter, desk: Desk, phone: Phone, alice: Person
) -> None:
    payment = paying({"kind": "ok", "amount": 600}, "cash")
    uuid = uuid4()
    assert counter.put(uuid, basket(code=show(phone), payment=payment)).status_code == 200
    said = desk.refund(uuid, lines=[(1, 2)]).json()
    assert said["tenders"] == [
        {"kind": "ok", "amount": 600, "reference": ""},
        {"kind": "cash", "amount": 240, "reference": ""},
    ]
    assert said["sentence"] == (
        f"{euros('6,00')} gaat vanzelf terug naar de bankrekening van de klant."
        f" Geef {euros('2,40')} contant terug."
    )
    assert held(owed_by(account_of(alice))) == 0
    prove()


def test_the_till_may_say_by_what_it_goes_back(counter: Counter, desk: Desk, phone: Phone) -> None:
    uuid = uuid4()
    counter.put(
        uuid, basket(code=show(phone), payment=paying({"kind": "ok", "amount": 600}, "cash"))
    )
    asked = [{"kind": "cash", "amount": 300}, {"kind": "ok"}]
    said = desk.refund(uuid, lines=[(1, 1)], tenders=asked).json()
    assert {one["kind"]: one["amount"] for one in said["tenders"]} == {"cash": 300, "ok": 120}
    refused = desk.refund(uuid, amount=400, tenders=[{"kind": "cash"}])
    assert refused.json()["code"] == "more_than_paid"
    prove()


def test_what_was_paid_by_pin_moves_no_money_of_ours(counter: Counter, desk: Desk) -> None:
    sale = counter.sell().json()["uuid"]
    said = desk.refund(sale, lines=[(2, 1)]).json()
    assert said["sentence"] == f"Geef {euros('2,60')} terug met de pinautomaat."
    assert money_back() == []
    assert not Posting.objects.filter(kind__startswith="refund").exists()
    prove()


def selling(place: Place) -> Counter:
    return Counter(place, place.key)


def test_it_comes_back_in_another_store_and_from_the_webshop(
    world: World, phone: Phone, alice: Person
) -> None:
    sale = selling(world.webshop).sell(phone, COFFEE).json()["uuid"]
    said = Desk(world.leiden).refund(sale, lines=[(1, 1)]).json()
    assert (said["store"], said["terminal"]) == ("leiden", "kassa-1")
    assert held(among_stores(world.leiden)) == -260
    assert held(among_stores(world.webshop)) == 260
    listed = Desk(world.haarlem).refunds(sale).json()
    assert (listed["paid"], listed["refunded"]) == (260, 260)
    prove()


def test_live_figures_say_what_came_back_where_it_came_back(world: World, phone: Phone) -> None:
    sale = selling(world.haarlem).sell(phone, COFFEE).json()["uuid"]
    Desk(world.leiden).refund(sale, lines=[(1, 1)])
    settle_events()
    prove()
    client = Client()
    client.force_login(world.olga)
    page = client.get("/console/boekhandel-kramer/live/").content.decode()
    assert f'data-figure="refunded">{euros("2,60")}<' in page
    assert f'data-figure="turnover">{euros("2,60")}<' in page
    assert f"blijft {euros('0,00')}" in page


def test_the_shoppers_receipt_shows_it(
    counter: Counter, desk: Desk, phone: Phone, alice: Person
) -> None:
    sale = counter.sell(phone).json()["uuid"]
    settle_events()
    desk.refund(sale, lines=[(1, 1)])
    desk.refund(sale, amount=100)
    settle_events()
    client = Client()
    client.force_login(alice)
    receipts = client.get("/wallet/receipts/").content.decode()
    address = receipts.partition('class="list-item" href="/wallet/receipts/')[2].partition('"')[0]
    page = client.get(f"/wallet/receipts/{address}").content.decode()
    assert "Teruggegeven, Utrecht" in page
    assert "Koffie, goedkoper gemaakt" in page
    assert f"U krijgt {euros('4,20')} terug" in page
    assert "Afgetrokken van wat u nog moet betalen." in page


def test_a_till_that_may_only_sell_gives_nothing_back(
    counter: Counter, phone: Phone, desk: Desk
) -> None:
    sale = counter.sell(phone).json()["uuid"]
    answer = counter.client.post(
        f"/api/v1/sales/{sale}/refunds", {"uuid": str(uuid4()), "amount": 100}, format="json"
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
    assert answer.json()["scope"] == Scope.REFUNDS_WRITE
    assert returns() == []
    # Reading is another matter.
    assert counter.client.get(f"/api/v1/sales/{sale}/refunds").json()["refunds"] == []


def test_another_merchant_sees_and_refunds_nothing(
    world: World, counter: Counter, phone: Phone
) -> None:
    sale = counter.sell(phone).json()["uuid"]
    charlie = Desk(world.gouda)
    for answer in (charlie.refund(sale, amount=100), charlie.refunds(sale)):
        assert (answer.status_code, answer.json()["code"]) == (404, "sale_to_refund_unknown")
    assert returns() == []


def test_live_and_test_never_meet(world: World, bakery: Bakery, desk: Desk) -> None:
    tessas = with_bank_account(world.tessa)
    rehearsal = Counter(world.till, world.till.test_key)
    sale = rehearsal.sell(tessas).json()["uuid"]
    assert desk.refund(sale, amount=100).json()["code"] == "sale_to_refund_unknown"
    said: Any = Desk(world.till, mode=Mode.TEST).refund(sale, amount=100).json()
    assert said["amount"] == 100
    assert held(owed_to(world.till)) == 0
    assert held(owed_to(world.till), mode=Mode.TEST) == 1_000
    prove()
