"""Tills without a network, as an owner meets them: what one may sell, and what came of it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LOOKS, CheckAccessibility, Complaints, OpenPage, SignIn
from tests.browser.fitting import fits
from tests.support.counter import Counter, show, with_bank_account
from tests.support.dark import DarkTill, dark_till
from tests.support.world import World

PAGE = "/console/boekhandel-kramer/offline-tills/"


def test_an_owner_says_what_a_till_may_sell(
    page_desk: Page, base_url: str, sign_in: SignIn, world: World, complaints: Complaints
) -> None:
    complaints.forgive("422")
    till = DarkTill(Counter(world.leiden, world.leiden.key))
    sign_in(page_desk, world.olga)
    page_desk.goto(f"{base_url}{PAGE}?store=leiden")
    expect(page_desk.get_by_text("Uit: zonder netwerk neemt ze geen OK aan.")).to_be_visible()
    page_desk.get_by_text("Wijzig wat ze mag verkopen").click()
    page_desk.get_by_label("Hoogstens per verkoop, in euro").fill("60")
    page_desk.get_by_label("Hoogstens bij elkaar, in euro").fill("200")
    page_desk.get_by_label("Voor hoeveel uur").fill("8")
    page_desk.get_by_role("button", name="Opslaan").click()
    # Too much is said so where it was typed, and nothing is kept.
    expect(page_desk.get_by_label("Hoogstens per verkoop, in euro")).to_have_value("60")
    assert till.asks().json()["allowed"] is False
    page_desk.get_by_label("Hoogstens per verkoop, in euro").fill("25,50")
    page_desk.get_by_role("button", name="Opslaan").click()
    expect(page_desk.get_by_text("Opgeslagen.")).to_be_visible()
    expect(page_desk.get_by_text("per keer voor hoogstens € 25,50")).to_be_visible()
    assert till.asks().json()["most_per_sale"] == 2_550


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_the_page_can_be_used_by_everybody(
    open_page: OpenPage,
    base_url: str,
    sign_in: SignIn,
    world: World,
    check_accessibility: CheckAccessibility,
    language: str,
    size: tuple[int, int],
    scheme: str,
) -> None:
    dark = dark_till(Counter(world.haarlem, world.haarlem.key))
    code = show(with_bank_account(world.alice))
    paid, photograph, _unsent = dark.sells(code), dark.sells(code), dark.sells("1" * 22)
    for one in (paid, photograph, dark.sells("1" * 22)):
        dark.sends(one)
    page = open_page(size, language=language, scheme=scheme)
    sign_in(page, world.olga)
    page.goto(f"{base_url}{PAGE}?store=haarlem")
    page.locator("summary", has_text="mag verkopen" if language == "nl" else "may sell").click()
    expect(page.locator(".list-end").first).to_be_visible()
    check_accessibility(page)
    assert fits(page)
