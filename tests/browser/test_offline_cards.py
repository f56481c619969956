"""The list of cards and one card without a network: everything that is there with one."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from tests.browser.card_form import as_file
from tests.browser.conftest import CheckAccessibility, Complaints, SignIn
from tests.browser.offline_phone import filled, without_network
from tests.wallet.cards import BONUS, put
from wallet.actions.add_photo import add_photo
from wallet.cards import card_of


@pytest.fixture
def shopper() -> Person:
    return create_person(email=f"{uuid4()}@example.com", name="Alice de Wit", actor=SYSTEM)


@pytest.fixture(autouse=True)
def _no_network(complaints: Complaints) -> None:
    complaints.forgive("ERR_INTERNET_DISCONNECTED")


def test_groups_order_archive_and_removed_cards_are_there(
    page_phone: Page,
    base_url: str,
    sign_in: SignIn,
    shopper: Person,
    check_accessibility: CheckAccessibility,
) -> None:
    at = clock.now() - timedelta(hours=1)
    put(shopper, at, name="Albert Heijn", groups={"Eten": True})
    put(shopper, at + timedelta(minutes=1), name="Zwembad", groups={"Sport": True})
    put(shopper, at, name="Oude kaart", archived=True)
    gone = put(shopper, at, name="Weg ermee", barcode=BONUS)
    sign_in(page_phone, shopper)
    address = f"{base_url}/wallet/cards/"
    page_phone.goto(address)
    filled(page_phone)
    put(shopper, clock.now(), gone.uuid, removed=True)
    page_phone.reload()
    without_network(page_phone)
    names = page_phone.locator(".tile-name")
    expect(names).to_have_text(["Albert Heijn", "Zwembad"])
    page_phone.locator("#sort").select_option("added")
    expect(names).to_have_text(["Zwembad", "Albert Heijn"])
    page_phone.get_by_text("Eten", exact=True).click()
    expect(names).to_have_text(["Albert Heijn"])
    assert page_phone.url == f"{address}?sort=added&group=Eten"
    check_accessibility(page_phone)
    page_phone.get_by_role("link", name="Archief").click()
    expect(names).to_have_text(["Oude kaart"])
    page_phone.goto(f"{address}?show=removed")
    expect(names).to_have_text(["Weg ermee"])
    check_accessibility(page_phone)
    page_phone.get_by_role("link", name="Weg ermee").click()
    expect(page_phone.get_by_text("U hebt deze kaart verwijderd")).to_be_visible()
    page_phone.get_by_role("button", name="Terugzetten").click()
    expect(page_phone.locator("#card[data-drawn]")).to_be_visible()
    page_phone.context.set_offline(False)
    filled(page_phone)
    kept = card_of(shopper.pk, gone.uuid)
    assert kept is not None
    assert (kept.removed, kept.payload) == (False, BONUS["payload"])


def test_a_card_goes_into_a_group_and_what_stood_there_is_put_back(
    page_phone: Page,
    base_url: str,
    sign_in: SignIn,
    shopper: Person,
    check_accessibility: CheckAccessibility,
) -> None:
    at = clock.now() - timedelta(hours=1)
    card = put(shopper, at, name="Bonus", groups={"Eten": True, "Oud": True})
    put(shopper, at + timedelta(minutes=1), card.uuid, name="Bonuskaart")
    sign_in(page_phone, shopper)
    page_phone.goto(f"{base_url}/wallet/cards/{card.uuid}/")
    without_network(page_phone)
    page_phone.locator("summary:visible").click()
    groups = page_phone.locator("[data-form=edit] [name=groups]")
    expect(groups).to_have_value("Eten, Oud")
    groups.fill("Eten, Reizen")
    page_phone.locator("[data-form=edit] button[type=submit]").click()
    expect(page_phone.locator("dd[data-part=groups]")).to_have_text("Eten, Reizen")
    page_phone.locator("[data-part=history-link]").click()
    expect(page_phone.locator("[data-part=edits] .card-was")).to_have_count(4)
    check_accessibility(page_phone)
    first = page_phone.locator("[data-part=edits] li", has_text=re.compile(r"Bonus\b"))
    first.get_by_role("button", name="Terugzetten").click()
    expect(page_phone.get_by_text("2 wijzigingen wachten")).to_be_visible()
    page_phone.context.set_offline(False)
    filled(page_phone)
    kept = card_of(shopper.pk, card.uuid)
    assert kept is not None
    assert (kept.name, kept.groups) == ("Bonus", ["Eten", "Reizen"])


def test_photos_of_a_card_are_there_and_sealed(
    page_phone: Page, base_url: str, sign_in: SignIn, shopper: Person
) -> None:
    content = as_file(Image.new("RGB", (64, 40), "#c23c22"), "JPEG")
    at = clock.now() - timedelta(hours=1)
    digest = add_photo(person_id=shopper.pk, content=content, now=at, actor=SYSTEM)
    card = put(shopper, at, name="Bonuskaart", front=digest)
    sign_in(page_phone, shopper)
    page_phone.goto(f"{base_url}/wallet/cards/")
    filled(page_phone)
    kept = page_phone.evaluate(PHOTOS)
    assert list(kept) == [f"{card.uuid} front"]
    assert content not in bytes(kept[f"{card.uuid} front"])
    page_phone.goto(f"{base_url}/wallet/cards/{card.uuid}/")
    without_network(page_phone)
    photo = page_phone.locator("canvas[data-part=front]")
    expect(photo).to_have_attribute("data-drawn", "yes")
    red = photo.evaluate("one => [...one.getContext('2d').getImageData(9, 9, 1, 1).data]")
    assert abs(red[0] - 0xC2) < 8
    expect(page_phone.get_by_text("niet alle foto's")).to_be_hidden()
    # What makes place for others is said to be missing.
    page_phone.evaluate(FORGET_PHOTOS)
    page_phone.reload()
    expect(page_phone.get_by_text("niet alle foto's")).to_be_visible()
    expect(photo).to_be_hidden()


OPEN = """const database = await new Promise((resolve) => {
    const request = indexedDB.open("ok-wallet");
    request.onsuccess = () => resolve(request.result);
  });
  const answer = (request) => new Promise((resolve) => {
    request.onsuccess = () => resolve(request.result);
  });"""
PHOTOS = f"""async () => {{
  {OPEN}
  const store = database.transaction("photos").objectStore("photos");
  const [names, found] = await Promise.all([answer(store.getAllKeys()), answer(store.getAll())]);
  database.close();
  const bytes = found.map(({{ sealed }}) => [...new Uint8Array(sealed)]);
  return Object.fromEntries(names.map((name, index) => [name, bytes[index]]));
}}"""
FORGET_PHOTOS = f"""async () => {{
  {OPEN}
  await answer(database.transaction("photos", "readwrite").objectStore("photos").clear());
  database.close();
}}"""
