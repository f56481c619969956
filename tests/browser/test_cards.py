"""Cards of any brand, as a shopper adds and keeps them."""

import re
from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, Response, expect

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from tests.browser.card_form import as_file, only_card, open_form, save
from tests.browser.conftest import (
    LOOKS,
    PHONE,
    CheckAccessibility,
    Complaints,
    OpenPage,
    SignIn,
)
from tests.wallet.cards import BONUS, put
from wallet.cards import Wanted, cards_of

PASSWORD = "vier appels in een mand"


@pytest.fixture
def shopper() -> Person:
    email = f"{uuid4()}@example.com"
    return create_person(
        email=email, name="Alice de Wit", password=PASSWORD, address_proved=True, actor=SYSTEM
    )


@pytest.fixture
def phone(page_phone: Page, sign_in: SignIn, shopper: Person) -> Page:
    sign_in(page_phone, shopper)
    return page_phone


def test_a_card_is_typed_over_and_shows_its_code(
    phone: Page, base_url: str, shopper: Person
) -> None:
    phone.goto(f"{base_url}/wallet/cards/")
    phone.get_by_role("link", name="Kaart toevoegen", exact=True).click()
    phone.get_by_label("Welke kaart is het?").fill("Bonuskaart")
    phone.get_by_label("Code", exact=True).fill("2620012345679")
    expect(phone.get_by_label("Soort barcode")).to_have_value("ean_13")
    save(phone)
    expect(phone.get_by_text("na deze cijfers is het laatste een 8")).to_be_visible()
    expect(phone.get_by_label("Welke kaart is het?")).to_have_value("Bonuskaart")
    phone.get_by_label("Code", exact=True).fill(BONUS["payload"])
    save(phone)
    expect(phone.locator("#card[data-drawn]")).to_be_visible()
    expect(phone.get_by_text("2620 0123 4567 8")).to_be_visible()
    card = only_card(shopper)
    assert (card.programme, card.issuer, card.colour) == ("bonuskaart", "Albert Heijn", "#00ade6")


def test_a_number_that_looks_unlike_its_programme_is_kept_and_said(
    phone: Page, base_url: str, shopper: Person
) -> None:
    open_form(phone, base_url)
    phone.get_by_label("Welke kaart is het?").fill("Bonuskaart")
    phone.get_by_label("Code", exact=True).fill("12345")
    phone.get_by_label("Soort barcode").select_option("code_128")
    save(phone)
    expect(phone.get_by_text("Een Bonuskaart heeft 13 cijfers.")).to_be_visible()
    assert only_card(shopper).payload == "12345"


def test_a_card_is_added_without_javascript(
    open_page: OpenPage, base_url: str, sign_in: SignIn, shopper: Person
) -> None:
    page = open_page(PHONE, java_script_enabled=False)
    sign_in(page, shopper)
    page.goto(f"{base_url}/wallet/cards/add/")
    page.locator("[name=name]").fill("HEMA")
    page.locator("[name=payload]").fill("00123")
    page.locator("[name=symbology]").select_option("code_128")
    save(page)
    expect(page.locator(".card-symbol-plain")).to_be_visible()
    assert only_card(shopper).payload == "00123"


