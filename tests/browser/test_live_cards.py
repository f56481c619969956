"""A card becomes live as a shopper, a shop and OK's office see it."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from loyalty.actions.publish_programme import publish_programme
from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.create_merchant import create_merchant
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Merchant, Person, Role
from tests.browser.conftest import LOOKS, CheckAccessibility, Complaints, OpenPage, SignIn
from tests.browser.offline_phone import filled
from tests.loyalty.bakery import PROMISE
from tests.support.world import World
from tests.wallet.cards import BONUS, put


@pytest.fixture
def shop() -> Merchant:
    """A shop of this test alone, with a programme."""
    shop = create_merchant(
        reference=f"s{uuid4().hex}",
        name="Slagerij Kroes",
        kvk="60000009",
        vat_number="NL004495445B01",
        iban="NL91ABNA0417164300",
        actor=SYSTEM,
    )
    publish_programme(merchant_id=shop.pk, promise=PROMISE, actor=SYSTEM, now=clock.now())
    return shop


def somebody(name: str) -> Person:
    return create_person(email=f"{uuid4()}@example.com", name=name, actor=SYSTEM)


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_the_shop_asks_the_office_confirms_and_the_shopper_couples_with_one_tap(
    open_page: OpenPage,
    base_url: str,
    sign_in: SignIn,
    world: World,
    shop: Merchant,
    complaints: Complaints,
    check_accessibility: CheckAccessibility,
    language: str,
    size: tuple[int, int],
    scheme: str,
) -> None:
    words = TEXTS[language]
    brand = f"Kroes {uuid4().hex[:8]}"
    owner, shopper = somebody("Karel Kroes"), somebody("Alice de Wit")
    grant_membership(person_id=owner.pk, merchant_id=shop.pk, role=Role.OWNER, actor=SYSTEM)
    card = put(shopper, clock.now(), name=brand, barcode=BONUS)

    def open_as(person: Person, address: str) -> Page:
        page = open_page(size, language=language, scheme=scheme, reduced_motion="reduce")
        sign_in(page, person)
        page.goto(f"{base_url}{address}")
        return page

    def usable(page: Page) -> None:
        check_accessibility(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    console = open_as(owner, f"/console/{shop.reference}/programme/")
    console.get_by_label(words["name"]).fill(brand)
    console.get_by_role("button", name=words["ask"]).click()
    expect(console.locator(".brand-row")).to_contain_text(brand)
    usable(console)
    office = open_as(world.anna, "/office/cards/")
    usable(office)
    office.get_by_role("button", name=re.compile(f"{words['confirm']}.*{brand}")).click()
    expect(office.get_by_text(words["decided"])).to_be_visible()
    phone = open_as(shopper, f"/wallet/cards/{card.uuid}/")
    usable(phone)
    phone.get_by_role("button", name=words["couple"]).click()
    expect(phone.locator(".card-live .huge")).to_have_text("0")
    expect(phone.locator("#card[data-drawn]")).to_be_visible()
    usable(phone)
    filled(phone)
    phone.goto(f"{base_url}/wallet/")
    expect(phone.locator("#strip > .strip-card [data-part=value]")).to_have_text(words["points"])
    complaints.forgive("ERR_INTERNET_DISCONNECTED")
    shows_points_offline(phone, f"{base_url}/wallet/cards/", words["points"])
    usable(phone)


def shows_points_offline(page: Page, address: str, points: str) -> None:
    """On the card and on its membership."""
    page.context.set_offline(True)
    page.goto(address)
    expect(page.locator(".tile")).to_contain_text(points)
    expect(page.locator("[data-part=memberships]")).to_contain_text("Slagerij Kroes")


TEXTS = {
    "nl": {
        "name": "Naam op de kaart",
        "ask": "OK vragen te bevestigen",
        "confirm": "Bevestigen",
        "decided": "Besloten.",
        "couple": "Deelnemen en deze kaart koppelen",
        "points": "0 punten",
    },
    "en": {
        "name": "Name on the card",
        "ask": "Ask OK to confirm",
        "confirm": "Confirm",
        "decided": "Decided.",
        "couple": "Join and couple this card",
        "points": "0 points",
    },
}
