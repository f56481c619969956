"""One receipt on the page, as PDF and as JSON: the same facts, to the cent."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from okplatform.kernel import relay
from okplatform.kernel.money import vat_included
from okplatform.parties.models import Person, Store
from okplatform.trade.facts import LineFacts, TenderFacts
from tests.wallet.papers import codes_in, filed, opened, pdf_of, text_of, values_of
from tests.wallet.sales import LINES, line, sell
from wallet.receipt_json import as_values
from wallet.receipts import own_paper_of

pytestmark = pytest.mark.django_db

SPLIT = [
    TenderFacts(number=1, kind="cash", amount=1240),
    TenderFacts(number=2, kind="pin", amount=1000),
]


def bought(store: Store, person: Person, now: datetime, **sale: Any) -> int:
    asked: dict[str, Any] = {"lines": LINES, "tenders": SPLIT} | sale
    sale_id = sell(store, now=now, person=person, **asked)
    relay.drain()
    return sale_id


def test_the_pdf_says_what_the_receipt_says(
    client: Client, alice: Person, utrecht: Store, now: datetime
) -> None:
    receipt = filed(bought(utrecht, alice, now, points=22))
    client.force_login(alice)
    pdf = pdf_of(client, receipt)
    text = text_of(pdf)
    for said in (
        "Bakkerij Bol",
        "Btw-nummer NL004495445B01",
        "21 november 2026 13:00",
        "R-1",
        "2 × € 4,20",
        "250 g à € 15,99 per kilo",
        "4e appelflap halve prijs",
        "− € 1,00",
        "Betaald met contant € 12,40",
        "€ 22,40",
        "Btw 9 %, in € 18,40 € 1,52",
        "Btw 21 %, in € 4,00 € 0,69",
        "+ 22 punten",
        str(receipt.sale.uuid),
    ):
        assert said in text, (said, text)
    assert b"Bon Bakkerij Bol R-1</rdf:li>" in pdf
    assert b"/Lang (nl)" in pdf
    assert codes_in(pdf) == [str(receipt.sale.uuid)]


def test_the_files_are_in_the_language_of_the_receipt_whatever_the_page_is_in(
    client: Client, alice: Person, utrecht: Store, now: datetime
) -> None:
    receipt = filed(bought(utrecht, alice, now, language="en"))
    client.force_login(alice)
    client.cookies["django_language"] = "nl"
    assert "4e appelflap" in client.get(f"/wallet/receipts/{receipt.pk}/").content.decode()
    pdf = pdf_of(client, receipt)
    assert "4th turnover half price" in text_of(pdf)
    assert b"/Lang (en)" in pdf
    values = values_of(client, receipt)
    assert (values["language"], values["discounts"][0]["text"]) == (
        "en",
        "4th turnover half price",
    )


def test_the_json_is_whole_and_names_its_version(
    client: Client, alice: Person, utrecht: Store, now: datetime
) -> None:
    receipt = filed(bought(utrecht, alice, now))
    client.force_login(alice)
    values = values_of(client, receipt)
    assert values["format"] == "ok-receipt/1"
    assert values["number"] == str(receipt.sale.uuid)
    assert values["closed_at"] == "2026-11-21T13:00:05+01:00"
    assert values["seller"]["store"] == {
        "name": "Utrecht",
        "city": "Utrecht",
        "channel": "in_store",
    }
    assert values["seller"]["address"] is None
    assert values["lines"][1] == {
        "number": 2,
        "sku": "",
        "name": "Appelflap",
        "quantity": 4,
        "unit": "piece",
        "unit_price": 275,
        "gross": 1100,
        "discount": 100,
        "discounts": [{"text": "4e appelflap halve prijs", "amount": 100}],
        "paid": 1000,
        "vat_rate_bp": 900,
        "vat": 83,
    }
    assert values["totals"] == {"gross": 2340, "discount": 100, "due": 2240}
    assert [one["kind"] for one in values["tenders"]] == ["cash", "pin"]
    assert values["returns"] == []
    assert values["points"] is None


def test_a_long_receipt_goes_on_on_the_next_page_and_loses_nothing(
    client: Client, alice: Person, utrecht: Store, now: datetime
) -> None:
    many = [line(number, f"Artikel {number} \N{CHEESE WEDGE} 面", 100) for number in range(1, 121)]
    receipt = filed(bought(utrecht, alice, now, lines=many, tenders=None))
    client.force_login(alice)
    pdf = pdf_of(client, receipt)
    assert len(opened(pdf)) > 2
    text = text_of(pdf)
    assert all(f"Artikel {number} " in text for number in range(1, 121))
    assert codes_in(pdf) == [str(receipt.sale.uuid)]


@pytest.mark.parametrize("form", ["pdf", "json"])
def test_nobody_takes_the_receipt_of_another(
    client: Client, alice: Person, bob: Person, utrecht: Store, now: datetime, form: str
) -> None:
    receipt = filed(bought(utrecht, alice, now))
    address = f"/wallet/receipts/{receipt.pk}/{form}"
    assert client.get(address).status_code == 302
    client.force_login(bob)
    assert client.get(address).status_code == 404


def test_another_kind_of_file_is_not_found(
    client: Client, alice: Person, utrecht: Store, now: datetime
) -> None:
    receipt = filed(bought(utrecht, alice, now))
    client.force_login(alice)
    assert client.get(f"/wallet/receipts/{receipt.pk}/exe").status_code == 404


@st.composite
def sold(draw: st.DrawFn) -> LineFacts:
    """Some line, with a discount of which a part is explained."""
    gross = draw(st.integers(0, 100_000))
    discount = draw(st.integers(0, gross))
    explained = draw(st.integers(0, discount))
    rate = draw(st.sampled_from([0, 900, 2100]))
    reasons = [
        {"kind": "offer", "id": draw(st.sampled_from("ab")), "text": {}, "amount": explained}
    ]
    return line(
        1,
        unit_price=gross,
        discount=discount,
        vat_rate_bp=rate,
        vat=vat_included(gross - discount, rate),
        reasons=reasons if explained else [],
    )


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(goods=st.lists(sold(), min_size=1, max_size=6), share=st.fractions(0, 1))
def test_all_adds_up_to_the_cent(
    alice: Person, utrecht: Store, now: datetime, goods: list[LineFacts], share: Any
) -> None:
    lines = [replace(one, number=number) for number, one in enumerate(goods, 1)]
    due = sum(one.paid for one in lines)
    first = int(due * share)
    parts = [part for part in (("cash", first), ("pin", due - first)) if part[1]]
    tenders = [
        TenderFacts(number=number, kind=kind, amount=amount)
        for number, (kind, amount) in enumerate(parts, 1)
    ]
    sale_id = sell(utrecht, now=now, person=alice, lines=lines, tenders=tenders, uuid=uuid4())
    relay.drain()
    receipt = filed(sale_id)
    paper = own_paper_of(receipt)
    sale = receipt.sale
    assert sum(one.gross for one in paper.lines) == sale.gross == paper.gross
    assert sum(one.amount for one in paper.discounts) == sale.discount == paper.discount
    for one in paper.lines:
        assert sum(found.amount for found in one.discounts) == one.discount
    assert sum(one.amount for one in paper.paid) == sale.due == paper.due
    assert sum(one.paid for one in paper.vat) == sale.due
    assert sum(one.amount for one in paper.vat) == sum(one.vat for one in lines)
    values = as_values(paper)
    assert values["totals"]["due"] == sum(one["paid"] for one in values["lines"])
