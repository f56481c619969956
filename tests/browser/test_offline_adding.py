"""Cards that are added without a network, and what becomes of a change that the server refuses."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route, expect

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from tests.browser.conftest import PHONE, CheckAccessibility, Complaints, OpenPage, SignIn
from tests.browser.offline_phone import filled, without_network
from tests.wallet.cards import BONUS, put
from wallet.cards import Wanted, cards_of
from wallet.models import Card

NO_NETWORK = "ERR_INTERNET_DISCONNECTED"


@pytest.fixture
def shopper() -> Person:
    return create_person(email=f"{uuid4()}@example.com", name="Alice de Wit", actor=SYSTEM)


def kept(shopper: Person) -> list[Card]:
    return list(cards_of(shopper.pk, Wanted(sort="name")))


def add(page: Page, base_url: str, name: str, code: str, kind: str) -> None:
    """Add a card as somebody does who stands in a cellar."""
    page.goto(f"{base_url}/wallet/cards/add/")
    form = page.locator("[data-form=add]")
    form.locator("[name=name]").fill(name)
    form.locator("[name=payload]").fill(code)
    form.locator("[name=symbology]").select_option(kind)
    form.locator("button[type=submit]").click()


def test_a_card_that_is_added_without_a_network_shows_its_code_at_once_and_is_kept_once(
    page_phone: Page,
    base_url: str,
    sign_in: SignIn,
    shopper: Person,
    complaints: Complaints,
    check_accessibility: CheckAccessibility,
) -> None:
    complaints.forgive(NO_NETWORK)
    sign_in(page_phone, shopper)
    page_phone.goto(f"{base_url}/wallet/cards/")
    without_network(page_phone)
    page_phone.get_by_role("link", name="Kaart toevoegen").click()
    expect(page_phone.locator("[data-form=add]")).to_be_visible()
    check_accessibility(page_phone)
    add(page_phone, base_url, "Bonuskaart", "2620012345678", "ean_13")
    expect(page_phone.locator("#card[data-drawn]")).to_be_visible()
    expect(page_phone.get_by_text("2620 0123 4567 8")).to_be_visible()
    expect(page_phone.get_by_text("Toegevoegd op dit toestel")).to_be_visible()
    check_accessibility(page_phone)
    assert kept(shopper) == []
    # The server hears it, and its answer does not arrive: the phone says it once more.
    page_phone.route("**/wallet/cards/changes/", once_unheard())
    complaints.forgive("Failed to load resource")
    page_phone.context.set_offline(False)
    filled(page_phone)
    (card,) = kept(shopper)
    assert (card.name, card.payload) == ("Bonuskaart", BONUS["payload"])
    assert page_phone.url == f"{base_url}/wallet/cards/{card.uuid}/"
    page_phone.goto(f"{base_url}/wallet/cards/")
    expect(page_phone.locator(".tile-name")).to_have_text(["Bonuskaart"])


def once_unheard() -> Callable[[Route], None]:
    """Let the server hear the first time, and lose its answer."""
    lost: list[int] = []

    def handle(route: Route) -> None:
        if route.request.method != "POST" or lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    return handle


def test_two_phones_add_different_cards(
    open_page: OpenPage, base_url: str, sign_in: SignIn, shopper: Person, complaints: Complaints
) -> None:
    complaints.forgive(NO_NETWORK)
    phones = [open_page(PHONE), open_page(PHONE)]
    for page in phones:
        sign_in(page, shopper)
        page.goto(f"{base_url}/wallet/cards/")
        without_network(page)
    add(phones[0], base_url, "Bonuskaart", "2620012345678", "ean_13")
    add(phones[1], base_url, "Bibliotheek", "B-42", "code_128")
    for page in phones:
        expect(page.locator("#card[data-drawn]")).to_be_visible()
        page.context.set_offline(False)
        filled(page)
    assert [card.name for card in kept(shopper)] == ["Bibliotheek", "Bonuskaart"]
    phones[0].goto(f"{base_url}/wallet/cards/")
    filled(phones[0])
    without_network(phones[0])
    names = phones[0].locator(".tile-name")
    expect(names).to_have_count(2)
    # In the order in which they were shown, which is that of two phones.
    assert sorted(names.all_inner_texts()) == ["Bibliotheek", "Bonuskaart"]


def test_a_wrong_digit_is_said_before_anything_waits(
    page_phone: Page, base_url: str, sign_in: SignIn, shopper: Person, complaints: Complaints
) -> None:
    complaints.forgive(NO_NETWORK)
    sign_in(page_phone, shopper)
    page_phone.goto(f"{base_url}/wallet/cards/")
    without_network(page_phone)
    add(page_phone, base_url, "Bonuskaart", "2620012345677", "ean_13")
    expect(page_phone.get_by_text("na deze cijfers is het laatste een 8")).to_be_visible()
    expect(page_phone.locator("[data-form=add] [name=payload]")).to_have_value("2620012345677")
    page_phone.goto(f"{base_url}/wallet/cards/")
    expect(page_phone.get_by_text("Nog geen kaarten op dit toestel")).to_be_visible()


def test_what_the_server_refuses_is_kept_and_becomes_a_new_card(
    page_phone: Page,
    base_url: str,
    sign_in: SignIn,
    shopper: Person,
    complaints: Complaints,
    check_accessibility: CheckAccessibility,
) -> None:
    """The phone does not know every rule: Code 39 has no small letters."""
    complaints.forgive(NO_NETWORK)
    complaints.forgive("bwip-js")  # draws this kind, and is not on a phone without such a card
    sign_in(page_phone, shopper)
    page_phone.goto(f"{base_url}/wallet/cards/")
    without_network(page_phone)
    add(page_phone, base_url, "Sportschool", "abc", "code_39")
    expect(page_phone.get_by_text("Toegevoegd op dit toestel")).to_be_visible()
    page_phone.goto(f"{base_url}/wallet/cards/")
    page_phone.context.set_offline(False)
    filled(page_phone)
    assert kept(shopper) == []
    expect(page_phone.get_by_text("Eén wijziging kon niet worden opgeslagen")).to_be_visible()
    page_phone.get_by_role("link", name="Bekijk").click()
    expect(page_phone.get_by_role("heading", name="Sportschool")).to_be_visible()
    expect(page_phone.locator("#unsaved").get_by_text("deze tekens")).to_be_visible()
    filled(page_phone)
    check_accessibility(page_phone)
    with page_phone.expect_response("**/wallet/cards/changes/") as answer:
        page_phone.get_by_role("button", name="Opnieuw proberen").click()
    answer.value.finished()
    expect(page_phone.locator("#unsaved").get_by_text("deze tekens")).to_be_visible()
    without_network(page_phone)
    expect(page_phone.locator("#unsaved").get_by_text("deze tekens")).to_be_visible()
    page_phone.get_by_role("button", name="Als nieuwe kaart").click()
    form = page_phone.locator("[data-form=add]")
    expect(form.locator("[name=name]")).to_have_value("Sportschool")
    expect(form.locator("[name=payload]")).to_have_value("abc")
    form.locator("[name=payload]").fill("ABC")
    form.locator("button[type=submit]").click()
    expect(page_phone.get_by_text("Toegevoegd op dit toestel")).to_be_visible()
    page_phone.context.set_offline(False)
    filled(page_phone)
    (card,) = kept(shopper)
    assert (card.name, card.payload) == ("Sportschool", "ABC")
    page_phone.goto(f"{base_url}/wallet/cards/unsaved/")
    expect(page_phone.get_by_text("Alles is opgeslagen.")).to_be_visible()


def test_what_was_refused_is_thrown_away_by_its_owner_only(
    page_phone: Page, base_url: str, sign_in: SignIn, shopper: Person, complaints: Complaints
) -> None:
    complaints.forgive(NO_NETWORK)
    now = clock.now() - timedelta(hours=1)
    card = put(shopper, now, name="Bonuskaart", groups=dict.fromkeys(map(str, range(20)), True))
    sign_in(page_phone, shopper)
    page_phone.goto(f"{base_url}/wallet/cards/{card.uuid}/")
    without_network(page_phone)
    page_phone.locator("summary:visible").click()
    groups = page_phone.locator("[data-form=edit] [name=groups]")
    groups.fill(f"{groups.input_value()}, nog een")
    page_phone.locator("[data-form=edit] button[type=submit]").click()
    expect(page_phone.get_by_text("Eén wijziging wacht op het netwerk")).to_be_visible()
    page_phone.context.set_offline(False)
    filled(page_phone)
    page_phone.goto(f"{base_url}/wallet/cards/unsaved/")
    expect(page_phone.get_by_text("Groep: nog een")).to_be_visible()
    page_phone.get_by_role("button", name="Weggooien").click()
    expect(page_phone.get_by_text("Alles is opgeslagen.")).to_be_visible()
    (same,) = kept(shopper)
    assert "nog een" not in same.groups


def test_the_reader_of_codes_stays_on_a_phone_where_somebody_adds_cards(
    page_phone: Page,
    base_url: str,
    sign_in: SignIn,
    shopper: Person,
    complaints: Complaints,
    tmp_path: Path,
) -> None:
    complaints.forgive(NO_NETWORK)
    put(shopper, clock.now() - timedelta(hours=1), name="Bonuskaart", barcode=BONUS)
    sign_in(page_phone, shopper)
    page_phone.goto(f"{base_url}/wallet/cards/")
    filled(page_phone)
    assert not page_phone.evaluate(HAS_READER)
    card = page_phone.locator(".tile").first
    card.click()
    page_phone.locator("#card[data-drawn] .card-symbol").screenshot(path=tmp_path / "code.png")
    page_phone.goto(f"{base_url}/wallet/cards/add/")
    filled(page_phone)
    assert page_phone.evaluate(HAS_READER)
    page_phone.context.set_offline(True)
    page_phone.reload()
    page_phone.locator("[data-view=add] [data-part=file]").set_input_files(tmp_path / "code.png")
    expect(page_phone.locator("[data-form=add] [name=payload]")).to_have_value(BONUS["payload"])
    expect(page_phone.locator("[data-form=add] [name=symbology]")).to_have_value("ean_13")


HAS_READER = """async () => {
  for (const name of await caches.keys())
    for (const { url } of await (await caches.open(name)).keys())
      if (url.includes("zxing-reader")) return true;
  return false;
}"""
