"""Points that pay: said by a shop, chosen on the phone, asked for by the cashier."""

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from loyalty.engine import Texts
from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from tests.browser.conftest import DESK, LOOKS, CheckAccessibility, OpenPage, SignIn
from tests.browser.fitting import fits
from tests.browser.shops import bakery_of, owner_of
from tests.browser.site import Site
from tests.browser.test_sale import open_till
from tests.loyalty.spending import member_with, open_spending, reward
from tests.support.counter import show, with_bank_account
from tests.support.world import World

CONSOLE = "/console/bakkerij-bol/programme/"
CARD = "/wallet/programmes/bakkerij-bol/"
SAVED = {
    "nl": "Vanaf de volgende verkoop kunnen leden met punten betalen.",
    "en": "Members can pay with points from the next sale on.",
}


def saver(world: World, points: int) -> Person:
    """Return somebody with points at the bakery."""
    person = create_person(email=f"{uuid4()}@example.com", name="Saar Spaarder", actor=SYSTEM)
    member_with(bakery_of(world), person, points)
    return person


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_a_shop_says_what_points_buy_and_a_member_chooses(
    base_url: str,
    open_page: OpenPage,
    sign_in: SignIn,
    check_accessibility: CheckAccessibility,
    world: World,
    size: tuple[int, int],
    language: str,
    scheme: str,
) -> None:
    desk = open_page(size, language=language, scheme=scheme, reduced_motion="reduce")
    sign_in(desk, owner_of(world))
    desk.goto(f"{base_url}{CONSOLE}spending/")
    desk.locator(".programme-form button[type=submit]").click()
    expect(desk.get_by_text(SAVED[language])).to_be_visible()
    check_accessibility(desk)
    assert fits(desk)
    desk.goto(f"{base_url}{CONSOLE}rewards/")
    for name, text in (("name_nl", "Koffie"), ("name_en", "Coffee"), ("cost", "100")):
        desk.locator(f"[name={name}]").fill(text)
    desk.locator("[name=amount]").fill("2.50")
    desk.locator(".programme-form button[type=submit]").click()
    expect(desk.locator(".offer-row").first).to_be_visible()
    check_accessibility(desk)
    assert fits(desk)

    phone = open_page(size, language=language, scheme=scheme)
    sign_in(phone, saver(world, 560))
    phone.goto(f"{base_url}{CARD}")
    check_accessibility(phone)
    assert fits(phone)
    phone.locator("#spend-points").fill("500")
    phone.locator("form:has(#spend-points) button").click()
    expect(phone.locator("[name=withdraw]")).to_be_visible()
    check_accessibility(phone)
    phone.locator("[name=withdraw]").click()
    expect(phone.locator("#spend-points")).to_be_visible()
    phone.locator("[name=reward]").first.click()
    expect(phone.locator("[name=withdraw]")).to_be_visible()
    assert fits(phone)


@pytest.mark.parametrize("size", [DESK, (360, 740)])
def test_a_cashier_lets_points_pay_and_takes_that_back(
    site: Site,
    open_page: OpenPage,
    sign_in: SignIn,
    world: World,
    check_accessibility: CheckAccessibility,
    size: tuple[int, int],
) -> None:
    name = f"Bread for {size[0]}"
    open_spending(bakery_of(world))
    reward(bakery_of(world), name=Texts(nl=name, en=name), amount=400, cost=300)
    phone = with_bank_account(saver(world, 1_000))
    till = open_page(size, language="en", reduced_motion="reduce")
    sign_in(till, world.sam)
    query = open_till(till, site)
    query.fill("desem")
    expect(till.locator(".till-hit")).to_have_count(1)
    query.press("Enter")
    expect(till.locator("#till-due")).to_have_text("€4.20")
    expect(till.locator("#till-points")).to_be_hidden()
    query.fill(show(phone))
    money = till.locator("#till-points button", has_text="200 points − €2.00")
    gift = till.locator("#till-points button", has_text=f"Reward: {name} ")
    expect(money).to_have_attribute("aria-pressed", "false")
    expect(till.locator("[data-pay=ok]")).to_be_enabled()
    check_accessibility(till)
    money.click()
    expect(till.locator("#till-due")).to_have_text("€2.20")
    expect(money).to_have_attribute("aria-pressed", "true")
    money.click()
    expect(till.locator("#till-due")).to_have_text("€4.20")
    gift.click()
    expect(till.locator("#till-due")).to_have_text("€0.20")
    expect(gift).to_have_attribute("aria-pressed", "true")
    expect(till.locator("[data-pay=ok]")).to_be_enabled()
    check_accessibility(till)
    till.locator("[data-pay=cash]").click()
    expect(till.locator(".verdict-sentence")).to_have_text("Paid. Give the goods.")
    expect(till.locator("#till-points")).to_be_hidden()
