"""A sale closes once, whole, and adds up; what does not add up leaves nothing behind."""

from typing import Any

import pytest
from django.db import IntegrityError

from okplatform.kernel import db
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.models import AuditEntry, Event
from okplatform.kernel.tenancy import merchant_scope, operator_scope
from okplatform.parties.models import Person
from okplatform.trade.actions.close_sale import close_sale, record_closed
from okplatform.trade.actions.open_sale import open_or_lock, take_sale_id
from okplatform.trade.actions.put_product import put_product
from okplatform.trade.actions.refusals import SaleExists, SaleNotOpen
from okplatform.trade.facts import Closing, ProductFacts, SaleKey, TenderFacts
from okplatform.trade.models import Sale, SaleLine, SaleState, Tender
from tests.support.world import NOW, Place, World
from tests.trade.baskets import closing, key_at, line


def record(key: SaleKey, facts: Closing) -> int:
    sale_id = take_sale_id()
    with db.transaction():
        record_closed(sale_id=sale_id, key=key, closing=facts, actor=SYSTEM, now=NOW)
    return sale_id


def close(sale_id: int, key: SaleKey, facts: Closing) -> None:
    with db.transaction():
        close_sale(sale_id=sale_id, key=key, closing=facts, actor=SYSTEM, now=NOW)


def open_sale(key: SaleKey, place: Place) -> int:
    with db.transaction():
        return open_or_lock(
            key=key,
            store_id=place.store.pk,
            terminal_id=place.terminal.pk,
            currency="EUR",
            language="nl",
            now=NOW,
        ).id


def nothing_is_written() -> bool:
    with operator_scope("a test counts all"):
        return not (
            Sale.objects.exists()
            or SaleLine.objects.exists()
            or Tender.objects.exists()
            or Event.objects.exists()
        )


def test_a_sale_in_one_call_is_stored_with_its_split(world: World, alice: Person) -> None:
    sale_id = record(key_at(world.till), closing(world.till, person_id=alice.pk))

    with merchant_scope(world.bol.merchant.pk):
        sale = Sale.objects.get(pk=sale_id)
        lines = list(SaleLine.objects.order_by("number"))
        tender = Tender.objects.get()
    assert (sale.state, sale.closed_at, sale.person_id) == (SaleState.CLOSED, NOW, alice.pk)
    assert (sale.gross, sale.discount, sale.due, sale.points_earned) == (650, 40, 610, 6)
    assert bytes(sale.basket_hash) == b"\x01" * 32
    assert [(each.gross, each.discount, each.paid) for each in lines] == [
        (250, 0, 250),
        (400, 40, 360),
    ]
    assert lines[1].reasons[0]["text"]["nl"] == "Korting"
    assert (tender.kind, tender.amount) == ("pin", 610)


def test_a_closed_sale_is_published_and_audited_once(world: World) -> None:
    key = key_at(world.webshop)
    sale_id = record(key, closing(world.webshop))

    event = Event.objects.get()
    assert event.type == "trade.sale_closed"
    assert (event.aggregate_type, event.aggregate_id) == ("sale", str(sale_id))
    assert event.payload == {
        "sale_id": sale_id,
        "uuid": str(key.uuid),
        "merchant_id": world.kramer.merchant.pk,
        "mode": "live",
        "store_id": world.webshop.store.pk,
        "channel": "online",
        "person_id": None,
        "currency": "EUR",
        "gross": 650,
        "discount": 40,
        "due": 610,
        "points_earned": 6,
        "tenders": {"pin": 610},
        "closed_at": "2026-11-17T14:00:00+00:00",
    }
    assert AuditEntry.objects.get(action="sale_closed").object_id == str(sale_id)


def test_a_uuid_is_sold_once(world: World) -> None:
    key = key_at(world.till)
    sale_id = record(key, closing(world.till))

    with pytest.raises(SaleExists):
        record(key, closing(world.till, [line(1, gross=999)]))

    assert Event.objects.count() == 1
    assert AuditEntry.objects.filter(action="sale_closed").count() == 1
    with merchant_scope(world.bol.merchant.pk):
        assert Sale.objects.get().pk == sale_id
        assert SaleLine.objects.count() == 2


def test_two_merchants_and_two_modes_may_use_the_same_uuid(world: World) -> None:
    key = key_at(world.till)

    sold = {
        record(key, closing(world.till)),
        record(key_at(world.gouda, key.uuid), closing(world.gouda)),
        record(key_at(world.till, key.uuid, mode="test"), closing(world.till)),
    }

    with operator_scope("a test counts all"):
        assert set(Sale.objects.values_list("pk", flat=True)) == sold
    assert Event.objects.count() == len(sold) == 3


