"""What was sold stays as it was sold, whatever is said to PostgreSQL."""

import pytest
from django.db import IntegrityError

from okplatform.kernel import db
from okplatform.kernel.audit import SYSTEM
from okplatform.trade.actions.close_sale import record_closed
from okplatform.trade.actions.open_sale import open_or_lock, take_sale_id
from okplatform.trade.actions.put_product import put_product
from okplatform.trade.facts import ProductFacts
from tests.support.world import NOW, World
from tests.trade.baskets import closing, key_at, line


@pytest.fixture
def sold(world: World) -> int:
    put_product(
        merchant_id=world.bol.merchant.pk,
        product=ProductFacts(sku="brood-1", name="Brood", price=250, vat_rate_bp=900),
        actor=SYSTEM,
    )
    sale_id = take_sale_id()
    with db.transaction():
        record_closed(
            sale_id=sale_id,
            key=key_at(world.till),
            closing=closing(world.till, [line(1, sku="brood-1")]),
            actor=SYSTEM,
            now=NOW,
        )
    return sale_id


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ("UPDATE trade_sale SET due = 0, gross = 0", "changes only while it is open"),
        ("UPDATE trade_sale SET state = 'open', closed_at = NULL", "changes only while"),
        ("UPDATE trade_sale SET person_id = NULL", "changes only while"),
        ("DELETE FROM trade_sale", "never deleted"),
        ("UPDATE trade_sale_line SET name = 'Taart'", "line of a sale never changes"),
        ("DELETE FROM trade_sale_line", "line of a sale never changes"),
        ("UPDATE trade_tender SET kind = 'cash'", "tender of a sale never changes"),
        ("DELETE FROM trade_tender", "tender of a sale never changes"),
        ("DELETE FROM trade_product", "retired, never deleted"),
        ("UPDATE trade_product SET merchant_id = merchant_id + 1", "never changes hands"),
    ],
)
def test_a_closed_sale_cannot_be_changed(sold: int, change: str, answer: str) -> None:
    with pytest.raises(IntegrityError, match=answer):
        db.call(change)


@pytest.mark.parametrize("number", [2, 3])
def test_no_line_joins_a_closed_sale(sold: int, number: int) -> None:
    with pytest.raises(IntegrityError, match="do not add up"):
        db.call(
            """
            INSERT INTO trade_sale_line
            SELECT (jsonb_populate_record(line, %s)).* FROM trade_sale_line line
            """,
            [f'{{"number": {number}, "gross": 0, "paid": 0, "vat": 0}}'],
        )


def test_no_tender_joins_a_closed_sale(sold: int) -> None:
    with pytest.raises(IntegrityError, match="do not add up"):
        db.call(
            "INSERT INTO trade_tender SELECT (jsonb_populate_record(tender, %s)).*"
            " FROM trade_tender tender",
            ['{"number": 2, "amount": 1}'],
        )


def test_a_price_may_change_after_a_sale(world: World, sold: int) -> None:
    dearer = ProductFacts(sku="brood-1", name="Brood", price=275, vat_rate_bp=900)

    put_product(merchant_id=world.bol.merchant.pk, product=dearer, actor=SYSTEM)

    assert db.call("SELECT unit_price FROM trade_sale_line") == [(250,)]


def test_an_open_sale_keeps_its_identity(world: World) -> None:
    key = key_at(world.till)
    with db.transaction():
        open_or_lock(
            key=key,
            store_id=world.till.store.pk,
            terminal_id=None,
            currency="EUR",
            language="nl",
            now=NOW,
        )

    with pytest.raises(IntegrityError, match="never its identity"):
        db.call("UPDATE trade_sale SET mode = 'test'")
