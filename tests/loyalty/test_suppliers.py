"""A supplier pays its part of an offer, after the sale, and less when the goods come back."""

import pytest
from django.test import Client

from loyalty import move_invariants
from loyalty.actions.book_shares import begin_shares
from loyalty.actions.put_supplier import SupplierUnknown, put_offer_share, put_supplier
from loyalty.models import SupplierShare
from loyalty.queries.suppliers import owed_by_suppliers
from merchants.returns.asking import LineAsked
from okplatform.kernel import db, relay
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person, Role
from tests.loyalty.bakery import SOLD_AT, Bakery
from tests.loyalty.test_corrections import works
from tests.loyalty.test_invariants import plant
from tests.loyalty.test_pages import CONSOLE
from tests.payments.refunding import give_back
from tests.support.proofs import prove
from tests.support.world import World

PAGE = f"{CONSOLE}suppliers/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def paid_for(bakery: Bakery) -> int:
    """Bread costs a tenth less, and the miller pays a third of that."""
    offer_id = bakery.offer()
    supplier_id = put_supplier(
        merchant_id=bakery.merchant_id, name="Molen de Kat", actor=bakery.actor
    )
    share(bakery, offer_id, supplier_id, 3_333)
    return offer_id


def share(bakery: Bakery, offer_id: int, supplier_id: int, share_bp: int) -> None:
    put_offer_share(
        merchant_id=bakery.merchant_id,
        offer_id=offer_id,
        supplier_id=supplier_id,
        share_bp=share_bp,
        actor=bakery.actor,
    )


def owed(bakery: Bakery, mode: str = "live") -> list[tuple[str, int, int]]:
    relay.drain()
    found = owed_by_suppliers(bakery.merchant_id, mode=mode)
    return [(one.supplier, one.amount, one.sales) for one in found]


def supplier_of() -> int:
    return int(db.call("SELECT min(id) FROM loyalty_supplier")[0][0])


def test_a_supplier_owes_its_part_of_what_was_given(bakery: Bakery, paid_for: int) -> None:
    bakery.sell(1_000)
    bakery.sell(500)
    assert owed(bakery) == [("Molen de Kat", 33 + 17, 2)]
    bakery.settle(bakery.price(1_000, category="eten"), None)
    assert owed(bakery) == [("Molen de Kat", 50, 2)]
    prove()


def test_what_comes_back_is_owed_no_more(bakery: Bakery, paid_for: int) -> None:
    sale, _points = bakery.sell(1_000)
    assert owed(bakery) == [("Molen de Kat", 33, 1)]
    give_back(bakery.world.till, sale, 400, now=SOLD_AT)
    assert owed(bakery) == [("Molen de Kat", 33, 1)]
    back = LineAsked(number=1, quantity=1, amount=None)
    give_back(bakery.world.till, sale, lines=[back], now=SOLD_AT)
    assert owed(bakery) == [("Molen de Kat", 0, 1)]
    with operator_scope("the test looks"):
        (kept,) = SupplierShare.objects.all()
    assert (kept.amount, kept.steps) == (0, 2)
    prove()


def test_it_is_booked_once_and_as_it_was_agreed_that_day(bakery: Bakery, paid_for: int) -> None:
    sale, _points = bakery.sell(1_000)
    assert owed(bakery) == [("Molen de Kat", 33, 1)]
    share(bakery, paid_for, supplier_of(), 5_000)
    with db.transaction():
        assert begin_shares(sale_ids=[sale], now=SOLD_AT) == 0
    bakery.sell(1_000)
    assert owed(bakery) == [("Molen de Kat", 83, 2)]
    share(bakery, paid_for, supplier_of(), 0)
    bakery.sell(1_000)
    assert owed(bakery) == [("Molen de Kat", 83, 2)]
    prove()


def test_a_rehearsal_is_owed_by_nobody(bakery: Bakery, paid_for: int, world: World) -> None:
    bakery.join(world.tessa)
    bakery.sell(1_000, world.tessa, "test")
    assert owed(bakery) == []
    assert owed(bakery, "test") == [("Molen de Kat", 33, 1)]


def test_without_suppliers_nothing_is_booked(bakery: Bakery) -> None:
    bakery.offer()
    bakery.sell(1_000)
    assert owed(bakery) == []
    with operator_scope("the test looks"):
        assert not SupplierShare.objects.exists()


def test_the_console_says_who_pays_and_what_is_owed(bakery: Bakery, world: World) -> None:
    offer_id = bakery.offer()
    finance = works(bakery, world.bob, Role.FINANCE)
    finance.post(PAGE, {"name": "=Molen"})
    form = {"offer": offer_id, "supplier": supplier_of(), "share": "50"}
    assert finance.post(PAGE, {**form, "share": "101"}).status_code == 422
    assert finance.post(PAGE, {**form, "offer": 0}).status_code == 422
    assert finance.post(PAGE, form).status_code == 302
    bakery.sell(1_000)
    relay.drain()
    page = finance.get(PAGE).content.decode()
    assert "=Molen" in page
    assert "€0.50" in page
    file = finance.get(f"{PAGE}csv/").content.decode().splitlines()
    assert file[0] == "month,supplier,sales,amount"
    assert file[1].endswith(",'=Molen,1,0.50")


def test_next_door_and_the_cashier_see_nothing(
    bakery: Bakery, paid_for: int, world: World, charlie: Person, client: Client
) -> None:
    cashier = works(bakery, world.bob, Role.CASHIER)
    for path in ("", "csv/"):
        assert cashier.get(PAGE + path).status_code == 403
    client.force_login(charlie)
    assert client.get(PAGE).status_code in {403, 404}
    assert "Molen" not in client.get("/console/kaashuis/programme/suppliers/").content.decode()
    kaas = world.kaashuis.merchant.pk
    theirs = put_supplier(merchant_id=kaas, name="Boer", actor=bakery.actor)
    with pytest.raises(SupplierUnknown):
        share(bakery, paid_for, theirs, 100)


def test_a_planted_breach_is_found(bakery: Bakery, paid_for: int) -> None:
    bakery.sell(1_000)
    assert owed(bakery) == [("Molen de Kat", 33, 1)]
    assert not move_invariants.supplier_shares_are_booked().breaches
    plant("UPDATE loyalty_supplier_share SET amount = amount + 1")
    assert move_invariants.supplier_shares_are_booked().breaches
