"""No offer takes a product of which the cost is known below the margin that its shop wants."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from loyalty import programs
from loyalty.actions.set_least_margin import set_least_margin
from loyalty.balance_files import sheet_of
from loyalty.cost_files import read_costs
from loyalty.engine import Basket, BasketLine, with_floors
from loyalty.models import LeastMargin
from okplatform.kernel import db, relay
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person, Role
from okplatform.trade.actions.put_costs import put_costs
from okplatform.trade.actions.refusals import ProductsUnknown
from okplatform.trade.models import Product
from tests.loyalty.bakery import Bakery
from tests.loyalty.test_corrections import works
from tests.loyalty.test_pages import CONSOLE
from tests.support.proofs import prove
from tests.support.world import NOW, World

PAGE = f"{CONSOLE}margin/"
ZONE = ZoneInfo("Europe/Amsterdam")
pytestmark = pytest.mark.django_db


def cost(bakery: Bakery, cents: int | None) -> None:
    put_costs(merchant_id=bakery.merchant_id, costs={"desem": cents}, actor=bakery.actor, now=NOW)
    relay.drain()


def least(bakery: Bakery, margin_bp: int | None) -> None:
    set_least_margin(
        merchant_id=bakery.merchant_id, margin_bp=margin_bp, actor=bakery.actor, now=NOW
    )


def paid(bakery: Bakery, pieces: int = 1, *, gram: int = 0, gross: int = 420) -> int:
    line = BasketLine(1, "desem", "brood", pieces, gross, measure=gram)
    return programs.price(
        merchant_id=bakery.merchant_id,
        person_id=None,
        mode="live",
        basket=Basket((line,), ZONE),
        now=NOW,
    ).quote.due


def test_an_offer_stops_at_the_margin(bakery: Bakery) -> None:
    bakery.offer(percentage_bp=5_000)
    assert paid(bakery) == 210
    cost(bakery, 200)
    assert paid(bakery) == 210
    least(bakery, 0)
    assert paid(bakery) == 218
    least(bakery, 2_500)
    assert paid(bakery) == 291
    assert paid(bakery, 3, gross=1_260) == 873
    assert paid(bakery, 1, gram=500) == 210
    assert paid(bakery, 1, gram=1_500, gross=630) == 437
    cost(bakery, 300)
    assert paid(bakery) == 420
    cost(bakery, None)
    assert paid(bakery) == 210
    least(bakery, None)
    cost(bakery, 300)
    assert paid(bakery) == 210
    prove()


def test_other_products_and_other_shops_have_no_floor(bakery: Bakery) -> None:
    bakery.offer(percentage_bp=5_000)
    cost(bakery, 400)
    least(bakery, 0)
    other = BasketLine(1, "taart", "brood", 1, 420)
    basket = Basket((other,), ZONE)
    quote = programs.price(
        merchant_id=bakery.merchant_id, person_id=None, mode="live", basket=basket, now=NOW
    ).quote
    assert quote.due == 210


def test_a_sale_asks_the_database_no_more_for_it(
    bakery: Bakery, django_assert_num_queries: Any
) -> None:
    bakery.offer(percentage_bp=5_000)
    paid(bakery)
    with django_assert_num_queries(1):
        paid(bakery)
    cost(bakery, 200)
    least(bakery, 0)
    paid(bakery)
    with django_assert_num_queries(1):
        assert paid(bakery) == 218


@given(
    st.integers(0, 10**6),
    st.sampled_from([0, 900, 2_100]),
    st.integers(0, 9_000),
)
def test_the_floor_leaves_the_margin_and_not_a_cent_more(
    bakery_cost: int, vat_bp: int, margin_bp: int
) -> None:
    ((floor,),) = db.call("SELECT loyalty_floor(%s, %s, %s)", [bakery_cost, vat_bp, margin_bp])

    def stays(price: int) -> bool:
        # price x 10000 / (10000 + VAT) is without VAT; of it the cost takes 1 - margin at most.
        return price * (10_000 - margin_bp) >= bakery_cost * (10_000 + vat_bp)

    assert stays(floor)
    assert not floor or not stays(floor - 1)


def test_a_line_of_nothing_has_no_floor() -> None:
    lines = (BasketLine(1, "a", "", 0, 0), BasketLine(2, "b", "", 2, 500))
    asked = with_floors(Basket(lines, ZONE), {"a": 100, "b": 90})
    assert [line.floor for line in asked.lines] == [0, 180]


@pytest.fixture
def manager(bakery: Bakery, world: World) -> Client:
    """Bob is the bakery's manager."""
    return works(bakery, world.bob, Role.MANAGER)


