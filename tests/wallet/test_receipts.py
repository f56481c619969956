from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from okplatform.kernel import relay
from okplatform.kernel.db import call, transaction
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person, Store
from okplatform.trade.models import SaleLine
from tests.wallet.sales import LINES, line, sell
from wallet import handlers, hooks
from wallet.actions.bulk import file_receipts_of_merchant
from wallet.actions.file_receipts import FILE
from wallet.hooks import Funding, ReceiptNote
from wallet.models import Receipt
from wallet.receipts import discounts_on, vat_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, Any]]:
    """What phones hear."""
    heard: list[tuple[str, str, Any]] = []
    monkeypatch.setattr(handlers, "notify", lambda *said: heard.append(said))
    return heard


def receipts() -> list[Receipt]:
    with operator_scope("test"):
        return list(Receipt.objects.order_by("id"))


def test_a_members_sale_becomes_a_receipt_and_the_phone_hears_of_it(
    alice: Person, utrecht: Store, now: datetime, told: list[Any]
) -> None:
    sale_id = sell(utrecht, now=now, person=alice)
    relay.drain()
    (receipt,) = receipts()
    assert (receipt.person_id, receipt.sale_id) == (alice.pk, sale_id)
    assert (receipt.merchant_id, receipt.mode) == (utrecht.merchant_id, "live")
    url = f"/wallet/receipts/{receipt.pk}/"
    assert told == [(f"person:{alice.pk}", "receipt", {"url": url})]


def test_a_sale_of_nobody_known_leaves_no_receipt(
    utrecht: Store, now: datetime, told: list[Any]
) -> None:
    sell(utrecht, now=now)
    relay.drain()
    assert receipts() == []
    assert told == []


def test_a_batch_is_filed_in_one_go_and_only_once(
    alice: Person, bob: Person, utrecht: Store, now: datetime, told: list[Any]
) -> None:
    for person in (alice, bob, None, alice):
        sell(utrecht, now=now, person=person)
    relay.drain()
    with transaction():
        again = file_receipts_of_merchant(merchant_id=utrecht.merchant_id, mode="live", now=now)
    assert again == 0
    assert [receipt.person_id for receipt in receipts()] == [alice.pk, bob.pk, alice.pk]
    assert len(told) == 3


def test_a_batch_looks_its_sales_up_and_never_walks_through_those_of_all_members(
    alice: Person, utrecht: Store, now: datetime
) -> None:
    """Statistics from before the first member's sale made it read all of them for each batch."""
    sell(utrecht, now=now)
    call("ANALYZE trade_sale")
    sale_id = sell(utrecht, now=now, person=alice)
    with transaction():
        # As good as the worst guess: each way but looking up is made to look free.
        for way in ("enable_nestloop", "enable_seqscan", "enable_bitmapscan"):
            call(f"SET LOCAL {way} = off")
        plan = "\n".join(line for (line,) in call("EXPLAIN " + FILE, [now, [sale_id]]))
    assert receipts() == []
    looks_up = plan[plan.index("on trade_sale") :]
    assert "Index Cond: (id = asked.id)" in looks_up, plan


def test_a_history_that_was_copied_in_gets_its_receipts_at_once(
    alice: Person, utrecht: Store, now: datetime
) -> None:
    for person in (alice, None, alice):
        sell(utrecht, now=now, person=person)
    with transaction():
        filed = file_receipts_of_merchant(merchant_id=utrecht.merchant_id, mode="live", now=now)
    assert filed == 2


