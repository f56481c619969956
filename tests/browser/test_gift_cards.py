"""A gift card: sold at the browser till, kept on the phone, paid with, and seen in the console."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from loyalty.engine import Texts
from loyalty.models import RewardKind
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from payments.models import GiftCard
from tests.browser.conftest import DESK, LOOKS, PHONE, CheckAccessibility, OpenPage, SignIn
from tests.browser.fitting import fits
from tests.browser.shops import bakery_of, owner_of
from tests.browser.site import Site
from tests.browser.test_sale import open_till
from tests.loyalty.bakery import Bakery
from tests.loyalty.spending import member_with, reward
from tests.merchants.checkout.gift_cards import sells_cards
from tests.payments.gift_cards import Cards, on
from tests.support.world import PASSWORD, World


@pytest.fixture
def bakery(world: World) -> Bakery:
    sells_cards(world.till)
    return bakery_of(world)


@pytest.fixture
def owner(world: World) -> Person:
    return owner_of(world)


def sell(till: Page) -> tuple[str, str]:
    """Sell a card of € 30.00 in cash; return its number and PIN, as the till prints them."""
    till.locator("#till-gift").click()
    till.locator("#till-gift-amount").fill("30,00")
    till.get_by_role("button", name="Paid in cash").click()
    expect(till.locator(".verdict-sentence")).to_contain_text("€30.00 is on a new gift card")
    printed = till.locator(".verdict-why").inner_text()
    number = re.search(r"\d{4} \d{4} \d{4} \d{4}", printed)
    pin = re.search(r"PIN\s+(\d{4})", printed)
    assert number
    assert pin
    return number[0], pin[1]


def ring_up(till: Page, price: str) -> None:
    """Ring something up that has no bar code."""
    till.locator("#till-other").click()
    till.locator("#till-other-name").fill("Cake")
    till.locator("#till-other-price").fill(price)
    till.locator("#till-other-form button[type=submit]").click()
    expect(till.locator("[data-pay=cash]")).to_be_enabled()


@pytest.mark.usefixtures("bakery")
def test_a_card_is_sold_kept_spent_and_seen(
    site: Site,
    open_page: OpenPage,
    sign_in: SignIn,
    world: World,
    owner: Person,
    check_accessibility: CheckAccessibility,
) -> None:
    till = open_page(DESK, language="en")
    sign_in(till, world.sam)
    open_till(till, site)
    number, pin = sell(till)

    phone = open_page(PHONE, language="en", has_touch=True, is_mobile=True)
    sign_in(phone, world.alice)
    phone.goto(f"{site.base_url}/wallet/gift-cards/")
    check_accessibility(phone)
    phone.locator("[name=number]").fill(number)
    phone.locator("[name=pin]").fill(pin)
    phone.get_by_role("button", name="Add").click()
    expect(phone.locator(".huge")).to_have_text("€30.00")
    check_accessibility(phone)

    ring_up(till, "24,50")
    till.locator("#till-gift").click()
    check_accessibility(till)
    till.locator("#till-gift-card").fill(number.replace(" ", "") + pin)
    till.get_by_role("button", name="Pay with it").click()
    expect(till.locator(".verdict-sentence")).to_have_text("Paid. Give the goods.")

    phone.reload()
    expect(phone.locator(".huge")).to_have_text("€5.50")

    till.locator("#till-next").click()
    ring_up(till, "8,00")
    till.locator("#till-gift").click()
    till.locator("#till-gift-card").fill(number)
    till.locator("#till-gift-pin").fill(pin)
    till.get_by_role("button", name="Pay with it").click()
    expect(till.locator("#till-due")).to_have_text("€2.50")
    till.keyboard.press("F10")
    expect(till.locator(".verdict-sentence")).to_have_text("Paid. Give the goods.")

    desk = open_page(DESK, language="en")
    sign_in(desk, owner)
    desk.goto(f"{site.base_url}/console/bakkerij-bol/gift-cards/")
    check_accessibility(desk)
    desk.get_by_role("link", name=re.compile(number[-4:])).click()
    expect(desk.get_by_text("Sold · cash")).to_be_visible()
    check_accessibility(desk)


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_the_pages_can_be_used_by_everybody(
    site: Site,
    open_page: OpenPage,
    sign_in: SignIn,
    world: World,
    bakery: Bakery,
    owner: Person,
    check_accessibility: CheckAccessibility,
    language: str,
    size: tuple[int, int],
    scheme: str,
) -> None:
    cards = Cards(world.till)
    card = cards.load(12_345)
    cards.spend(card, 1_100)
    with operator_scope("a test lets a card end"):
        GiftCard.objects.filter(pk=card.pk).update(expires_on=date(2020, 1, 31))
    page = open_page(size, language=language, scheme=scheme)
    sign_in(page, owner)
    reward(bakery, RewardKind.GIFT_CARD, name=Texts(nl="Cadeaukaart", en="Gift card"))
    addresses = ("gift-cards/", f"gift-cards/{card.pk}/", "gift-cards/expired/")
    for address in (*addresses, "programme/hand-out/", "programme/rewards/"):
        page.goto(f"{site.base_url}/console/bakkerij-bol/{address}")
        check_accessibility(page)
        assert fits(page), address


@pytest.mark.usefixtures("bakery")
def test_what_is_left_on_a_card_long_expired_is_written_off_and_comes_back(
    site: Site,
    open_page: OpenPage,
    sign_in: SignIn,
    world: World,
    owner: Person,
    check_accessibility: CheckAccessibility,
) -> None:
    card = Cards(world.till).load(700)
    with operator_scope("a test lets a card end"):
        GiftCard.objects.filter(pk=card.pk).update(expires_on=date(2021, 1, 31))
    desk = open_page(DESK, language="en")
    sign_in(desk, owner)
    desk.goto(f"{site.base_url}/console/bakkerij-bol/gift-cards/")
    desk.get_by_role("link", name="Expired gift cards").click()
    desk.locator("[name=reason]").fill("Year end")
    desk.get_by_role("button", name="Write off").click()
    expect(desk.locator("main")).to_contain_text("Nothing is left on such cards")
    check_accessibility(desk)

    desk.goto(f"{site.base_url}/console/bakkerij-bol/gift-cards/{card.pk}/")
    expect(desk.locator("main")).to_contain_text("€7.00 was written off on it")
    check_accessibility(desk)
    desk.locator("#revive-reason").fill("Good will")
    desk.get_by_role("button", name="Bring it back").click()
    expect(desk.get_by_text("Brought back")).to_be_visible()
    assert on(card) == 700


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_a_card_for_points_is_taken_on_the_phone(
    site: Site,
    open_page: OpenPage,
    sign_in: SignIn,
    bakery: Bakery,
    check_accessibility: CheckAccessibility,
    language: str,
    size: tuple[int, int],
    scheme: str,
) -> None:
    member = create_person(
        email=f"spaart-{language}-{size[0]}@example.com",
        name="Sanne Spaar",
        address_proved=True,
        password=PASSWORD,
        actor=SYSTEM,
    )
    reward(bakery, RewardKind.GIFT_CARD, name=Texts(nl="Cadeaukaart", en="Gift card"))
    member_with(bakery, member, 450)
    page = open_page(size, language=language, scheme=scheme)
    sign_in(page, member)
    page.goto(f"{site.base_url}/wallet/programmes/bakkerij-bol/")
    check_accessibility(page)
    assert fits(page)
    taking = "Neem" if language == "nl" else "Take"
    page.get_by_role("button", name=taking, exact=True).first.click()
    expect(page.locator(".huge")).to_contain_text("5")
    expect(page.locator("main svg[role=img]").first).to_be_visible()
    check_accessibility(page)
