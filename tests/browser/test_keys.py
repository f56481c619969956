"""An owner makes a key, limits it, lets a new one take its place, and lets a till vendor act."""

import re

import pytest
from playwright.sync_api import Page, expect

from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.create_partner import create_partner
from okplatform.parties.models import Partner
from tests.browser.conftest import LOOKS, CheckAccessibility, Complaints, OpenPage, SignIn
from tests.browser.test_webhooks import usable
from tests.support.world import World

KEYS = "/console/boekhandel-kramer/keys/"


@pytest.fixture
def vendor() -> str:
    """A till vendor that OK knows."""
    name = "kassabouw-met-een-lange-naam"
    if not Partner.objects.filter(reference=name).exists():
        create_partner(reference=name, name="Kassabouw & Zonen Kassasystemen", actor=SYSTEM)
    return name


def make(page: Page, base_url: str, name: str) -> str:
    """Make a key by the form and return it."""
    page.goto(f"{base_url}{KEYS}new/")
    page.locator("[name=name]").fill(name)
    page.locator("main form button[type=submit]").click()
    return shown(page)


def shown(page: Page) -> str:
    key = page.locator("#key")
    expect(key).to_have_text(re.compile(r"^ok_live_"))
    return str(key.text_content())


def test_a_key_from_its_making_to_its_end(
    page_desk: Page, base_url: str, sign_in: SignIn, world: World
) -> None:
    sign_in(page_desk, world.olga)
    key = make(page_desk, base_url, "Kassa bij de deur")
    assert world.api(key).get("/api/v1/payments").status_code == 200
    page_desk.get_by_role("link", name="Ik heb hem gekopieerd").or_(
        page_desk.get_by_role("link", name="Ik heb het gekopieerd")
    ).click()
    page_desk.locator("[name=networks]").fill("203.0.113.7")
    page_desk.locator("button[value=limit]").click()
    expect(page_desk.locator("[name=networks]")).to_have_value("203.0.113.7/32")
    assert world.api(key).get("/api/v1/payments").json()["code"] == "caller_not_allowed"
    page_desk.locator("button[value=rotate]").click()
    assert shown(page_desk) != key
    page_desk.go_back()
    page_desk.reload()
    page_desk.locator("button[value=revoke]").click()
    expect(page_desk.locator("button[value=revoke]")).to_have_count(0)
    assert world.api(key).get("/api/v1/payments").json()["code"] == "key_revoked"


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_the_pages_can_be_used_by_everybody(
    open_page: OpenPage,
    base_url: str,
    sign_in: SignIn,
    world: World,
    vendor: str,
    check_accessibility: CheckAccessibility,
    complaints: Complaints,
    language: str,
    size: tuple[int, int],
    scheme: str,
) -> None:
    complaints.forgive("422")
    page = open_page(size, language=language, scheme=scheme, reduced_motion="reduce")
    sign_in(page, world.olga)
    page.goto(f"{base_url}{KEYS}new/")
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".field-error").first).to_be_visible()
    usable(page, check_accessibility)
    make(page, base_url, "De kassa achterin bij de kinderboeken en de kaarten")
    usable(page, check_accessibility)
    page.locator("main .button-row a").click()
    page.locator("[name=networks]").fill("winkel")
    page.locator("button[value=limit]").click()
    expect(page.locator(".field-error").first).to_be_visible()
    usable(page, check_accessibility)
    page.goto(base_url + KEYS)
    usable(page, check_accessibility)
    page.goto(f"{base_url}{KEYS}vendors/")
    page.locator("[name=reference]").fill(vendor)
    page.locator("[name=refunds_a_day]").fill("250")
    page.locator("button[value=grant]").click()
    expect(page.locator("button[value=withdraw]")).to_be_visible()
    usable(page, check_accessibility)
    page.locator("button[value=withdraw]").click()
    expect(page.locator("button[value=withdraw]")).to_have_count(0)
    usable(page, check_accessibility)
