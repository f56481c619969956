"""Two shops share points: their consoles and the shopper's page, for everybody."""

from functools import cache, cached_property
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from typing_extensions import override

from okplatform.kernel import relay
from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.create_merchant import create_merchant
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Person, Role
from tests.browser.conftest import LOOKS, CheckAccessibility, OpenPage, SignIn
from tests.browser.test_points_elsewhere import seen
from tests.loyalty.bakery import Bakery
from tests.loyalty.sharing import Dairy
from tests.loyalty.spending import open_spending, wish
from tests.support.world import PASSWORD, Place, Shop, World

FISH = "/console/visboer/programme/shared/"
BIKES = "/console/fietsen/programme/shared/"


class Street(World):
    """Shops that no other test knows: what they share shows on all their pages."""

    @cached_property
    @override
    def bol(self) -> Shop:
        return _shop("visboer", "Visboer Piet van Scheveningen", "60000011", "harbour")

    @cached_property
    @override
    def kaashuis(self) -> Shop:
        return _shop("fietsen", "Fietsen op de Hoek", "60000012", "gouda")

    @property
    @override
    def till(self) -> Place:
        return self.bol.places["harbour"]


def _shop(reference: str, name: str, kvk: str, store: str) -> Shop:
    shop = Shop(
        create_merchant(
            reference=reference,
            name=name,
            kvk=kvk,
            vat_number="NL004495445B01",
            iban="NL91ABNA0417164300",
            actor=SYSTEM,
        )
    )
    shop.open(store, store.title())
    return shop


@cache
def street(_world: World) -> tuple[Bakery, Dairy]:
    """Return both shops; the last of a session may share already."""
    shops = Street()
    fish, bikes = Bakery(shops), Dairy(shops)
    for shop in (fish, bikes):
        open_spending(shop)
    return fish, bikes


def owner(shop: Bakery) -> Person:
    """Return somebody who owns just this shop."""
    person = somebody()
    grant_membership(
        person_id=person.pk, merchant_id=shop.merchant_id, role=Role.OWNER, actor=SYSTEM
    )
    return person


def somebody() -> Person:
    return create_person(
        email=f"{uuid4()}@example.com",
        name="Wilhelmina Zeldenrust",
        password=PASSWORD,
        address_proved=True,
        actor=SYSTEM,
    )


def press(page: Page, act: str) -> None:
    page.locator(f"main button[value={act}]").click()
    expect(page.locator("main")).to_be_visible()


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_two_owners_share_and_a_shopper_spends_at_both(
    base_url: str,
    open_page: OpenPage,
    sign_in: SignIn,
    check_accessibility: CheckAccessibility,
    world: World,
    size: tuple[int, int],
    language: str,
    scheme: str,
) -> None:
    fish, bikes = street(world)
    first, second, phone = (open_page(size, language=language, scheme=scheme) for _ in range(3))
    sign_in(first, owner(fish))
    first.goto(f"{base_url}{FISH}")
    seen(first, check_accessibility)
    if first.locator("main button[value=begin]").count():
        first.locator("main input[name=name]").fill("Havenpunten")
        press(first, "begin")
        first.locator("main input[name=reference]").fill("fietsen")
        press(first, "invite")
        seen(first, check_accessibility)
    sign_in(second, owner(bikes))
    second.goto(f"{base_url}{BIKES}")
    seen(second, check_accessibility)
    if second.locator("main button[value=accept]").count():
        press(second, "accept")
    expect(second.locator("h1")).to_contain_text("Havenpunten")

    shopper = somebody()
    sign_in(phone, shopper)
    phone.goto(f"{base_url}/wallet/programmes/visboer/")
    seen(phone, check_accessibility)
    phone.locator("main form button[type=submit]").first.click()
    expect(phone.locator("main .huge")).to_have_text("0")
    fish.sell(25_000, shopper)
    wish(bikes.join(shopper), 200)
    bikes.sell(1_000, shopper)
    relay.drain()
    phone.goto(f"{base_url}/wallet/programmes/fietsen/")
    expect(phone.locator("main .huge")).to_have_text("58")
    seen(phone, check_accessibility)
    for page, path in ((first, FISH), (second, BIKES)):
        page.goto(f"{base_url}{path}")
        seen(page, check_accessibility)
