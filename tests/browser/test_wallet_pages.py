"""The wallet's other pages, as everybody must be able to use them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM, Actor
from okplatform.kernel.db import transaction
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from tests.browser.conftest import LOOKS, CheckAccessibility, OpenPage, SignIn
from tests.browser.fitting import fits
from tests.browser.wallet_page import WalletPage
from tests.support.world import World
from tests.wallet.sales import line, sell
from wallet.actions.bulk import file_receipts_of_merchant
from wallet.actions.grant_consent import grant_consent
from wallet.actions.record_disclosure import Look, record_disclosure
from wallet.consents import consented
from wallet.queries import latest_receipt

OFFER = {"kind": "offer", "id": "4", "amount": 100}
TEXT = {"nl": "4e appelflap halve prijs", "en": "4th turnover half price"}


@pytest.fixture
def shopper(world: World) -> Person:
    """Somebody with a phone's worth of past: purchases, a consent, a look."""
    person = create_person(email=f"{uuid4()}@example.com", name="Alice de Wit", actor=SYSTEM)
    now, shop = clock.now(), world.bol.merchant
    grant_consent(
        person_id=person.pk,
        merchant_id=shop.pk,
        purpose="identity",
        text_version=1,
        language="nl",
        now=now - timedelta(days=3),
        actor=SYSTEM,
    )
    bread = line(1, "Desembrood", 420, quantity=2, gross=840, vat=69)
    reason = OFFER | {"text": TEXT}
    pastry = line(
        2, "Appelflap", 275, quantity=4, gross=1100, discount=100, vat=83, reasons=[reason]
    )
    for place, lines, days in ((world.till, (bread, pastry), 0), (world.haarlem, (bread,), 9)):
        at = now - timedelta(days=days)
        sell(place.store, now=at, person=person, lines=lines, points=18)
        with transaction():
            file_receipts_of_merchant(merchant_id=place.merchant.pk, mode="live", now=at)
    look = Look(
        person_id=person.pk,
        merchant_id=shop.pk,
        actor=Actor("api_key", "1"),
        actor_name="Kassa 1, Utrecht",
        purpose="identity",
        what="name",
        at=now - timedelta(days=1),
    )
    with transaction():
        record_disclosure([look])
    return person


def addresses(person: Person) -> list[str]:
    latest = latest_receipt(person.pk)
    assert latest is not None
    return [
        "/wallet/cards/",
        "/wallet/receipts/",
        f"/wallet/receipts/{latest.pk}/",
        "/wallet/you/",
        "/wallet/you/shops/bakkerij-bol/",
        "/wallet/offline/",
    ]


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_the_pages_can_be_used_by_everybody(
    open_page: OpenPage,
    base_url: str,
    sign_in: SignIn,
    shopper: Person,
    check_accessibility: CheckAccessibility,
    language: str,
    size: tuple[int, int],
    scheme: str,
) -> None:
    page = open_page(size, language=language, scheme=scheme, reduced_motion="reduce")
    sign_in(page, shopper)
    wallet = WalletPage(page, base_url)
    wallet.open()
    expect(wallet.setup).to_be_visible()
    check_accessibility(page)
    wallet.set_up()
    check_accessibility(page)
    assert fits(page)
    for address in addresses(shopper):
        page.goto(base_url + address)
        check_accessibility(page)
        assert fits(page), address


def test_the_locked_page_can_be_used_by_everybody(
    page_phone: Page,
    base_url: str,
    sign_in: SignIn,
    shopper: Person,
    check_accessibility: CheckAccessibility,
) -> None:
    sign_in(page_phone, shopper)
    wallet = WalletPage(page_phone, base_url)
    page_phone.clock.install()
    wallet.set_up()
    page_phone.clock.run_for(301_000)
    expect(wallet.unlock).to_be_visible()
    check_accessibility(page_phone)
    page_phone.locator("[data-act=forgot]").click()
    check_accessibility(page_phone)


def test_a_switch_acts_at_once_and_who_looked_stands_below_it(
    page_phone: Page, base_url: str, sign_in: SignIn, shopper: Person, world: World
) -> None:
    sign_in(page_phone, shopper)
    page_phone.goto(f"{base_url}/wallet/you/")
    page_phone.get_by_role("link", name="Bakkerij Bol").click()
    expect(page_phone.get_by_text("Kassa 1, Utrecht")).to_be_visible()
    switch = page_phone.get_by_role("switch", name="Wie u bent")
    expect(switch).to_be_checked()
    switch.click()
    page_phone.wait_for_load_state()
    expect(page_phone.get_by_role("switch", name="Wie u bent")).not_to_be_checked()
    allowed = consented(world.bol.merchant.pk, "identity").filter(person_id=shopper.pk)
    assert not allowed.exists()
    page_phone.get_by_role("switch", name="Wie u bent").click()
    page_phone.wait_for_load_state()
    expect(page_phone.get_by_role("switch", name="Wie u bent")).to_be_checked()
    assert allowed.exists()
