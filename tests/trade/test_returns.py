"""What came back of a sale, as PostgreSQL holds it, whoever writes."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError

from okplatform.kernel import db
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.trade.actions.close_sale import record_closed
from okplatform.trade.actions.open_sale import take_sale_id
from okplatform.trade.actions.record_return import (
    MoreThanPaid,
    MoreThanSold,
    ReturnExists,
    record_return,
)
from okplatform.trade.facts import (
    ReturnFacts,
    ReturnLineFacts,
    ReturnTenderFacts,
    SaleKey,
)
from okplatform.trade.invariants import returns_are_whole, returns_fit_their_sale
from okplatform.trade.models import Return, ReturnLine
from okplatform.trade.queries import lines_standing, tenders_standing
from tests.support.world import NOW, Place, World
from tests.trade.baskets import closing, key_at, line

pytestmark = pytest.mark.django_db


@pytest.fixture
def till(world: World) -> Place:
    return world.till


@pytest.fixture
def key(till: Place) -> SaleKey:
    return key_at(till)


@pytest.fixture
def sale(till: Place, key: SaleKey) -> int:
    """A loaf for € 2.50 and three rolls for € 3.60, paid by PIN card."""
    basket = closing(till, [line(1), line(2, gross=400, discount=40, quantity=3)])
    sale_id = take_sale_id()
    with db.transaction():
        record_closed(sale_id=sale_id, key=key, closing=basket, actor=SYSTEM, now=NOW)
    return sale_id


def facts(place: Place, *lines: ReturnLineFacts, **other: Any) -> ReturnFacts:
    said: dict[str, Any] = {
        "uuid": uuid4(),
        "store_id": place.store.pk,
        "terminal_id": place.terminal.pk,
        "operator": "op-1",
        "reason": "te hard",
        "language": "nl",
        "currency": "EUR",
        "request_hash": bytes(32),
        "lines": lines,
        "tenders": [ReturnTenderFacts(kind="pin", amount=sum(one.amount for one in lines))],
    }
    return ReturnFacts(**said | other)


def roll(quantity: int = 1, amount: int = 120, vat: int = 10) -> ReturnLineFacts:
    return ReturnLineFacts(number=2, quantity=quantity, amount=amount, vat=vat)


def bring(key: SaleKey, sale_id: int, back: ReturnFacts) -> int:
    with db.transaction():
        return record_return(
            key=key, sale_id=sale_id, person_id=None, back=back, actor=SYSTEM, now=NOW
        )


def nothing_came_back() -> bool:
    with operator_scope("the test looks"):
        return not Return.objects.exists() and not ReturnLine.objects.exists()


def test_it_stands_beside_the_sale(till: Place, key: SaleKey, sale: int) -> None:
    bring(key, sale, facts(till, roll(2, 240, 20)))
    _loaf, rolls = lines_standing(sale)
    assert (rolls.quantity_left, rolls.amount_left) == (1, 120)
    assert [(one.kind, one.left) for one in tenders_standing(sale)] == [("pin", 370)]
    assert returns_fit_their_sale().breaches == []


@pytest.mark.parametrize(
    "too_much",
    [roll(4, 360, 30), roll(3, 361, 30), roll(1, 120, 31), replace(roll(), number=3)],
)
def test_more_of_a_line_than_was_sold(
    till: Place, key: SaleKey, sale: int, too_much: ReturnLineFacts
) -> None:
    with pytest.raises(MoreThanSold):
        bring(key, sale, facts(till, too_much))
    assert nothing_came_back()


def test_parts_that_are_more_together(till: Place, key: SaleKey, sale: int) -> None:
    bring(key, sale, facts(till, roll(2, 240, 20)))
    with pytest.raises(MoreThanSold) as refused:
        bring(key, sale, facts(till, roll(2, 120, 10)))
    assert refused.value.facts == {"number": 2}


def test_a_tender_that_paid_nothing(till: Place, key: SaleKey, sale: int) -> None:
    cash = [ReturnTenderFacts(kind="cash", amount=120)]
    with pytest.raises(MoreThanPaid):
        bring(key, sale, facts(till, roll(), tenders=cash))
    assert nothing_came_back()


def test_a_number_is_used_once(till: Place, key: SaleKey, sale: int) -> None:
    back = facts(till, roll())
    bring(key, sale, back)
    with pytest.raises(ReturnExists):
        bring(key, sale, back)


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"tenders": [ReturnTenderFacts(kind="pin", amount=119)]}, "tenders do not add up"),
        ({"tenders": []}, "has lines and tenders"),
        ({"currency": "USD"}, "was not sold so"),
    ],
)
def test_what_does_not_add_up(
    till: Place, key: SaleKey, sale: int, wrong: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        bring(key, sale, facts(till, roll(), **wrong))
    assert nothing_came_back()


def test_another_merchants_sale_and_store(
    world: World, till: Place, key: SaleKey, sale: int
) -> None:
    charlies = SaleKey(world.gouda.merchant.pk, "live", UUID(int=1))
    with pytest.raises(IntegrityError, match="was not sold so"):
        bring(charlies, sale, facts(world.gouda, roll()))
    with pytest.raises(IntegrityError, match="return_store_of_same_merchant"):
        bring(key, sale, facts(world.gouda, roll(), terminal_id=None))


def test_a_test_return_of_a_live_sale(till: Place, key: SaleKey, sale: int) -> None:
    with pytest.raises(IntegrityError, match="was not sold so"):
        bring(SaleKey(key.merchant_id, "test", key.uuid), sale, facts(till, roll()))


@pytest.mark.parametrize("table", ["return", "return_line", "return_tender"])
@pytest.mark.parametrize("change", ["UPDATE trade_{} SET amount = 1", "DELETE FROM trade_{}"])
def test_it_is_never_changed(till: Place, key: SaleKey, sale: int, table: str, change: str) -> None:
    bring(key, sale, facts(till, roll()))
    with pytest.raises(IntegrityError, match="never changes"), db.transaction():
        db.call(change.format(table))


@pytest.mark.parametrize(
    "breach",
    [
        "UPDATE trade_return_line SET quantity = 9",
        "UPDATE trade_return_line SET amount = 9999",
        "UPDATE trade_return_tender SET amount = 9999",
        "UPDATE trade_return_tender SET kind = 'cash'",
        "UPDATE trade_return SET amount = 11",
        "UPDATE trade_return SET mode = 'test'",
        "DELETE FROM trade_return_line",
    ],
)
def test_a_breach_is_found(till: Place, key: SaleKey, sale: int, breach: str) -> None:
    bring(key, sale, facts(till, roll()))
    proofs = (returns_fit_their_sale, returns_are_whole)
    assert [(proof().rows, proof().breaches) for proof in proofs] == [(1, []), (1, [])]
    db.call("SET LOCAL session_replication_role = replica")
    db.call(breach)
    db.call("SET LOCAL session_replication_role = origin")
    assert any(proof().breaches for proof in proofs)
