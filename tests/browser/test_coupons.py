"""A coupon at the browser till: typed or scanned, seen, left out; and the making of many codes."""

import pytest
from playwright.sync_api import Page, expect

from loyalty.tasks import make
from tests.browser.conftest import (
    DESK,
    LOOKS,
    CheckAccessibility,
    Complaints,
    OpenPage,
    SignIn,
)
from tests.browser.fitting import fits
from tests.browser.shops import POSTER, owner_of, poster_of
from tests.browser.site import Site
from tests.browser.test_sale import open_till
from tests.support.world import World

CONSOLE = "/console/bakkerij-bol/programme/"


@pytest.fixture
def offer_id(world: World) -> int:
    """An offer with a code on a poster."""
    return poster_of(world)


@pytest.mark.parametrize("size", [DESK, (360, 740)])
def test_a_coupon_is_typed_seen_and_left_out_at_the_till(
    site: Site,
    open_page: OpenPage,
    sign_in: SignIn,
    world: World,
    complaints: Complaints,
    check_accessibility: CheckAccessibility,
    offer_id: int,
    size: tuple[int, int],
) -> None:
    assert offer_id
    complaints.forgive("422")
    till = open_page(size, language="en")
    sign_in(till, world.sam)
    query = open_till(till, site)
    query.fill("desem")
    expect(till.locator(".till-hit")).to_have_count(1)
    query.press("Enter")
    expect(till.locator("#till-due")).to_have_text("€4.20")
    type_coupon(till, "nothing-26")
    expect(till.locator(".verdict-sentence")).to_contain_text("is not known")
    expect(till.locator(".till-coupon")).to_have_count(0)
    expect(till.locator("#till-due")).to_have_text("€4.20")
    type_coupon(till, "poster 26")
    expect(till.locator("#till-due")).to_have_text("€3.78")
    expect(till.locator(".till-coupon")).to_contain_text("10% off bread − €0.42")
    check_accessibility(till)
    till.locator(".till-coupon button").click()
    expect(till.locator("#till-due")).to_have_text("€4.20")
    query.fill(f"{site.base_url}/wallet/coupons/bakkerij-bol/{POSTER}/")
    expect(till.locator("#till-due")).to_have_text("€3.78")
    till.locator("[data-pay=cash]").click()
    expect(till.locator(".verdict-sentence")).to_have_text("Paid. Give the goods.")


def type_coupon(till: Page, text: str) -> None:
    """Type a coupon in its own field."""
    till.locator("#till-coupon").click()
    till.locator("#till-coupon-code").fill(text)
    till.locator("#till-coupon-form button[type=submit]").click()


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_the_making_of_codes_is_seen_as_it_goes(
    base_url: str,
    open_page: OpenPage,
    sign_in: SignIn,
    check_accessibility: CheckAccessibility,
    world: World,
    offer_id: int,
    size: tuple[int, int],
    language: str,
    scheme: str,
) -> None:
    page = open_page(size, language=language, scheme=scheme, reduced_motion="reduce")
    sign_in(page, owner_of(world))
    page.goto(f"{base_url}{CONSOLE}offers/{offer_id}/codes/")
    expect(page.locator("[name=code]")).to_be_visible()
    expect(page.locator("[name=count]")).not_to_be_visible()
    page.locator("label:has([name=kind][value=made])").click()
    expect(page.locator("[name=code]")).not_to_be_visible()
    check_accessibility(page)
    page.locator("[name=count]").fill("40")
    page.locator("[name=begins]").fill("bol")
    page.locator(".coupon-form button[type=submit]").click()
    expect(page.locator("[data-making]").first).to_be_visible()
    check_accessibility(page)
    make()
    expect(page.locator("[data-making]")).to_have_count(0)
    check_accessibility(page)
    assert fits(page)


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_doubts_and_personal_offers_are_for_everybody_to_use(
    base_url: str,
    open_page: OpenPage,
    sign_in: SignIn,
    check_accessibility: CheckAccessibility,
    complaints: Complaints,
    world: World,
    offer_id: int,
    size: tuple[int, int],
    language: str,
    scheme: str,
) -> None:
    assert offer_id
    complaints.forgive("422")
    page = open_page(size, language=language, scheme=scheme, reduced_motion="reduce")
    sign_in(page, owner_of(world))
    page.goto(f"{base_url}{CONSOLE}offers/new/")
    for name, text in (("name_nl", "Voor u"), ("name_en", "For you"), ("percentage", "5")):
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=last_day]").fill("2020-01-01")
    page.locator("[name=assigned]").check()
    page.locator(".offer-form button[type=submit]").click()
    expect(page.locator("[name=sure]")).to_be_visible()
    check_accessibility(page)
    assert fits(page)
    page.locator("[name=sure]").check()
    page.locator(".offer-form button[type=submit]").click()
    page.locator("[name=purchases]").fill("none")
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".field-error")).to_be_visible()
    check_accessibility(page)
    assert fits(page)
