"""What is no goods at the browser till: a deposit, empties, a tip; and wine that asks an age."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import (
    DESK,
    LOOKS,
    CheckAccessibility,
    Complaints,
    OpenPage,
    SignIn,
)
from tests.browser.fitting import fits
from tests.browser.shops import bakery_of
from tests.browser.site import Site
from tests.browser.test_sale import open_till
from tests.loyalty.bakery import Bakery
from tests.support.world import World


@pytest.fixture
def bakery(world: World) -> Bakery:
    return bakery_of(world)


def add(till: Page, name: str, price: str, *, kind: str = "goods", adults: bool = False) -> None:
    """Type something that has no bar code."""
    till.locator("#till-other").click()
    till.locator("#till-other-name").fill(name)
    till.locator("#till-other-price").fill(price)
    till.locator("#till-other-kind").select_option(kind)
    till.locator("#till-other-form [name=age]").set_checked(adults)
    till.locator("#till-other-form button[type=submit]").click()
    expect(till.locator("#till-lines tr", has_text=name)).to_be_visible()


def tip(till: Page, amount: str) -> None:
    till.locator("#till-tip").click()
    till.locator("#till-tip-amount").fill(amount)
    till.locator("#till-tip-form button[type=submit]").click()


@pytest.mark.usefixtures("bakery")
def test_wine_a_deposit_empties_and_a_tip(
    site: Site, open_page: OpenPage, sign_in: SignIn, world: World, complaints: Complaints
) -> None:
    complaints.forgive("422")  # the tip that is too much
    till = open_page(DESK, language="en")
    sign_in(till, world.sam)
    open_till(till, site)
    due, cash = till.locator("#till-due"), till.locator("[data-pay=cash]")
    add(till, "Crate", "3,90", kind="deposit")
    expect(due).to_have_text("€3.90")
    expect(till.locator("#till-split")).to_contain_text("of which VAT €0.00")
    expect(cash).to_be_enabled()
    add(till, "Wine", "7,99", adults=True)
    add(till, "Bottles", "0,25", kind="deposit_return")
    expect(due).to_have_text("€11.64")
    expect(till.locator("#till-lines tr", has_text="Bottles")).to_contain_text("-€0.25")

    # Nobody looked: no button pays, and no key does.
    expect(till.get_by_text("Ask for identification: the customer must be 18")).to_be_visible()
    expect(cash).to_be_disabled()
    till.keyboard.press("F10")
    expect(till.locator(".verdict")).to_have_count(0)
    till.get_by_role("button", name="Identification seen").click()
    expect(cash).to_be_enabled()

    tip(till, "20,00")
    expect(due).to_have_text("€31.64")
    till.keyboard.press("F10")
    said = till.locator(".verdict-sentence")
    expect(said).to_contain_text("The tip is more than the amount due. Nothing was taken")
    tip(till, "2,36")
    expect(due).to_have_text("€14.00")
    till.keyboard.press("F10")
    expect(said).to_have_text("Paid. Give the goods.")
    expect(due).to_have_text("€14.00")

    # The next customer gave no tip, and nobody has seen how old they are.
    till.locator("#till-next").click()
    add(till, "Wine", "7,99", adults=True)
    expect(due).to_have_text("€7.99")
    expect(till.locator("#till-age-text")).to_be_visible()
    expect(cash).to_be_disabled()


@pytest.mark.usefixtures("bakery")
@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_they_can_be_used_by_everybody(
    site: Site,
    open_page: OpenPage,
    sign_in: SignIn,
    world: World,
    check_accessibility: CheckAccessibility,
    language: str,
    size: tuple[int, int],
    scheme: str,
) -> None:
    till = open_page(size, language=language, scheme=scheme)
    sign_in(till, world.sam)
    open_till(till, site)
    till.locator("#till-other").click()
    check_accessibility(till)
    till.locator("#till-other-dialog [data-close]").click()
    add(till, "Wijn", "7,99", adults=True)
    expect(till.locator("#till-age-text")).to_have_text(re.compile("18"))
    check_accessibility(till)
    till.locator("#till-age-looked").click()
    expect(till.locator("[data-pay=cash]")).to_be_enabled()
    check_accessibility(till)
    till.locator("#till-tip").click()
    check_accessibility(till)
    assert fits(till)
