"""The wallet without a network: killed, opened again, and everything readable is there."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Playwright, expect

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from tests.browser.conftest import CheckAccessibility, Complaints, SignIn
from tests.browser.offline_phone import MOST_MS, OfflinePhone, fastest, filled
from tests.browser.wallet_page import WalletPage
from tests.support.world import World
from tests.wallet.cards import BONUS, put
from tests.wallet.sales import line, sell
from wallet import codes
from wallet.actions.file_receipts import file_receipts

AZTEC = {"symbology": "aztec", "payload": "M1DE/WIT"}


@pytest.fixture
def shopper() -> Person:
    return create_person(email=f"{uuid4()}@example.com", name="Alice de Wit", actor=SYSTEM)


@pytest.fixture
def phone(playwright: Playwright, tmp_path: Path) -> OfflinePhone:
    return OfflinePhone(playwright, tmp_path)


def test_killed_and_opened_again_without_a_network_it_shows_code_cards_and_receipts(
    phone: OfflinePhone, base_url: str, sign_in: SignIn, shopper: Person, world: World
) -> None:
    now = clock.now()
    bonus = put(shopper, now - timedelta(hours=1), name="Bonuskaart", barcode=BONUS)
    rare = put(shopper, now - timedelta(hours=1), name="Vliegmaatschappij", barcode=AZTEC)
    buy(world, shopper)
    with phone.switched_on(network=True) as page:
        sign_in(page, shopper)
        WalletPage(page, base_url).set_up()
        filled(page)
    with phone.switched_on(network=False) as page:
        wallet = WalletPage(page, base_url)
        wallet.open()
        assert codes.parse(wallet.code()).handle
        assert fastest(page, "ok-code-drawn") <= MOST_MS
        page.goto(f"{base_url}/wallet/cards/")
        expect(page.get_by_text("Zonder netwerk; stand van")).to_be_visible()
        expect(page.locator(".tile-name")).to_have_text(["Bonuskaart", "Vliegmaatschappij"])
        page.get_by_role("link", name="Bonuskaart").click()
        expect(page.locator("#card[data-drawn]")).to_be_visible()
        expect(page.get_by_text("2620 0123 4567 8")).to_be_visible()
        assert page.url == f"{base_url}/wallet/cards/{bonus.uuid}/"
        # Drawn by the large library, which this phone kept because it has such a card.
        page.goto(f"{base_url}/wallet/cards/{rare.uuid}/")
        expect(page.locator("#card[data-drawn]")).to_be_visible()
        page.get_by_role("link", name="Bonnen").click()
        page.locator(".list-item").click()
        expect(page.get_by_text("Desembrood")).to_be_visible()
        expect(page.locator(".wallet-receipt-head")).to_contain_text("€\N{NO-BREAK SPACE}4,20")


def buy(world: World, shopper: Person) -> None:
    now = clock.now()
    sale = sell(world.till.store, now=now, person=shopper, lines=[line()])
    with transaction():
        file_receipts(sale_ids=[sale], now=now)


def test_what_was_opened_before_a_pin_was_chosen_is_there_too(
    page_phone: Page,
    base_url: str,
    sign_in: SignIn,
    shopper: Person,
    complaints: Complaints,
    check_accessibility: CheckAccessibility,
) -> None:
    """No button, no setting: signing in and looking at a page is enough."""
    complaints.forgive("ERR_INTERNET_DISCONNECTED")
    put(shopper, clock.now() - timedelta(hours=1), name="Bonuskaart", barcode=BONUS)
    sign_in(page_phone, shopper)
    page_phone.goto(f"{base_url}/wallet/cards/")
    filled(page_phone)
    page_phone.context.set_offline(True)
    page_phone.reload()
    expect(page_phone.get_by_text("Zonder netwerk; stand van")).to_be_visible()
    check_accessibility(page_phone)
    page_phone.get_by_role("link", name="Bonuskaart").click()
    expect(page_phone.locator("#card[data-drawn]")).to_be_visible()
    check_accessibility(page_phone)


@pytest.mark.parametrize("address", ["/wallet/", "/wallet/cards/", "/wallet/receipts/"])
def test_the_page_is_there_before_the_phone_is_filled(
    page_phone: Page, base_url: str, sign_in: SignIn, shopper: Person, address: str
) -> None:
    """Whoever looks at a page does not wait for what they may need another time."""
    put(shopper, clock.now() - timedelta(hours=1), name="Bonuskaart", barcode=BONUS)
    sign_in(page_phone, shopper)
    page_phone.goto(f"{base_url}{address}")
    filled(page_phone)
    loaded, asked = page_phone.evaluate(ORDER)
    assert set(asked) == {"/wallet/cards/changes/", "/wallet/phone/kept/"}
    assert min(asked.values()) >= loaded > 0


ORDER = """() => {
  const entries = performance.getEntriesByType("resource");
  const asked = entries.filter((one) => /changes|kept/.test(one.name));
  const first = asked.map((one) => [new URL(one.name).pathname, one.startTime]);
  const [page] = performance.getEntriesByType("navigation");
  return [page.loadEventStart, Object.fromEntries(first)];
}"""


def test_a_locked_phone_asks_for_the_pin_before_it_shows_cards(
    page_phone: Page, base_url: str, sign_in: SignIn, shopper: Person, complaints: Complaints
) -> None:
    complaints.forgive("ERR_INTERNET_DISCONNECTED")
    put(shopper, clock.now() - timedelta(hours=1), name="Bonuskaart", barcode=BONUS)
    sign_in(page_phone, shopper)
    wallet = WalletPage(page_phone, base_url)
    page_phone.clock.install()
    wallet.set_up()
    filled(page_phone)
    page_phone.clock.run_for(5 * 60 * 1000 + 1_000)
    page_phone.context.set_offline(True)
    page_phone.goto(f"{base_url}/wallet/cards/")
    expect(wallet.unlock).to_be_visible()
    expect(page_phone.get_by_text("Bonuskaart")).to_have_count(0)
    wallet.enter_pin()
    expect(page_phone.get_by_role("link", name="Bonuskaart")).to_be_visible()


def test_nothing_that_the_phone_keeps_says_what_is_on_a_card(
    page_phone: Page, base_url: str, sign_in: SignIn, shopper: Person
) -> None:
    """Neither the database nor the pages of the worker hold a name or a code in the clear."""
    put(shopper, clock.now() - timedelta(hours=1), name="Apotheek Linde", barcode=BONUS)
    sign_in(page_phone, shopper)
    WalletPage(page_phone, base_url).set_up()
    filled(page_phone)
    kept = page_phone.evaluate(KEPT)
    assert kept["records"] >= 1
    assert "wallet-panel" in kept["text"]
    assert "Apotheek" not in kept["text"]
    assert BONUS["payload"] not in kept["text"]
    assert shopper.name.split()[0] not in kept["text"]


KEPT = """async () => {
  const text = [];
  for (const name of await caches.keys()) {
    if (!name.startsWith("ok-pages-")) continue;
    const cache = await caches.open(name);
    for (const request of await cache.keys()) text.push(await (await cache.match(request)).text());
  }
  const database = await new Promise((resolve) => {
    const request = indexedDB.open("ok-wallet");
    request.onsuccess = () => resolve(request.result);
  });
  let records = 0;
  for (const name of database.objectStoreNames) {
    const request = database.transaction(name).objectStore(name).getAll();
    const found = await new Promise((resolve) => {
      request.onsuccess = () => resolve(request.result);
    });
    if (name === "cards") records = found.length;
    const bytes = (key, value) =>
      value instanceof ArrayBuffer || ArrayBuffer.isView(value)
        ? new TextDecoder("latin1").decode(value)
        : value;
    text.push(JSON.stringify(found, bytes));
  }
  database.close();
  return { records, text: text.join("\\n") };
}"""