def test_an_open_sale_closes_once(world: World) -> None:
    key = key_at(world.till)
    sale_id = open_sale(key, world.till)

    close(sale_id, key, closing(world.till))
    with pytest.raises(SaleNotOpen):
        close(sale_id, key, closing(world.till))

    assert Event.objects.get().aggregate_id == str(sale_id)
    with merchant_scope(world.bol.merchant.pk):
        assert Sale.objects.get(state=SaleState.CLOSED).pk == sale_id


def test_a_sale_closes_under_its_own_id_only(world: World) -> None:
    key, other = key_at(world.till), key_at(world.till)
    open_sale(key, world.till)

    with pytest.raises(SaleNotOpen):
        close(open_sale(other, world.till), key, closing(world.till))

    with merchant_scope(world.bol.merchant.pk):
        assert set(Sale.objects.values_list("state", flat=True)) == {SaleState.OPEN}
        assert not SaleLine.objects.exists()
    assert not Event.objects.exists()


def test_lines_find_their_product_by_the_merchants_own_sku(world: World) -> None:
    bread = ProductFacts(sku="brood-1", name="Brood", price=250, vat_rate_bp=900)
    ours = put_product(merchant_id=world.bol.merchant.pk, product=bread, actor=SYSTEM)
    put_product(merchant_id=world.kaashuis.merchant.pk, product=bread, actor=SYSTEM)

    record(key_at(world.till), closing(world.till, [line(1, sku="brood-1"), line(2, sku="x")]))

    with merchant_scope(world.bol.merchant.pk):
        found = list(SaleLine.objects.order_by("number").values_list("product_id", flat=True))
    assert found == [ours, None]


def test_a_sale_for_nothing_needs_no_tender(world: World) -> None:
    free = [line(1, gross=250, discount=250)]

    sale_id = record(key_at(world.till), closing(world.till, free, tenders=[]))

    with merchant_scope(world.bol.merchant.pk):
        assert Sale.objects.get(pk=sale_id).due == 0
        assert not Tender.objects.exists()


def pin(number: int, amount: int) -> TenderFacts:
    return TenderFacts(number=number, kind="pin", amount=amount)


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"tenders": [pin(1, 609)]}, "tenders do not add up"),
        ({"tenders": [pin(1, 610), pin(2, 1)]}, "tenders do not add up"),
        ({"tenders": [pin(2, 610)]}, "tenders do not add up"),
        ({"tenders": [pin(1, 710), pin(2, -100)]}, "tender_amount_is_more_than_zero"),
        ({"tenders": [TenderFacts(number=1, kind="iou", amount=610)]}, "tender_kind_is_known"),
        ({"tenders": []}, "paid by something"),
        ({"lines": [], "tenders": []}, "has lines"),
        ({"lines": [line(1), line(3)]}, "lines do not add up"),
        ({"lines": [line(1, paid=249)]}, "line_paid_is_gross_less_discount"),
        ({"lines": [line(1, gross=100, discount=150)]}, "paid_is_gross_less|due_is_gross_less"),
        ({"lines": [line(1, vat=251)]}, "line_vat_is_contained_in_paid"),
        ({"lines": [line(1, quantity=-1)]}, "line_counts_are_not_negative"),
        ({"lines": [line(1, unit="dozen")]}, "line_unit_is_known"),
        ({"currency": "eur"}, "sale_currency_is_iso"),
        ({"points_earned": -1}, "sale_earns_no_negative_points"),
    ],
)
def test_what_does_not_add_up_is_refused_whole(
    world: World, wrong: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        record(key_at(world.till), closing(world.till, **wrong))

    assert nothing_is_written()


def test_a_sale_stays_with_its_merchant_and_its_mode(world: World, alice: Person) -> None:
    for key, facts in (
        (key_at(world.gouda), closing(world.till)),
        (key_at(world.haarlem), closing(world.haarlem, terminal_id=world.leiden.terminal.pk)),
        (key_at(world.till, mode="test"), closing(world.till, person_id=alice.pk)),
        (key_at(world.till), closing(world.till, person_id=world.tessa.pk)),
    ):
        with pytest.raises(IntegrityError, match="foreign key"):
            record(key, facts)

    assert nothing_is_written()
