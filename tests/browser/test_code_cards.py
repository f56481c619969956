"""Beside the code: the card of this place or the one used last, one swipe away; also offline."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Geolocation, Locator, Page, Request, expect

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from tests.browser.conftest import (
    LOOKS,
    PHONE,
    CheckAccessibility,
    Complaints,
    OpenPage,
    SignIn,
)
from tests.browser.offline_phone import filled
from tests.browser.wallet_page import WalletPage
from tests.wallet.cards import BONUS, put
from wallet.actions.mark_used import mark_used

UTRECHT = Geolocation(latitude=52.0907, longitude=5.1214)
GOUDA = Geolocation(latitude=52.0115, longitude=4.7105)
SWIPE = """strip => strip.scrollTo({ left: strip.scrollLeft + strip.clientWidth })"""


@pytest.fixture
def shopper() -> Person:
    return create_person(email=f"{uuid4()}@example.com", name="Alice de Wit", actor=SYSTEM)


def keep(shopper: Person, *names: str) -> dict[str, UUID]:
    """Keep cards, the first one used last; return them by name."""
    kept: dict[str, UUID] = {}
    now = clock.now() - timedelta(hours=2)
    for ago, name in enumerate(names):
        card = put(shopper, now, name=name, barcode=BONUS)
        kept[name] = card.uuid
        at = now - timedelta(minutes=ago)
        mark_used(person_id=shopper.pk, card=card.uuid, device="x", count=1, at=at, now=now)
    return kept


def slides(page: Page) -> Locator:
    return page.locator("#strip > .strip-card h2")


def chip(page: Page, name: str) -> Locator:
    return page.locator("[data-part=strip-names]").get_by_role("button", name=name)


def in_sight(page: Page, name: str) -> None:
    """Wait until a card lies where the code lay, drawn, and nothing else can be reached."""
    expect(chip(page, name)).to_have_attribute("aria-current", "true")
    expect(page.locator("#strip > :not([inert]) [data-part=symbol] path")).to_be_visible()
    expect(page.locator("#strip > :not([inert])")).to_have_count(1)


def test_the_card_used_last_is_one_swipe_away_and_the_use_is_counted(
    page_phone: Page, base_url: str, sign_in: SignIn, shopper: Person
) -> None:
    keep(shopper, "Etos", "Bonuskaart", "Gamma")
    sign_in(page_phone, shopper)
    wallet = WalletPage(page_phone, base_url)
    wallet.set_up()
    expect(slides(page_phone)).to_have_text(["Etos", "Bonuskaart", "Gamma"])
    assert wallet.code()
    page_phone.locator("#strip").evaluate(SWIPE)
    with page_phone.expect_response(
        lambda answer: (
            "/cards/changes/" in answer.url and '"use"' in (answer.request.post_data or "")
        )
    ):
        in_sight(page_phone, "Etos")
    expect(page_phone.locator("#strip > :not([inert])")).to_contain_text("2620 0123 4567 8")
    page_phone.locator("#strip > :not([inert])").get_by_role("link").click()
    expect(page_phone.locator("#card[data-drawn]")).to_be_visible()


def test_the_cards_are_reached_by_buttons_and_by_keyboard(
    page_desk: Page, base_url: str, sign_in: SignIn, shopper: Person
) -> None:
    keep(shopper, "Etos", "Bonuskaart")
    page_desk.emulate_media(reduced_motion="reduce")
    sign_in(page_desk, shopper)
    WalletPage(page_desk, base_url).set_up()
    chip(page_desk, "Bonuskaart").click()
    in_sight(page_desk, "Bonuskaart")
    page_desk.locator("#strip").focus()
    page_desk.keyboard.press("ArrowLeft")
    in_sight(page_desk, "Etos")
    page_desk.keyboard.press("ArrowLeft")
    expect(chip(page_desk, "Code")).to_have_attribute("aria-current", "true")
    expect(page_desk.locator("[data-act=next]")).to_be_enabled()


def test_without_a_network_the_swipe_and_the_tiles_are_there(
    page_phone: Page, base_url: str, sign_in: SignIn, shopper: Person, complaints: Complaints
) -> None:
    complaints.forgive("ERR_INTERNET_DISCONNECTED")
    keep(shopper, "Etos", "Bonuskaart")
    sign_in(page_phone, shopper)
    wallet = WalletPage(page_phone, base_url)
    wallet.set_up()
    filled(page_phone)
    page_phone.context.set_offline(True)
    wallet.open()
    assert wallet.code()
    expect(page_phone.locator(".tile-name")).to_have_text(["Etos", "Bonuskaart"])
    page_phone.locator("#strip").evaluate(SWIPE)
    in_sight(page_phone, "Etos")


def test_a_locked_phone_shows_no_card(
    page_phone: Page, base_url: str, sign_in: SignIn, shopper: Person, complaints: Complaints
) -> None:
    complaints.forgive("ERR_INTERNET_DISCONNECTED")
    keep(shopper, "Etos")
    sign_in(page_phone, shopper)
    wallet = WalletPage(page_phone, base_url)
    page_phone.clock.install()
    wallet.set_up()
    filled(page_phone)
    page_phone.clock.run_for(5 * 60 * 1000 + 1_000)
    expect(wallet.unlock).to_be_visible()
    expect(slides(page_phone)).to_have_count(0)
    page_phone.context.set_offline(True)
    wallet.open()
    expect(wallet.unlock).to_be_visible()
    expect(page_phone.get_by_text("Etos")).to_have_count(0)
    wallet.enter_pin()
    expect(slides(page_phone)).to_have_text(["Etos"])


def test_the_card_of_this_place_comes_first_and_no_server_hears_where_that_is(
    open_page: OpenPage, base_url: str, sign_in: SignIn, shopper: Person
) -> None:
    cards = keep(shopper, "Etos", "Bonuskaart")
    page = open_page(PHONE, geolocation=UTRECHT, permissions=["geolocation"])
    sent: list[str] = []

    def hear(request: Request) -> None:
        sent.append(f"{request.url} {request.post_data}")

    page.context.on("request", hear)
    sign_in(page, shopper)
    wallet = WalletPage(page, base_url)
    wallet.set_up()
    nearest = page.get_by_role("button", name="Kaart van deze plek eerst")
    nearest.click()
    expect(nearest).to_have_attribute("aria-pressed", "true")
    chip(page, "Bonuskaart").click()
    in_sight(page, "Bonuskaart")
    expect(page.locator(f"#strip[data-noted='{cards['Bonuskaart']}']")).to_be_attached()
    page.context.set_geolocation(GOUDA)
    chip(page, "Code").click()
    chip(page, "Etos").click()
    in_sight(page, "Etos")
    expect(page.locator(f"#strip[data-noted='{cards['Etos']}']")).to_be_attached()
    page.context.set_geolocation(UTRECHT)
    wallet.open()
    expect(slides(page)).to_have_text(["Bonuskaart", "Etos"])
    expect(page.get_by_text("Hier gebruikt").locator("visible=true")).to_have_count(1)
    page.context.set_geolocation(GOUDA)
    wallet.open()
    expect(slides(page)).to_have_text(["Etos", "Bonuskaart"])
    assert not [said for said in sent if "52.0" in said or "5.12" in said or "4.71" in said]


def test_nobody_is_asked_where_they_are_before_they_ask_for_it(
    open_page: OpenPage, base_url: str, sign_in: SignIn, shopper: Person
) -> None:
    keep(shopper, "Etos", "Bonuskaart")
    page = open_page(PHONE, permissions=[])
    page.add_init_script(
        "window.asked = 0; navigator.geolocation.getCurrentPosition = (_found, refused) =>"
        " { window.asked += 1; refused({ code: 1 }); };"
    )
    sign_in(page, shopper)
    WalletPage(page, base_url).set_up()
    expect(slides(page)).to_have_count(2)
    assert page.evaluate("window.asked") == 0
    nearest = page.get_by_role("button", name="Kaart van deze plek eerst")
    nearest.click()
    expect(page.get_by_text("Uw telefoon zegt niet waar hij is")).to_be_visible()
    expect(nearest).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("window.asked") == 1


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_the_code_with_cards_beside_it_can_be_used_by_everybody(
    open_page: OpenPage,
    base_url: str,
    sign_in: SignIn,
    shopper: Person,
    check_accessibility: CheckAccessibility,
    language: str,
    size: tuple[int, int],
    scheme: str,
) -> None:
    keep(shopper, "Etos", "Bonuskaart met een hele lange naam", "Gamma")
    page = open_page(size, language=language, scheme=scheme, reduced_motion="reduce")
    sign_in(page, shopper)
    WalletPage(page, base_url).set_up()
    expect(slides(page)).to_have_count(3)
    check_accessibility(page)
    chip(page, "Etos").click()
    in_sight(page, "Etos")
    check_accessibility(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
