"""A browser that keeps nothing says so, once, and every page works as with a network."""

from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from tests.browser.conftest import CheckAccessibility, Complaints, SignIn
from tests.wallet.cards import BONUS, put

UNABLE = "Deze browser bewaart niets"
MISSING = {
    "no WebCrypto": "Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined })",
    "no database": "Object.defineProperty(window, 'indexedDB', { get: () => undefined })",
    "no worker": "Object.defineProperty(Navigator.prototype, 'serviceWorker',"
    " { get: () => undefined })",
    "a database that refuses": "IDBFactory.prototype.open = () => {"
    " throw new DOMException('', 'SecurityError') }",
    "no storage at all": "for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])"
    " Object.defineProperty(window, name,"
    " { get: () => { throw new DOMException('', 'SecurityError') } })",
}


@pytest.fixture
def shopper() -> Person:
    return create_person(email=f"{uuid4()}@example.com", name="Alice de Wit", actor=SYSTEM)


@pytest.mark.parametrize("missing", MISSING)
def test_a_browser_that_keeps_nothing_says_so_and_shows_the_card(
    page_phone: Page,
    base_url: str,
    sign_in: SignIn,
    shopper: Person,
    complaints: Complaints,
    check_accessibility: CheckAccessibility,
    missing: str,
) -> None:
    card = put(shopper, clock.now() - timedelta(hours=1), name="Bonuskaart", barcode=BONUS)
    sign_in(page_phone, shopper)
    page_phone.add_init_script(MISSING[missing])
    page_phone.goto(f"{base_url}/wallet/cards/")
    expect(page_phone.get_by_text(UNABLE)).to_be_visible()
    expect(page_phone.locator(".tile-name")).to_have_text("Bonuskaart")
    check_accessibility(page_phone)
    page_phone.goto(f"{base_url}/wallet/cards/{card.uuid}/")
    expect(page_phone.locator("#card[data-drawn]")).to_be_visible()
    if missing != "no storage at all":
        expect(page_phone.get_by_text(UNABLE)).to_be_hidden()
    page_phone.goto(f"{base_url}/wallet/cards/add/")
    expect(page_phone.locator("[data-part=ways]")).to_be_visible()
    page_phone.goto(f"{base_url}/wallet/receipts/")
    expect(page_phone.get_by_text("Nog geen bonnen")).to_be_visible()


def test_a_phone_that_is_full_says_so_and_shows_the_cards(
    page_phone: Page, base_url: str, sign_in: SignIn, shopper: Person, complaints: Complaints
) -> None:
    complaints.forgive("QuotaExceededError")
    put(shopper, clock.now() - timedelta(hours=1), name="Bonuskaart", barcode=BONUS)
    sign_in(page_phone, shopper)
    tools = page_phone.context.new_cdp_session(page_phone)
    tools.send("Storage.overrideQuotaForOrigin", {"origin": base_url, "quotaSize": 1_000})
    page_phone.goto(f"{base_url}/wallet/cards/")
    expect(page_phone.get_by_text("Dit toestel is vol")).to_be_visible()
    expect(page_phone.locator(".tile-name")).to_have_text("Bonuskaart")
