"""The frames: front page, preferences, errors and every component, on a phone and at a desk."""

import re

import pytest
from playwright.sync_api import Page, expect

from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.create_person import create_person
from tests.browser.conftest import (
    LOOKS,
    CheckAccessibility,
    Complaints,
    OpenPage,
    SignIn,
)
from tests.support.world import World

PAGES = ["/", "/styleguide/", "/account/login/", "/account/password/reset/"]


def _fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_pages_can_be_used_by_everybody(
    base_url: str,
    open_page: OpenPage,
    check_accessibility: CheckAccessibility,
    size: tuple[int, int],
    language: str,
    scheme: str,
) -> None:
    page = open_page(size, language=language, scheme=scheme)
    for address in PAGES:
        page.goto(base_url + address)
        expect(page.locator("html")).to_have_attribute("lang", language)
        assert _fits(page), f"{address} scrolls sideways"
        check_accessibility(page)


SPILLS = """() => [...document.querySelectorAll(".figure-value")].filter((value) => {
  const words = document.createRange();
  words.selectNodeContents(value);
  const tile = value.closest(".figure").getBoundingClientRect();
  return words.getBoundingClientRect().right > tile.right;
}).map((value) => value.textContent)"""


def test_the_turnover_of_a_busy_day_fits_its_tile(base_url: str, page_phone: Page) -> None:
    page_phone.goto(f"{base_url}/styleguide/")
    expect(page_phone.locator(".figure-value").first).to_contain_text("41.286,00")
    assert page_phone.evaluate(SPILLS) == []


def test_one_click_changes_the_language_and_stays_on_the_page(
    base_url: str, page_phone: Page
) -> None:
    page_phone.goto(f"{base_url}/account/login/")
    page_phone.get_by_role("button", name="English").click()
    expect(page_phone).to_have_url(re.compile("/account/login/$"))
    expect(page_phone.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_dark_stays_dark_on_the_next_page(base_url: str, page_desk: Page) -> None:
    page_desk.goto(base_url)
    page_desk.get_by_role("button", name="Donker").click()
    page_desk.goto(f"{base_url}/account/login/")
    expect(page_desk.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page_desk.locator("body")).to_have_css("background-color", "rgb(13, 22, 19)")


def test_an_unknown_address_leads_back_to_the_start(
    base_url: str,
    page_phone: Page,
    complaints: Complaints,
    check_accessibility: CheckAccessibility,
) -> None:
    complaints.forgive("404")
    page_phone.goto(f"{base_url}/nowhere/")
    check_accessibility(page_phone)
    page_phone.get_by_role("link", name="Naar het begin", exact=True).click()
    expect(page_phone).to_have_url(f"{base_url}/")


def test_the_pages_about_ones_own_sign_in_can_be_used_by_everybody(
    base_url: str, page_phone: Page, sign_in: SignIn, check_accessibility: CheckAccessibility
) -> None:
    person = create_person(email="safe@example.com", name="Vera Veilig", actor=SYSTEM)
    sign_in(page_phone, person)
    for address in ("2fa/", "2fa/webauthn/", "password/change/", "email/", "logout/"):
        page_phone.goto(f"{base_url}/account/{address}")
        assert _fits(page_phone), f"{address} scrolls sideways"
        check_accessibility(page_phone)


def test_the_console_side_can_be_used_on_a_low_screen(
    base_url: str, open_page: OpenPage, sign_in: SignIn, world: World
) -> None:
    page = open_page((1280, 560))
    sign_in(page, world.olga)
    page.goto(f"{base_url}/console/boekhandel-kramer/webhooks/")
    entries = page.locator(".side nav a").all()
    assert len(entries) > 10
    expect(page.locator(".side summary")).to_be_in_viewport(ratio=0.9)
    for entry in entries:
        entry.scroll_into_view_if_needed()
        expect(entry).to_be_in_viewport(ratio=0.9)
    page.get_by_role("link", name="Certificaten").click()
    expect(page.get_by_role("heading", level=1, name="Certificaten")).to_be_visible()


def test_styles_and_modules_come_from_here_under_hashed_names(
    base_url: str, page_phone: Page
) -> None:
    asked: list[str] = []
    page_phone.on("request", lambda request: asked.append(request.url))
    page_phone.goto(base_url)
    assert all(address.startswith(base_url) for address in asked)
    static = [address for address in asked if "/static/" in address]
    assert any(address.endswith(".js") for address in static)
    assert all(re.search(r"\.[0-9a-f]{12}\.\w+$", address) for address in static)


def test_htmx_puts_a_part_in_its_place_under_the_policy(base_url: str, page_desk: Page) -> None:
    page_desk.goto(base_url)
    page_desk.evaluate(
        """async () => {
          const { default: htmx } = await import("ok/htmx");
          const where = { target: "#main", select: "#main", swap: "outerHTML" };
          await htmx.ajax("GET", "/styleguide/", where);
        }"""
    )
    expect(page_desk.get_by_role("heading", name="Knoppen")).to_be_visible()
