"""Cards that travel: a file of another app, a link with the card in it."""

import io
import re
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote
from uuid import uuid4

import pytest
from playwright.sync_api import FilePayload, Page, Request, expect

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from tests.browser.card_form import only_card, save
from tests.browser.conftest import (
    LOOKS,
    PHONE,
    CheckAccessibility,
    Complaints,
    OpenPage,
    SignIn,
)
from tests.wallet.cards import BONUS, put
from tests.wallet.test_reading_files import CSV, zipped
from wallet.cards import Wanted, cards_of

PASSWORD = "vier appels in een mand"
# As Catima 2 writes it, its own example: every value is encoded twice.
CATIMA = (
    "https://catima.app/share#store%3DGrocery%2BStore%26note%3DQuite%2Bnecessary%26balance%3D150"
    "%26cardid%3Ddhd%26barcodetype%3DAZTEC%26headercolor%3D-9977996"
)


def somebody() -> Person:
    email = f"{uuid4()}@example.com"
    return create_person(
        email=email, name="Alice de Wit", password=PASSWORD, address_proved=True, actor=SYSTEM
    )


@pytest.fixture
def shopper() -> Person:
    return somebody()


@pytest.fixture
def phone(page_phone: Page, sign_in: SignIn, shopper: Person) -> Page:
    sign_in(page_phone, shopper)
    return page_phone


def choose(page: Page, content: bytes) -> None:
    file = FilePayload(name="catima.zip", mimeType="application/zip", buffer=content)
    page.get_by_label("Bestand", exact=True).set_input_files(file)


def test_a_file_of_another_app_is_seen_first_and_then_comes_in(
    phone: Page, base_url: str, shopper: Person, complaints: Complaints
) -> None:
    complaints.forgive("422")
    phone.goto(f"{base_url}/wallet/cards/")
    phone.get_by_role("link", name="Kaarten uit een andere app").click()
    choose(phone, bytes(15 * 2**20 + 1))
    expect(phone.get_by_text("Dit bestand is groter dan 15 MB")).to_be_visible()
    choose(phone, zipped({"../catima.csv": CSV}))
    phone.get_by_role("button", name="Bekijk wat erin komt").click()
    expect(phone.get_by_text("paden die erbuiten wijzen")).to_be_visible()
    choose(phone, zipped({"catima.csv": CSV}))
    phone.get_by_role("button", name="Bekijk wat erin komt").click()
    expect(phone.get_by_text("2 nieuwe kaarten")).to_be_visible()
    assert not cards_of(shopper.pk, Wanted()).exists()
    phone.get_by_role("button", name="2 kaarten toevoegen").click()
    expect(phone.get_by_text("2 kaarten zijn overgenomen uit Catima.")).to_be_visible()
    phone.get_by_role("link", name="Naar uw kaarten").click()
    phone.get_by_role("link", name="Bakkerij").click()
    expect(phone.locator("#card[data-drawn]")).to_be_visible()


def test_all_cards_go_out_as_a_file(
    phone: Page, base_url: str, shopper: Person, tmp_path: Path
) -> None:
    put(shopper, clock.now(), name="Bonuskaart", barcode=BONUS)
    phone.goto(f"{base_url}/wallet/cards/")
    phone.get_by_role("link", name="Kaarten meenemen").click()
    with phone.expect_download() as download:
        phone.get_by_role("link", name="1 kaart downloaden").click()
    download.value.save_as(tmp_path / "cards.zip")
    content = (tmp_path / "cards.zip").read_bytes()
    assert zipfile.ZipFile(io.BytesIO(content)).namelist() == ["catima.csv"]


def link_of(page: Page, base_url: str, person: Person) -> str:
    """Share the only card of a person, and return the link."""
    page.add_init_script("delete Navigator.prototype.share")
    page.goto(f"{base_url}/wallet/cards/{only_card(person).uuid}/")
    page.get_by_role("button", name="Delen met een link").click()
    expect(page.get_by_label("Link naar deze kaart")).to_be_visible()
    return page.get_by_label("Link naar deze kaart").input_value()


