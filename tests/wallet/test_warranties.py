"""Until when a purchase is under warranty, as its person says."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from okplatform.kernel import clock, relay
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person, Store
from okplatform.trade.actions.put_product import put_product
from okplatform.trade.facts import ProductFacts
from tests.wallet.papers import filed, pdf_of, text_of, values_of
from tests.wallet.sales import line, sell
from wallet.models import Receipt, Warranty
from wallet.warranties import time_left

pytestmark = pytest.mark.django_db


@pytest.fixture
def receipt(alice: Person, utrecht: Store) -> Receipt:
    """Alice bought a mixer and a cable."""
    goods = [line(1, "Mixer", 8900), line(2, "Snoer", 995)]
    sale_id = sell(utrecht, now=clock.now(), person=alice, lines=goods)
    relay.drain()
    return filed(sale_id)


@pytest.fixture
def hers(client: Client, alice: Person) -> Client:
    client.force_login(alice)
    return client


def kept() -> list[tuple[int | None, date, str]]:
    with operator_scope("the test looks"):
        rows = Warranty.objects.order_by("id").values_list("line", "ends_on", "note")
        return [(line, ends_on, note) for line, ends_on, note in rows]


def keep(browser: Client, receipt: Receipt, **said: str) -> str:
    answer = browser.post(f"/wallet/receipts/{receipt.pk}/warranty/", said, follow=True)
    return answer.content.decode()


def test_a_day_for_one_line_stands_on_the_receipt_in_its_files_and_in_the_list(
    hers: Client, receipt: Receipt
) -> None:
    ends = timezone.localdate(clock.now()) + timedelta(days=20)
    page = keep(hers, receipt, line="1", ends_on=ends.isoformat(), note=" serie  77-A ")
    assert "Garantie: Mixer" in page
    assert "nog 20 dagen" in page
    assert kept() == [(1, ends, "serie 77-A")]
    assert values_of(hers, receipt)["warranties"] == [
        {"line": 1, "ends_on": ends.isoformat(), "note": "serie 77-A"}
    ]
    text = text_of(pdf_of(hers, receipt))
    assert ": Mixer\nserie 77-A" in text
    assert "Mixer" in hers.get("/wallet/receipts/warranties/").content.decode()


def test_said_again_it_takes_the_place_of_what_was_and_can_be_forgotten(
    hers: Client, receipt: Receipt
) -> None:
    first, second = (timezone.localdate(clock.now()) + timedelta(days=days) for days in (100, 800))
    keep(hers, receipt, ends_on=first.isoformat())
    keep(hers, receipt, ends_on=second.isoformat())
    keep(hers, receipt, line="2", ends_on=first.isoformat())
    assert kept() == [(None, second, ""), (2, first, "")]
    assert "nog 2 jaar" in hers.get("/wallet/receipts/warranties/").content.decode()
    keep(hers, receipt, forget="")
    assert kept() == [(2, first, "")]
    keep(hers, receipt, forget="2")
    keep(hers, receipt, forget="99999999999")
    assert kept() == []


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"ends_on": "2001-01-01"}, "Kies een dag na de aankoop"),
        ({"ends_on": "9999-12-31"}, "Kies een dag na de aankoop"),
        ({"ends_on": "morgen"}, "geldige datum"),
        ({}, "vereist"),
        ({"line": "7", "ends_on": "2099-01-01"}, "geldige keuze"),
        ({"ends_on": "2099-01-01", "note": "x" * 201}, "200"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_changes_nothing(
    hers: Client, receipt: Receipt, said: dict[str, str], sentence: str
) -> None:
    answer = hers.post(f"/wallet/receipts/{receipt.pk}/warranty/", said)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert kept() == []


def test_nobody_sees_or_sets_the_warranty_of_another(
    hers: Client, bob: Person, receipt: Receipt
) -> None:
    keep(hers, receipt, ends_on="2099-01-01")
    browser = Client()
    browser.force_login(bob)
    address = f"/wallet/receipts/{receipt.pk}/warranty/"
    assert browser.get(address).status_code == 404
    assert browser.post(address, {"forget": ""}).status_code == 404
    assert browser.post(address, {"ends_on": "2088-01-01"}).status_code == 404
    assert "Bakkerij" not in browser.get("/wallet/receipts/warranties/").content.decode()
    assert kept() == [(None, date(2099, 1, 1), "")]


@pytest.mark.parametrize(("line_number", "whose"), [(9, "alice"), (1, "bob")])
def test_postgresql_refuses_one_of_no_line_or_of_somebody_else(
    alice: Person, bob: Person, receipt: Receipt, line_number: int, whose: str
) -> None:
    person = {"alice": alice, "bob": bob}[whose]
    with (
        operator_scope("past the action"),
        pytest.raises(IntegrityError),
        transaction.atomic(),  # noqa: TID251 -- a savepoint of the test
    ):
        Warranty.objects.create(
            person=person,
            receipt=receipt,
            line=line_number,
            ends_on=date(2099, 1, 1),
            set_at=clock.now(),
        )


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (-1, "afgelopen"),
        (0, "loopt vandaag af"),
        (1, "nog 1 dag"),
        (60, "nog 60 dagen"),
        (61, "nog 2 maanden"),
        (730, "nog 24 maanden"),
        (731, "nog 2 jaar"),
    ],
)
def test_what_is_left_is_said_in_days_months_or_years(days: int, said: str) -> None:
    today = date(2026, 11, 22)
    assert time_left(today + timedelta(days=days), today) == said


def test_what_the_shop_promises_is_kept_with_the_receipt_as_it_stood_then(
    hers: Client, alice: Person, utrecht: Store
) -> None:
    def promise(months: int | None) -> None:
        product = ProductFacts(
            sku="mixer", name="Mixer", price=8900, vat_rate_bp=2100, warranty_months=months
        )
        put_product(merchant_id=utrecht.merchant_id, product=product, actor=SYSTEM)

    promise(24)
    goods = [line(1, "Mixer", 8900, sku="mixer"), line(2, "Snoer", 995)]
    at = datetime(2026, 2, 28, 23, 30, tzinfo=UTC)
    sale_id = sell(utrecht, now=at, person=alice, lines=goods)
    relay.drain()
    promise(None)
    sell(utrecht, now=at, person=alice, lines=goods)
    relay.drain()
    # Half past midnight on the first of March, where it was sold.
    assert kept() == [(1, date(2028, 3, 1), "")]
    assert values_of(hers, filed(sale_id))["warranties"][0]["ends_on"] == "2028-03-01"
    keep(hers, filed(sale_id), forget="1")
    relay.drain()
    assert kept() == []
