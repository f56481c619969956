"""What a merchant sells, and how a cashier finds it."""

from typing import Any

import pytest

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.models import AuditEntry
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.actions.refusals import ReferenceTaken
from okplatform.trade.actions.create_category import create_category
from okplatform.trade.actions.put_product import put_product
from okplatform.trade.actions.refusals import CategoryUnknown, GtinInvalid
from okplatform.trade.facts import ProductFacts
from okplatform.trade.models import Product
from okplatform.trade.queries import find_products
from tests.support.world import Shop, World


def put(shop: Shop, sku: str, name: str, **other: Any) -> int:
    facts: dict[str, Any] = {"price": 250, "vat_rate_bp": 900}
    return put_product(
        merchant_id=shop.merchant.pk,
        product=ProductFacts(sku=sku, name=name, **facts | other),
        actor=SYSTEM,
    )


def names(shop: Shop, text: str, limit: int = 10) -> list[str]:
    found = find_products(merchant_id=shop.merchant.pk, text=text, limit=limit)
    return [product.name for product in found]


def test_a_product_is_found_by_number_bar_code_and_the_start_of_its_name(world: World) -> None:
    put(world.bol, "b-1", "Volkoren heel", gtin="8710400145981")
    put(world.bol, "b-2", "Volkoren half")
    put(world.bol, "b-3", "Wit heel")

    assert names(world.bol, "b-3") == ["Wit heel"]
    assert names(world.bol, "8710400145981") == ["Volkoren heel"]
    assert names(world.bol, "08710400145981") == ["Volkoren heel"]
    assert names(world.bol, " volkoren ") == ["Volkoren half", "Volkoren heel"]
    assert names(world.bol, "volkoren", limit=1) == ["Volkoren half"]


@pytest.mark.parametrize("text", ["", "  ", "%", "_olkoren", "\\", "heel", "';--"])
def test_what_means_nothing_finds_nothing(world: World, text: str) -> None:
    put(world.bol, "b-1", "Volkoren heel")

    assert names(world.bol, text) == []


def test_an_exact_number_comes_before_a_name(world: World) -> None:
    put(world.bol, "x", "Tulband")
    put(world.bol, "tul", "Zandgebak")

    assert names(world.bol, "tul") == ["Zandgebak", "Tulband"]


def test_charlies_till_does_not_find_the_bakers_bread(world: World) -> None:
    put(world.bol, "b-1", "Volkoren heel")

    assert names(world.kaashuis, "volkoren") == []


def test_a_retired_product_is_not_offered(world: World) -> None:
    first = put(world.bol, "b-1", "Volkoren heel")
    again = put(world.bol, "b-1", "Volkoren heel", active=False)

    assert again == first
    assert names(world.bol, "volkoren") == []


def test_a_product_lies_in_a_category_of_its_merchant(world: World) -> None:
    create_category(
        merchant_id=world.bol.merchant.pk, reference="brood", name="Brood", actor=SYSTEM
    )
    put(world.bol, "b-1", "Volkoren heel", category_reference="brood")

    found = find_products(merchant_id=world.bol.merchant.pk, text="b-1", limit=1)
    assert found[0].category_reference == "brood"

    with pytest.raises(CategoryUnknown):
        put(world.kaashuis, "b-1", "Volkoren heel", category_reference="brood")
    with merchant_scope(world.kaashuis.merchant.pk):
        assert not Product.objects.exists()


def test_a_category_has_one_reference_and_a_known_parent(world: World) -> None:
    bread: dict[str, Any] = {"merchant_id": world.bol.merchant.pk, "actor": SYSTEM}
    create_category(**bread, reference="brood", name="Brood")
    child = create_category(**bread, reference="wit", name="Wit", parent_reference="brood")
    assert child.parent is not None

    with pytest.raises(ReferenceTaken):
        create_category(**bread, reference="brood", name="Brood")
    with pytest.raises(CategoryUnknown):
        create_category(**bread, reference="bruin", name="Bruin", parent_reference="taart")


@pytest.mark.parametrize("gtin", ["8710400145980", "871040014598", "brood", "123"])
def test_a_misread_bar_code_is_refused_and_nothing_is_put(world: World, gtin: str) -> None:
    with pytest.raises(GtinInvalid):
        put(world.bol, "b-1", "Volkoren heel", gtin=gtin)

    with merchant_scope(world.bol.merchant.pk):
        assert not Product.objects.exists()
    assert not AuditEntry.objects.filter(action="product_put").exists()