def give(browser: Client, text: str) -> str:
    form = {"costs": "1", "file": SimpleUploadedFile("inkoop.csv", text.encode())}
    return str(browser.post(PAGE, form, follow=True).content.decode())


def costs_known() -> dict[str, int]:
    with operator_scope("the tests look"):
        known = Product.objects.filter(cost__isnull=False)
        return {product.sku: product.cost or 0 for product in known}


def test_the_console_takes_a_file_and_a_margin(manager: Client, bakery: Bakery) -> None:
    bakery.offer(percentage_bp=5_000)
    assert "Saved for 1 product" in give(manager, "sku;cost;name\ndesem;2,00;Desem\n")
    assert "the cost of 1 of 1 products" in manager.get(PAGE).content.decode()
    assert manager.post(PAGE, {"margin": "25"}).status_code == 302
    assert paid(bakery) == 291
    assert manager.post(PAGE, {"margin": "91"}).status_code == 422
    assert manager.post(PAGE, {"margin": ""}).status_code == 302
    with operator_scope("the tests look"):
        assert not LeastMargin.objects.exists()
    assert paid(bakery) == 210


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sku;cost\ndesem;1,00\ntaart;2\n", "1 are not in your catalogue, such as taart"),
        ("sku;cost\ndesem;1,00\ndesem;2\n", "Line 3: this product stands on line 2 already"),
        ("sku;cost\ndesem;-1\n", "Line 2: “-1” is no amount"),
        ("sku;cost\n;1\n", "Line 2: there is no SKU"),
        ("a;b\ndesem;1\n", "Name one column"),
        ("sku\ndesem\n", "one column only"),
    ],
)
def test_one_wrong_line_and_no_cost_changes(manager: Client, text: str, said: str) -> None:
    assert said in give(manager, text)
    assert costs_known() == {}


def test_costs_are_read_as_people_write_them() -> None:
    sheet = sheet_of(b"Artikelnummer;Inkoopprijs\nA;1\nB;1,5\nC;0.05\nD;\n")
    assert read_costs(sheet) == ({"A": 100, "B": 150, "C": 5, "D": None}, [])


def test_only_who_runs_the_shop_knows_its_costs(
    bakery: Bakery, world: World, charlie: Person, client: Client
) -> None:
    for person, role in {world.olga: Role.CASHIER, world.bob: Role.MARKETER}.items():
        browser = works(bakery, person, role)
        assert browser.get(PAGE).status_code == 403
        assert browser.post(PAGE, {"margin": "1"}).status_code == 403
    client.force_login(charlie)
    assert client.get(PAGE).status_code in {403, 404}
    with pytest.raises(ProductsUnknown):
        put_costs(
            merchant_id=world.kaashuis.merchant.pk,
            costs={"desem": 1},
            actor=bakery.actor,
            now=NOW,
        )
    assert costs_known() == {}


def costs_by_api(world: World, costs: list[dict[str, Any]], *scopes: str) -> Any:
    key = world.till.issue_key(scopes=scopes or {"products:write"}).text
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
    return client.put("/api/v1/product-costs", {"costs": costs}, format="json")


def test_another_system_says_what_products_cost(bakery: Bakery, world: World) -> None:
    bakery.offer(percentage_bp=5_000)
    least(bakery, 0)
    answer = costs_by_api(world, [{"sku": "desem", "cost": 200}])
    assert (answer.status_code, answer.json()) == (200, {"products": 1})
    relay.drain()
    assert paid(bakery) == 218
    assert costs_by_api(world, [{"sku": "desem", "cost": None}]).status_code == 200
    assert costs_known() == {}


@pytest.mark.parametrize(
    ("costs", "status", "code"),
    [
        ([{"sku": "desem", "cost": 1}, {"sku": "taart", "cost": 1}], 422, "products_unknown"),
        ([{"sku": "desem", "cost": 1}, {"sku": "desem", "cost": 2}], 422, "product_twice"),
        ([{"sku": "desem", "cost": -1}], 422, "invalid_request"),
        ([], 422, "invalid_request"),
    ],
)
def test_costs_that_cannot_be_change_none(
    bakery: Bakery, world: World, costs: list[dict[str, Any]], status: int, code: str
) -> None:
    answer = costs_by_api(world, costs)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert costs_known() == {}


def test_a_till_may_not_say_what_products_cost(bakery: Bakery, world: World) -> None:
    answer = costs_by_api(world, [{"sku": "desem", "cost": 1}], "sales:write")
    assert answer.status_code == 403
    rehearsal = world.till.issue_key(mode="test", scopes={"products:write"}).text
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {rehearsal}")
    body = {"costs": [{"sku": "desem", "cost": 1}]}
    answer = client.put("/api/v1/product-costs", body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "live_key_needed")
    assert costs_known() == {}
