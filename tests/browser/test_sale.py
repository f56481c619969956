"""One real sale with its three people: the shopper's phone, the cashier's till, the owner's page.

Somebody signs up, opens the code page and goes offline; the code still shows and renews; the till
sells; the receipt appears on the phone, and the live page moves.
"""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from okplatform.parties.models import Person
from tests.browser.conftest import (
    DESK,
    PHONE,
    CheckAccessibility,
    Complaints,
    OpenPage,
    SignIn,
)
from tests.browser.shops import bakery_of, owner_of
from tests.browser.site import Site
from tests.browser.wallet_page import WalletPage
from tests.loyalty.bakery import Bakery
from tests.support.accounts import ready
from tests.support.counter import join
from tests.support.world import World

DESKS = (DESK, DESK)
PASSWORD_OF_NORA = "vier appels in een mand"


@pytest.fixture
def bakery(world: World) -> Bakery:
    """Bakkerij Bol with its programme, made once, as the world is."""
    return bakery_of(world)


@pytest.fixture
def owner(world: World) -> Person:
    """The bakery's owner."""
    return owner_of(world)


def sign_up(page: Page, site: Site, address: str) -> Person:
    """Become somebody through the pages, with the code from the letter."""
    page.goto(f"{site.base_url}/account/signup/")
    page.locator("[name=name]").fill("Nora Nieuw")
    page.locator("[name=email]").fill(address)
    page.locator("[name=password1]").fill(PASSWORD_OF_NORA)
    page.get_by_role("button", name="Maak mijn account").click()
    page.locator("[name=code]").fill(site.code_sent_to(address))
    page.locator("form.card button").first.click()
    page.get_by_role("link", name="Nu niet").click()
    page.wait_for_url(f"{site.base_url}/wallet/**")
    return Person.objects.get(email=address)


def new_shopper(page: Page, site: Site, bakery: Bakery) -> WalletPage:
    """Sign up, with a bank account and a membership, and set the phone up."""
    nora = sign_up(page, site, "nora-koopt@example.com")
    ready(nora)
    join(nora, bakery.programme_id)
    wallet = WalletPage(page, site.base_url)
    wallet.set_up()
    return wallet


def open_till(page: Page, site: Site) -> Locator:
    """Stand at the first till on offer; return the field where everything is typed."""
    page.goto(f"{site.base_url}/till/")
    page.locator("button.till-choice").first.click()
    query = page.locator("#till-query")
    # The till listens from then on.
    expect(query).to_be_focused()
    return query


def add_bread(till: Page, query: Locator) -> None:
    """Add a loaf by the start of its name."""
    query.fill("desem")
    expect(till.locator(".till-hit")).to_have_count(1)
    query.press("Enter")
    expect(till.locator("#till-due")).to_have_text(re.compile(r"4,20"))
    expect(till.locator("[data-pay=pin]")).to_be_enabled()


def test_one_real_sale_end_to_end(
    site: Site,
    open_page: OpenPage,
    sign_in: SignIn,
    world: World,
    bakery: Bakery,
    owner: Person,
    complaints: Complaints,
    check_accessibility: CheckAccessibility,
) -> None:
    phone, desk, till = open_page(PHONE, has_touch=True, is_mobile=True), *map(open_page, DESKS)
    wallet = new_shopper(phone, site, bakery)
    sign_in(desk, owner)
    desk.goto(f"{site.base_url}/console/bakkerij-bol/live/")
    sales = desk.locator("[data-figure=sales]")
    before = sales.inner_text()
    expect(desk.locator("[data-freshness]")).to_have_attribute("data-state", "live")
    check_accessibility(desk)

    complaints.forgive("ERR_INTERNET_DISCONNECTED")
    phone.context.set_offline(True)
    phone.reload()
    assert len(wallet.code()) == 22
    phone.context.set_offline(False)

    sign_in(till, world.sam)
    query = open_till(till, site)
    add_bread(till, query)
    check_accessibility(till)
    query.fill(wallet.code())
    expect(till.locator("#till-member")).to_be_visible()
    till.locator("[data-pay=ok]").click()
    expect(till.locator(".verdict-sentence")).to_have_text("Betaald. Geef de boodschappen mee.")
    check_accessibility(till)

    expect(phone).to_have_url(re.compile(r"/wallet/receipts/\d+/"))
    expect(phone.locator("main")).to_contain_text("Desembrood")
    expect(phone.locator("main")).to_contain_text("4,20")
    expect(sales).not_to_have_text(before)
    expect(desk.locator("[data-latest]")).to_contain_text("4,20")
    assert "Nora" not in desk.content()


@pytest.mark.usefixtures("bakery")
def test_cash_and_an_article_without_a_bar_code_are_sold_by_keyboard(
    site: Site, open_page: OpenPage, sign_in: SignIn, world: World
) -> None:
    till = open_page(PHONE, language="en")
    sign_in(till, world.sam)
    open_till(till, site)
    till.locator("#till-other").click()
    till.locator("#till-other-name").fill("Birthday cake")
    till.locator("#till-other-price").fill("24,50")
    till.locator("#till-other-form button[type=submit]").click()
    expect(till.locator("#till-due")).to_have_text("€24.50")
    expect(till.locator("[data-pay=cash]")).to_be_enabled()
    till.keyboard.press("F10")
    expect(till.locator(".verdict-sentence")).to_have_text("Paid. Give the goods.")
    till.locator("#till-next").click()
    expect(till.locator("#till-lines tr")).to_have_count(0)
    expect(till.locator(".verdict")).to_have_count(0)


@pytest.mark.usefixtures("bakery")
def test_an_unknown_code_is_told_in_a_sentence_and_the_lines_stay(
    site: Site,
    open_page: OpenPage,
    sign_in: SignIn,
    world: World,
    complaints: Complaints,
) -> None:
    complaints.forgive("409")
    till = open_page(DESK)
    sign_in(till, world.sam)
    query = open_till(till, site)
    add_bread(till, query)
    query.fill("93" + "0123456789" + "0123456789")
    expect(till.locator(".verdict-sentence")).to_contain_text("code")
    expect(till.locator("#till-lines tr")).to_have_count(1)
    expect(till.locator("[data-pay=ok]")).to_be_disabled()
    expect(till.locator("[data-pay=pin]")).to_be_enabled()
