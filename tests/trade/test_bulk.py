"""The past comes in at once, and is held to the same constraints."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError

from okplatform.kernel import db
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.invariants import all_invariants
from okplatform.kernel.models import AuditEntry, Event
from okplatform.kernel.tenancy import merchant_scope
from okplatform.trade.actions.bulk import (
    PastLine,
    PastSale,
    PastTender,
    copy_products,
    copy_sales,
)
from okplatform.trade.facts import ProductFacts
from okplatform.trade.models import Product, Sale, SaleLine
from tests.support.world import NOW, Place, World


def past_line(gross: int = 250, discount: int = 0, name: str = "Brood", **other: Any) -> PastLine:
    reasons = f'[{{"kind": "offer", "id": "x\\"", "amount": {discount}}}]' if discount else "[]"
    facts: dict[str, Any] = {
        "product_id": None,
        "sku": "b-1",
        "quantity": 0,
        "unit": "piece",
        "unit_price": gross,
        "vat_rate_bp": 900,
        "vat": 1,
        "category_reference": "",
        "reasons": reasons,
    }
    return PastLine(gross=gross, discount=discount, name=name, **facts | other)


def past_sale(place: Place, *lines: PastLine, **other: Any) -> PastSale:
    facts: dict[str, Any] = {
        "uuid": uuid4(),
        "store_id": place.store.pk,
        "terminal_id": None,
        "person_id": None,
        "closed_at": NOW - timedelta(days=365),
        "tenders": [PastTender("pin", sum(line.gross - line.discount for line in lines))],
    }
    return PastSale(lines=lines, **facts | other)


def copy(place: Place, *sales: PastSale) -> list[int]:
    with db.transaction():
        return copy_sales(merchant_id=place.merchant.pk, mode="live", sales=sales, actor=SYSTEM)


def test_a_year_of_sales_comes_in_with_its_lines_and_names(world: World) -> None:
    odd = "Brood\tmet \\ en\nregels €"
    ids = copy(
        world.till,
        past_sale(world.till, past_line(), past_line(400, 40, name=odd)),
        *(past_sale(world.till, past_line(100 + number)) for number in range(1_200)),
    )

    assert len(set(ids)) == 1_201
    with merchant_scope(world.bol.merchant.pk):
        sale = Sale.objects.get(pk=ids[0])
        line = SaleLine.objects.get(sale_id=ids[0], number=2)
        assert Sale.objects.filter(pk=ids[-1], gross=100 + 1_199).exists()
    assert (sale.gross, sale.discount, sale.due) == (650, 40, 610)
    assert sale.closed_at == NOW - timedelta(days=365)
    assert line.name == odd
    assert line.reasons[0]["id"] == 'x"'
    assert all(
        each.prove().breaches == [] for each in all_invariants() if each.name in TRADE_INVARIANTS
    )


TRADE_INVARIANTS = {
    "lines_add_up_to_their_sale",
    "tenders_add_up_to_their_sale",
    "discounts_are_explained",
    "sales_stay_with_their_merchant",
    "sales_are_live_or_test",
}


def test_the_past_is_no_news(world: World) -> None:
    copy(world.till, past_sale(world.till, past_line()))

    assert not Event.objects.exists()
    assert AuditEntry.objects.get(action="past_sales_copied").data == {"sales": 1}


def test_one_wrong_sale_refuses_all_of_them(world: World) -> None:
    right = past_sale(world.till, past_line())
    for wrong, answer in (
        (past_sale(world.till, past_line(), uuid=right.uuid), "sale_by_uuid"),
        (past_sale(world.gouda, past_line()), "sale_store_of_same_merchant"),
        (past_sale(world.till, past_line(), person_id=world.tessa.pk), "sale_person_of_same_mode"),
        (past_sale(world.till, past_line(), tenders=[PastTender("pin", 1)]), "tenders do not add"),
        (past_sale(world.till, past_line(product_id=1)), "not this merchant's"),
    ):
        with pytest.raises(IntegrityError, match=answer):
            copy(world.till, right, wrong)

    with merchant_scope(world.bol.merchant.pk):
        assert not Sale.objects.exists()


def test_a_catalogue_comes_in_at_once_and_again(world: World) -> None:
    products = [
        ProductFacts(sku=f"p-{number}", name="Kaas", price=number, vat_rate_bp=900)
        for number in range(100)
    ]
    merchant_id = world.kaashuis.merchant.pk
    with db.transaction():
        ids = copy_products(merchant_id=merchant_id, products=products, actor=SYSTEM)
    with db.transaction():
        assert copy_products(merchant_id=merchant_id, products=products, actor=SYSTEM) == ids

    assert len(ids) == 100
    with merchant_scope(merchant_id):
        assert Product.objects.get(pk=ids["p-42"]).price == 42
        assert Product.objects.count() == 100