def test_the_link_of_a_shop_fills_the_form_and_leaves_no_trace(
    open_page: OpenPage, base_url: str, shopper: Person
) -> None:
    """Also through the sign-in; what stands behind # is in no request."""
    page = open_page(PHONE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.url} {request.post_data}"))
    card = {"name": "Bakkerij Bol", "code": "0099SECRET", "type": "code_39", "colour": "#c23c22"}
    page.goto(f"{base_url}/cards/add/#{urlencode(card)}")
    page.locator("[name=login]").fill(shopper.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen", exact=True).click()
    expect(page.get_by_label("Code", exact=True)).to_have_value("0099SECRET")
    expect(page.get_by_label("Welke kaart is het?")).to_have_value("Bakkerij Bol")
    assert not [said for said in asked if "0099SECRET" in said.partition("#")[0]]
    assert not cards_of(shopper.pk, Wanted()).exists()
    save(page)
    expect(page.locator("#card[data-drawn]")).to_be_visible()
    assert only_card(shopper).colour == "#c23c22"


def test_a_link_without_a_card_says_so(page_phone: Page, base_url: str) -> None:
    page_phone.goto(f"{base_url}/cards/add/#nonsense")
    expect(page_phone.get_by_text("In deze link staat geen kaart.")).to_be_visible()


def test_an_edit_names_only_what_its_writer_changed(
    phone: Page, base_url: str, shopper: Person
) -> None:
    now = clock.now()
    card = put(shopper, now - timedelta(hours=1), name="Hema", note="Oud", barcode=BONUS)
    phone.goto(f"{base_url}/wallet/cards/{card.uuid}/edit/")
    put(shopper, clock.now(), card.uuid, note="Van de andere telefoon")
    phone.get_by_label("Welke kaart is het?").fill("HEMA")
    save(phone)
    expect(phone.get_by_role("heading", name="HEMA")).to_be_visible()
    kept = only_card(shopper)
    assert (kept.name, kept.note) == ("HEMA", "Van de andere telefoon")


def test_what_was_written_before_can_be_taken_back(
    phone: Page, base_url: str, shopper: Person
) -> None:
    now = clock.now()
    card = put(shopper, now - timedelta(hours=2), name="Hema", barcode=BONUS)
    put(shopper, now - timedelta(hours=1), card.uuid, name="Verkeerd")
    phone.goto(f"{base_url}/wallet/cards/{card.uuid}/history/")
    phone.get_by_role("button", name=re.compile("Naam: Hema")).click()
    expect(phone.get_by_text("Teruggezet.")).to_be_visible()
    assert only_card(shopper).name == "Hema"


def test_a_photo_is_made_small_and_kept_on_both_sides(
    phone: Page, base_url: str, shopper: Person
) -> None:
    card = put(shopper, clock.now(), name="Bibliotheek")
    phone.goto(f"{base_url}/wallet/cards/{card.uuid}/edit/")
    phone.get_by_text("Meer over deze kaart").click()
    large = as_file(Image.effect_noise((3000, 2000), 80).convert("RGB"), "JPEG")
    front = phone.locator("[data-side=front]")
    front.locator("input").set_input_files(
        FilePayload(name="front.jpg", mimeType="image/jpeg", buffer=large)
    )
    expect(front.locator("img")).to_be_visible()
    save(phone)
    shown = phone.get_by_role("img", name="Voorkant van de kaart")
    expect(shown).to_be_visible()
    assert only_card(shopper).front
    assert phone.evaluate("document.querySelector('.card-photos img').naturalWidth") == 1600


def test_cards_are_found_grouped_starred_archived_and_removed(
    phone: Page, base_url: str, shopper: Person
) -> None:
    now = clock.now() - timedelta(hours=1)
    for name in ("Zeeman", "Etos", "Café Bol"):
        put(shopper, now, name=name, groups={"Eten": name == "Café Bol"})
    phone.goto(f"{base_url}/wallet/cards/?sort=name")
    names = phone.locator(".tile-name")
    expect(names).to_have_text(["Café Bol", "Etos", "Zeeman"])
    phone.get_by_label("Zoek een kaart").fill("cafe")
    expect(names.locator("visible=true")).to_have_text(["Café Bol"])
    phone.goto(f"{base_url}/wallet/cards/?group=Eten")
    expect(names).to_have_text(["Café Bol"])
    phone.goto(f"{base_url}/wallet/cards/?sort=name")
    phone.get_by_role("link", name="Zeeman").click()
    phone.get_by_role("button", name="Een ster geven").click()
    expect(phone.get_by_role("button", name="Ster weghalen")).to_be_visible()
    phone.goto(f"{base_url}/wallet/cards/?sort=name")
    expect(names).to_have_text(["Zeeman", "Café Bol", "Etos"])
    phone.get_by_role("link", name="Etos").click()
    phone.get_by_role("button", name="Naar archief").click()
    expect(phone.get_by_text("Deze kaart ligt in het archief.")).to_be_visible()
    phone.get_by_role("button", name="Kaart verwijderen").click()
    expect(phone.get_by_text("Verwijderd. Terughalen kan")).to_be_visible()
    expect(names).to_have_text(["Zeeman", "Café Bol"])
    phone.get_by_role("link", name="Verwijderde kaarten").click()
    phone.get_by_role("link", name="Etos").click()
    phone.get_by_role("button", name="Terugzetten").click()
    expect(phone.locator("#card")).to_be_visible()


def test_a_balance_goes_down_by_what_was_spent(phone: Page, base_url: str, shopper: Person) -> None:
    card = put(shopper, clock.now(), name="Cadeaubon")
    phone.goto(f"{base_url}/wallet/cards/{card.uuid}/")
    phone.get_by_role("heading", name="Saldo").click()
    for amount, way, left in (("25", "Erbij", "25,00"), ("7,40", "Uitgegeven", "17,60")):
        phone.get_by_label("Bedrag").fill(amount)
        phone.get_by_role("button", name=way).click()
        expect(phone.locator(".card-value")).to_contain_text(left)
    phone.get_by_label("Bedrag").fill("niets")
    phone.get_by_role("button", name="Erbij").click()
    expect(phone.get_by_text("Het saldo is niet veranderd.")).to_be_visible()
    assert only_card(shopper).balance == 1760


def test_a_copy_is_a_card_of_its_own(phone: Page, base_url: str, shopper: Person) -> None:
    card = put(shopper, clock.now(), name="Gamma", barcode=BONUS)
    phone.goto(f"{base_url}/wallet/cards/{card.uuid}/")
    phone.get_by_role("button", name="Kopie maken").click()
    expect(phone.get_by_label("Welke kaart is het?")).to_have_value("Gamma (kopie)")
    both = cards_of(shopper.pk, Wanted(sort="name"))
    assert [(each.name, each.payload) for each in both] == [
        ("Gamma", BONUS["payload"]),
        ("Gamma (kopie)", BONUS["payload"]),
    ]


def _is_told(response: Response) -> bool:
    """Say whether this answers a use that was told; changes are also asked for."""
    return "/cards/changes/" in response.url and response.request.method == "POST"


def test_the_screen_stays_on_and_the_use_is_counted(
    open_page: OpenPage, base_url: str, sign_in: SignIn, shopper: Person
) -> None:
    page = open_page(PHONE)
    sign_in(page, shopper)
    page.add_init_script(
        "window.kept = 0; Object.defineProperty(navigator, 'wakeLock',"
        " {value: {request: async () => { window.kept += 1; return {}; }}})"
    )
    card = put(shopper, clock.now(), name="Etos", barcode=BONUS)
    with page.expect_response(_is_told) as sent:
        page.goto(f"{base_url}/wallet/cards/{card.uuid}/")
    assert sent.value.ok
    assert only_card(shopper).times_used == 1
    assert page.evaluate("window.kept") == 1
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert page.evaluate("window.kept") == 2


def test_the_card_of_another_is_not_found(
    phone: Page, base_url: str, complaints: Complaints
) -> None:
    other = create_person(email=f"{uuid4()}@example.com", name="Bob Jansen", actor=SYSTEM)
    card = put(other, clock.now(), name="Bobs kaart", barcode=BONUS)
    complaints.forgive("404")
    for page in ("", "edit/", "history/"):
        answer = phone.goto(f"{base_url}/wallet/cards/{card.uuid}/{page}")
        assert answer is not None
        assert answer.status == 404


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_the_pages_of_cards_can_be_used_by_everybody(
    open_page: OpenPage,
    base_url: str,
    sign_in: SignIn,
    shopper: Person,
    check_accessibility: CheckAccessibility,
    language: str,
    size: tuple[int, int],
    scheme: str,
) -> None:
    now = clock.now()
    card = put(
        shopper, now, name="Bonuskaart", barcode=BONUS, groups={"Eten": True}, note="Sleutel"
    )
    over = put(shopper, now, name="Museum", expires_on="2026-01-01", colour="#ffd500")
    page = open_page(size, language=language, scheme=scheme, reduced_motion="reduce")
    sign_in(page, shopper)
    one = f"/wallet/cards/{card.uuid}/"
    pages = ["/wallet/cards/", "/wallet/cards/add/", one, f"{one}edit/", f"{one}history/"]
    for address in [*pages, f"/wallet/cards/{over.uuid}/", "/cards/add/"]:
        page.goto(base_url + address)
        for fold in page.locator("details").all():
            fold.evaluate("fold => { fold.open = true; }")
        check_accessibility(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
