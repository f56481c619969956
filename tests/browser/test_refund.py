"""A book comes back: the owner finds the purchase and says yes, the shopper sees where it goes."""

from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Page, expect

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from okplatform.trade.models import Return, Sale
from tests.browser.conftest import (
    DESK,
    LOOKS,
    PHONE,
    CheckAccessibility,
    Complaints,
    OpenPage,
    SignIn,
)
from tests.payments.books import bank_account, sell
from tests.support.world import World

FIND = "/console/boekhandel-kramer/refunds/"


@pytest.fixture
def shopper(world: World) -> Person:
    """Somebody who has not bought anything yet."""
    return create_person(email=f"{uuid4()}@example.com", name="Alice de Wit", actor=SYSTEM)


@pytest.fixture
def sale(world: World, shopper: Person) -> UUID:
    """A book for € 18.40, bought in Haarlem with OK."""
    sale_id = sell(world.haarlem, bank_account(shopper), 1_840)
    with operator_scope("the test looks"):
        return UUID(str(Sale.objects.get(pk=sale_id).uuid))


def given_back(sale: UUID) -> list[tuple[int, str]]:
    with operator_scope("the test looks"):
        found = Return.objects.filter(sale__uuid=sale).select_related("store").order_by("pk")
        return [(one.amount, one.store.reference) for one in found]


def find(page: Page, base_url: str, sale: UUID) -> None:
    page.goto(base_url + FIND)
    page.locator("[name=number]").fill(str(sale))
    page.locator("main form button").click()
    expect(page.locator("[name=amount]")).to_be_visible()


def test_goods_come_back_in_another_store_and_the_shopper_reads_it(
    open_page: OpenPage,
    base_url: str,
    sign_in: SignIn,
    world: World,
    shopper: Person,
    sale: UUID,
) -> None:
    page = open_page(DESK)
    sign_in(page, world.olga)
    find(page, base_url, sale)
    page.locator("[name=line_1]").fill("1")
    page.locator("[name=store]").select_option("leiden")
    page.locator("[name=reason]").fill("dubbel gekregen")
    page.get_by_role("button", name="Laat zien wat er teruggaat").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("18,40 teruggeven?")
    assert given_back(sale) == []
    page.get_by_role("button", name="Ja, geef").click()
    expect(page.get_by_text("gaat vanzelf terug naar de bankrekening")).to_be_visible()
    expect(page.get_by_text("Alles is teruggegeven")).to_be_visible()
    assert given_back(sale) == [(1_840, "leiden")]
    # Back, and once more: the same number, so the same refund.
    page.go_back()
    page.get_by_role("button", name="Ja, geef").click()
    page.wait_for_load_state()
    assert given_back(sale) == [(1_840, "leiden")]

    phone = open_page(PHONE)
    sign_in(phone, shopper)
    phone.goto(f"{base_url}/wallet/refunds/")
    expect(phone.get_by_text("Afgetrokken van wat u nog moet betalen.")).to_be_visible()


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_the_pages_can_be_used_by_everybody(
    open_page: OpenPage,
    base_url: str,
    sign_in: SignIn,
    world: World,
    shopper: Person,
    sale: UUID,
    check_accessibility: CheckAccessibility,
    complaints: Complaints,
    language: str,
    size: tuple[int, int],
    scheme: str,
) -> None:
    complaints.forgive("422")
    page = open_page(size, language=language, scheme=scheme, reduced_motion="reduce")
    sign_in(page, world.olga)
    page.goto(f"{base_url}{FIND}?number=niets")
    usable(page, check_accessibility)
    find(page, base_url, sale)
    usable(page, check_accessibility)
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("alert")).to_be_visible()
    usable(page, check_accessibility)
    page.locator("[name=amount]").fill("5.00")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("[name=confirmed]")).to_be_visible()
    usable(page, check_accessibility)
    page.locator("[name=confirmed]").click()
    expect(page.locator("#earlier")).to_be_visible()
    usable(page, check_accessibility)
    sign_in(page, shopper)
    page.goto(f"{base_url}/wallet/refunds/")
    usable(page, check_accessibility)


def usable(page: Page, check_accessibility: CheckAccessibility) -> None:
    check_accessibility(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
