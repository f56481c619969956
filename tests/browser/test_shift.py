"""A cashier's day: what was left open, a shift with its drawer, and the owner's page."""

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from okplatform.parties.models import Person
from tests.browser.conftest import (
    DESK,
    LOOKS,
    CheckAccessibility,
    OpenPage,
    SignIn,
)
from tests.browser.fitting import fits
from tests.browser.shops import bakery_of, owner_of
from tests.browser.site import Site
from tests.browser.test_gift_cards import ring_up
from tests.browser.test_sale import open_till
from tests.loyalty.bakery import Bakery
from tests.support.counter import Counter, basket, paying
from tests.support.world import World


@pytest.fixture
def bakery(world: World) -> Bakery:
    return bakery_of(world)


@pytest.fixture
def owner(world: World) -> Person:
    return owner_of(world)


def count(till: Page, cash: str, button: str) -> None:
    """Open the window of the shift, type what is in the drawer, and go on."""
    till.locator("#till-shift").click()
    act = till.get_by_role("button", name=button)
    expect(act).to_be_visible()
    till.locator("#till-shift-cash").fill(cash)
    act.click()
    expect(till.locator("#till-shift-dialog")).to_be_hidden()


@pytest.mark.usefixtures("bakery")
def test_a_cashiers_day(
    site: Site,
    open_page: OpenPage,
    sign_in: SignIn,
    world: World,
    owner: Person,
    check_accessibility: CheckAccessibility,
) -> None:
    forgotten = Counter(world.till, world.till.key)
    # Earlier tests stood at this till too, and not all of them tidied up.
    for sale in forgotten.client.get("/api/v1/unsettled-sales?limit=100").json()["sales"]:
        forgotten.delete(sale["uuid"])
    forgotten.put(uuid4(), basket(reference="K-OPEN"))
    till = open_page(DESK, language="en")
    sign_in(till, world.sam)
    open_till(till, site)

    left = till.locator("#till-unsettled li", has_text="K-OPEN")
    expect(left).to_contain_text("Not paid. Take a payment of €11.00, or stop this sale.")
    check_accessibility(till)
    left.get_by_role("button", name="Stop").click()
    expect(left).to_have_count(0)

    till.locator("#till-shift").click()
    expect(till.get_by_text("No shift is open at this till.")).to_be_visible()
    check_accessibility(till)
    till.get_by_role("button", name="Close", exact=True).click()
    count(till, "100,00", "Open the shift")
    expect(till.locator(".verdict-sentence")).to_have_text("The shift is open.")
    ring_up(till, "24,50")
    till.keyboard.press("F10")
    expect(till.locator(".verdict-sentence")).to_have_text("Paid. Give the goods.")
    till.locator("#till-next").click()
    count(till, "124,00", "Close the shift")
    said = till.locator(".verdict-sentence")
    expect(said).to_have_text("The shift is closed. €0.50 is missing in the drawer.")
    expect(till.locator(".verdict-why")).to_contain_text("Should be in the drawer")
    expect(till.locator(".verdict-why.till-print")).to_contain_text("€124.50")

    desk = open_page(DESK, language="en")
    sign_in(desk, owner)
    desk.goto(f"{site.base_url}/console/bakkerij-bol/day/")
    expect(desk.get_by_text("€124.50 should be in the drawer")).to_be_visible()
    check_accessibility(desk)


@pytest.mark.usefixtures("bakery")
@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_the_page_of_a_day_can_be_used_by_everybody(
    site: Site,
    open_page: OpenPage,
    sign_in: SignIn,
    world: World,
    owner: Person,
    check_accessibility: CheckAccessibility,
    language: str,
    size: tuple[int, int],
    scheme: str,
) -> None:
    counter = Counter(world.till, world.till.key)
    counter.put(uuid4(), basket(payment=paying("cash")))
    page = open_page(size, language=language, scheme=scheme)
    sign_in(page, owner)
    page.goto(f"{site.base_url}/console/bakkerij-bol/day/")
    expect(page.locator("table").first).to_be_visible()
    check_accessibility(page)
    assert fits(page)
