"""verify sees each breach that a switched-off trigger would let in."""

import pytest

from okplatform.kernel import db
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.invariants import Proof, all_invariants
from okplatform.parties.models import Person
from okplatform.trade.actions.close_sale import record_closed
from okplatform.trade.actions.create_category import create_category
from okplatform.trade.actions.open_sale import take_sale_id
from okplatform.trade.actions.put_product import put_product
from okplatform.trade.facts import ProductFacts
from tests.support.world import NOW, World
from tests.trade.baskets import closing, key_at, line


def prove(name: str) -> Proof:
    return next(each.prove() for each in all_invariants() if each.name == name)


@pytest.fixture
def sold(world: World, alice: Person) -> World:
    """Alice buys bread; Charlie's shop has a store, a till, a category and a product of its own."""
    for shop in (world.bol, world.kaashuis):
        merchant_id = shop.merchant.pk
        create_category(merchant_id=merchant_id, reference="brood", name="Brood", actor=SYSTEM)
        put_product(
            merchant_id=merchant_id,
            product=ProductFacts(
                sku="b-1", name="Brood", price=250, vat_rate_bp=900, category_reference="brood"
            ),
            actor=SYSTEM,
        )
    with db.transaction():
        record_closed(
            sale_id=take_sale_id(),
            key=key_at(world.till),
            closing=closing(world.till, [line(1, sku="b-1"), line(2, 400, 40)], person_id=alice.pk),
            actor=SYSTEM,
            now=NOW,
        )
    assert world.tessa.pk
    return world


def plant(breach: str) -> None:
    db.call("SET LOCAL session_replication_role = replica")
    db.call(breach.replace("CHARLIE", "(SELECT id FROM parties_merchant WHERE name LIKE 'Kaas%%')"))
    db.call("SET LOCAL session_replication_role = origin")


BREACHES = [
    ("lines_add_up_to_their_sale", "DELETE FROM trade_sale_line"),
    ("lines_add_up_to_their_sale", "DELETE FROM trade_sale_line WHERE number = 1"),
    ("lines_add_up_to_their_sale", "UPDATE trade_sale_line SET number = number + 2"),
    ("lines_add_up_to_their_sale", "UPDATE trade_sale SET gross = gross + 1, due = due + 1"),
    ("lines_add_up_to_their_sale", "DELETE FROM trade_sale"),
    (
        "lines_add_up_to_their_sale",
        "UPDATE trade_sale SET state = 'open', closed_at = NULL",
    ),
    ("tenders_add_up_to_their_sale", "DELETE FROM trade_tender"),
    ("tenders_add_up_to_their_sale", "UPDATE trade_tender SET amount = amount - 1"),
    ("tenders_add_up_to_their_sale", "DELETE FROM trade_sale"),
    ("discounts_are_explained", "UPDATE trade_sale_line SET reasons = '[]'"),
    (
        "discounts_are_explained",
        "UPDATE trade_sale_line SET reasons = '[{\"amount\": 5}]' WHERE number = 1",
    ),
    ("sales_stay_with_their_merchant", "UPDATE trade_sale SET merchant_id = CHARLIE"),
    ("sales_stay_with_their_merchant", "UPDATE trade_sale_line SET merchant_id = CHARLIE"),
    ("sales_stay_with_their_merchant", "UPDATE trade_tender SET merchant_id = CHARLIE"),
    (
        "sales_stay_with_their_merchant",
        "UPDATE trade_sale SET terminal_id ="
        " (SELECT max(id) FROM parties_terminal WHERE store_id <> trade_sale.store_id)",
    ),
    (
        "sales_stay_with_their_merchant",
        "UPDATE trade_sale_line SET product_id ="
        " (SELECT id FROM trade_product WHERE merchant_id = CHARLIE) WHERE number = 1",
    ),
    (
        "sales_stay_with_their_merchant",
        "UPDATE trade_product SET category_id ="
        " (SELECT id FROM trade_category WHERE merchant_id = CHARLIE)",
    ),
    (
        "sales_are_live_or_test",
        "UPDATE trade_sale SET person_id = (SELECT id FROM parties_person WHERE mode = 'test')",
    ),
    ("sales_are_live_or_test", "UPDATE trade_sale_line SET mode = 'test' WHERE number = 2"),
    ("sales_are_live_or_test", "UPDATE trade_tender SET mode = 'test'"),
]


@pytest.mark.parametrize(("name", "breach"), BREACHES)
def test_a_planted_breach_is_found(sold: World, name: str, breach: str) -> None:
    assert sold.gouda.terminal.pk
    assert prove(name).breaches == []

    plant(breach)

    proof = prove(name)
    assert proof.breaches
    assert "None" not in proof.breaches[0]


@pytest.mark.parametrize("name", sorted({name for name, _breach in BREACHES}))
def test_a_proof_says_how_much_it_looked_at(sold: World, name: str) -> None:
    assert prove(name).rows >= 1