def test_the_receipt_says_what_why_and_how_it_was_paid(
    client: Client, alice: Person, utrecht: Store, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    sell(utrecht, now=now, person=alice, lines=LINES, kind="ok", points=22)
    relay.drain()

    class Paying:
        def paid_from(self, _sale_id: int) -> Funding:
            return Funding(1, "ING", "4521")

    monkeypatch.setattr(hooks, "_paid_from", [Paying()])
    monkeypatch.setattr(hooks, "_receipt_notes", [])
    client.force_login(alice)
    (receipt,) = receipts()
    page = client.get(f"/wallet/receipts/{receipt.pk}/").content.decode().replace("\xa0", " ")
    for said in (
        "€ 22,40",
        "Bakkerij Bol, Utrecht",
        "2 \N{MULTIPLICATION SIGN} € 4,20",
        "250 g à € 15,99 per kilo",
        "4e appelflap halve prijs",
        "\N{MINUS SIGN} € 1,00",
        "Betaald van ING",
        "•• 4521",
        "Waarvan btw 9 %",
        "€ 1,52",
        "+ 22 punten",
    ):
        assert said in page, said


def test_the_programme_has_the_word_about_points(
    client: Client, alice: Person, utrecht: Store, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    class Programme:
        def notes(self, _sale_id: int, _person_id: int) -> list[ReceiptNote]:
            return [ReceiptNote("+ 22 broodjes", "Nog € 1,60 en het waren er 24", "338")]

    monkeypatch.setattr(hooks, "_receipt_notes", [Programme()])
    sell(utrecht, now=now, person=alice, points=22)
    relay.drain()
    client.force_login(alice)
    page = client.get(f"/wallet/receipts/{receipts()[0].pk}/").content.decode()
    assert "+ 22 broodjes" in page
    assert "Nog € 1,60" in page
    assert "22 punten" not in page


def test_nobody_reads_the_receipt_of_another(
    client: Client, alice: Person, bob: Person, utrecht: Store, now: datetime
) -> None:
    sell(utrecht, now=now, person=alice)
    relay.drain()
    (receipt,) = receipts()
    client.force_login(bob)
    assert client.get(f"/wallet/receipts/{receipt.pk}/").status_code == 404
    assert "Bakkerij Bol" not in client.get("/wallet/receipts/").content.decode()


def test_the_list_shows_the_newest_first_and_goes_on_to_older_ones(
    client: Client, alice: Person, utrecht: Store, now: datetime
) -> None:
    for day in range(52):
        price = 100 + day
        sell(
            utrecht,
            now=now - timedelta(days=day),
            person=alice,
            lines=[line(unit_price=price, gross=price)],
        )
    relay.drain()
    client.force_login(alice)
    first = client.get("/wallet/receipts/").content.decode().replace("\xa0", " ")
    assert first.index("€ 1,00") < first.index("€ 1,01") < first.index("€ 1,49")
    assert "€ 1,50" not in first
    second = client.get("/wallet/receipts/?page=2").content.decode().replace("\xa0", " ")
    assert "€ 1,50" in second
    assert "€ 1,51" in second


def saleline(discount: int, *reasons: tuple[str, int]) -> SaleLine:
    told = [
        {"kind": "offer", "id": name, "text": {"nl": name}, "amount": amount}
        for name, amount in reasons
    ]
    return SaleLine(discount=discount, reasons=told)


def test_discounts_add_up_per_reason_and_leave_nothing_unexplained() -> None:
    lines = [saleline(30, ("brood", 20), ("lid", 10)), saleline(15, ("brood", 10))]
    found = [(discount.text, discount.amount) for discount in discounts_on(lines)]
    assert found == [("brood", 30), ("lid", 10), ("Korting", 5)]
    assert sum(amount for _text, amount in found) == 45


def test_vat_adds_up_per_rate_with_what_was_paid_at_it() -> None:
    sold = [(2100, 121, 21), (900, 109, 9), (0, 50, 0), (2100, 24, 4)]
    lines = [SaleLine(vat_rate_bp=rate, paid=paid, vat=vat) for rate, paid, vat in sold]
    found = [(vat.rate_bp, vat.paid, vat.amount) for vat in vat_on(lines)]
    assert found == [(0, 50, 0), (900, 109, 9), (2100, 145, 25)]