def test_a_card_travels_in_a_link_that_no_server_sees(
    phone: Page, base_url: str, shopper: Person, open_page: OpenPage, sign_in: SignIn
) -> None:
    payload = "10A\x1d21é &=%#+"
    barcode = {"symbology": "qr_code", "payload": payload}
    fields: dict[str, Any] = {
        "number": "12 34",
        "colour": "#123456",
        "issuer": "Café & Co",
        "note": "geheim",
    }
    put(shopper, clock.now(), name="Koffie + taart", barcode=barcode, **fields)
    link = link_of(phone, base_url, shopper)
    assert "geheim" not in unquote(unquote(link))
    assert re.fullmatch(rf"{base_url}/cards/shared/#[A-Za-z0-9%.~!*'()_-]+", link)
    friend = somebody()
    page = open_page(PHONE)
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(unquote(unquote(request.url + (request.post_data or ""))))

    page.on("request", note)
    sign_in(page, friend)
    page.goto(link)
    expect(page.get_by_role("heading", name="Koffie + taart")).to_be_visible()
    expect(page.locator("#card-shared[data-drawn]")).to_be_visible()
    assert not any("Koffie" in one for one in asked)
    page.get_by_role("button", name="Deze kaart bewaren").click()
    expect(page.locator("#card[data-drawn]")).to_be_visible()
    mine, theirs = only_card(shopper), only_card(friend)
    for name in ("name", "payload", "symbology", "number", "colour", "issuer"):
        assert getattr(theirs, name) == getattr(mine, name)
    assert theirs.note == ""
    assert theirs.uuid != mine.uuid


def test_a_link_of_catima_is_read_as_it_is_and_half_undone(
    phone: Page, base_url: str, shopper: Person
) -> None:
    fragment = CATIMA.partition("#")[2]
    for link in (f"#{fragment}", f"#{unquote(fragment)}"):
        phone.goto(f"{base_url}/wallet/")
        phone.goto(f"{base_url}/cards/shared/{link}")
        expect(phone.get_by_role("heading", name="Grocery Store")).to_be_visible()
    phone.goto(f"{base_url}/wallet/")
    phone.goto(f"{base_url}/cards/shared/")
    phone.get_by_label("Link van een kaart").fill("https://example.com/")
    phone.get_by_role("button", name="De kaart tonen").click()
    expect(phone.get_by_text("In deze link zit geen kaart.")).to_be_visible()
    phone.get_by_label("Link van een kaart").fill(CATIMA)
    phone.get_by_role("button", name="De kaart tonen").click()
    phone.get_by_role("button", name="Deze kaart bewaren").click()
    expect(phone.locator("#card[data-drawn]")).to_be_visible()
    card = only_card(shopper)
    assert (card.name, card.symbology, card.payload) == ("Grocery Store", "aztec", "dhd")
    assert (card.note, card.colour) == ("Quite necessary", "#67bf74")


def test_whoever_is_not_signed_in_does_so_and_finds_the_card_in_the_form(
    page_phone: Page, base_url: str, shopper: Person
) -> None:
    said = quote("store=HEMA&note=&cardid=123456&barcodetype=CODE_128")
    page_phone.goto(f"{base_url}/cards/shared/#{said}")
    page_phone.get_by_role("button", name="Deze kaart bewaren").click()
    page_phone.locator("[name=login]").fill(shopper.email)
    page_phone.locator("[name=password]").fill(PASSWORD)
    page_phone.locator("[name=password]").press("Enter")
    expect(page_phone.locator("[name=name]")).to_have_value("HEMA")
    save(page_phone)
    expect(page_phone.locator("#card[data-drawn]")).to_be_visible()
    assert only_card(shopper).payload == "123456"


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_these_pages_can_be_used_by_everybody(
    base_url: str,
    open_page: OpenPage,
    sign_in: SignIn,
    check_accessibility: CheckAccessibility,
    size: tuple[int, int],
    language: str,
    scheme: str,
) -> None:
    person = somebody()
    put(person, clock.now(), name="Bonuskaart", barcode=BONUS)
    page = open_page(size, language=language, scheme=scheme)
    sign_in(page, person)
    for address in ("wallet/cards/export/", f"cards/shared/#{CATIMA.partition('#')[2]}"):
        page.goto(f"{base_url}/{address}")
        check_accessibility(page)
    page.goto(f"{base_url}/wallet/cards/import/")
    check_accessibility(page)
    table = CSV.replace("EAN_13", "MAXICODE").replace("A-1,00123", f"{BONUS['payload']},")
    file = FilePayload(name="c.zip", mimeType="", buffer=zipped({"catima.csv": table}))
    page.locator("#file").set_input_files(file)
    for step in ("#card-import button", "[name=decision][value=keep]"):
        page.locator(step).click()
        expect(page.locator(".list-item").first).to_be_visible()
        check_accessibility(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
