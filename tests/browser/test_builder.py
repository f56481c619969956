"""A shop that has nothing gets a scheme, and its owner points, in a quarter of an hour."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from loyalty.engine import MILLI
from loyalty.models import Scheme
from loyalty.queries.schemes import scheme_of, stopwatch_of
from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.actions.create_merchant import create_merchant
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Merchant, Person, Role
from tests.browser.conftest import DESK, LOOKS, PHONE, CheckAccessibility, OpenPage, SignIn
from tests.browser.fitting import fits
from tests.browser.wallet_page import WalletPage
from tests.loyalty.schemes import published
from tests.support.accounts import ready
from tests.support.world import PASSWORD, Shop

FISH = 2_500
MOST_ACTS = 25
"""Clicks and fields from the console's first page to the points on the owner's phone."""


class Hands:
    """Counts what somebody has to do."""

    def __init__(self) -> None:
        self.acts = 0

    def click(self, place: Locator) -> None:
        self.acts += 1
        place.click()

    def fill(self, place: Locator, text: str) -> None:
        self.acts += 1
        place.fill(text)

    def scan(self, page: Page, address: str) -> None:
        """Hold the phone before a QR code, which opens it."""
        self.acts += 1
        page.goto(address)


@pytest.fixture
def stall() -> Shop:
    """A market stall that has published nothing, sold nothing and lists no goods."""
    reference = f"verse-vis-{uuid4().hex[:8]}"
    merchant = create_merchant(
        reference=reference,
        name="Verse Vis",
        kvk=f"{uuid4().int % 10**8:08}",
        vat_number="NL004495445B01",
        iban="NL91ABNA0417164300",
        actor=SYSTEM,
    )
    shop = Shop(merchant)
    shop.open("markt", "Markt")
    return shop


@pytest.fixture
def owner(stall: Shop) -> Person:
    """Whose stall it is; she has OK on her phone."""
    person = create_person(
        email=f"{uuid4()}@example.com",
        name="Vera Visser",
        password=PASSWORD,
        address_proved=True,
        actor=SYSTEM,
    )
    grant_membership(
        person_id=person.pk, merchant_id=stall.merchant.pk, role=Role.OWNER, actor=SYSTEM
    )
    ready(person, now=clock.now())
    return person


def answer(hands: Hands, desk: Page) -> None:
    """Say what one sells, how often people come, the margin and a normal basket."""
    for field, value in (("trade", "market_stall"), ("often", "weekly")):
        hands.click(desk.locator(f"label:has([name={field}][value={value}])"))
    hands.fill(desk.locator("[name=margin]"), "40")
    hands.fill(desk.locator("[name=basket]"), "12,50")


def sell(hands: Hands, till: Page, code: str) -> None:
    """Sell fish for € 25 to whoever shows the code, for cash."""
    hands.click(till.get_by_role("link", name="Kassa").first)
    hands.click(till.locator("button.till-choice").first)
    expect(till.locator("#till-query")).to_be_focused()
    hands.click(till.locator("#till-other"))
    hands.fill(till.locator("#till-other-name"), "Zalm")
    hands.fill(till.locator("#till-other-price"), "25,00")
    hands.click(till.locator("#till-other-form button[type=submit]"))
    hands.fill(till.locator("#till-query"), code)
    expect(till.locator("#till-member")).to_be_visible()
    hands.click(till.locator("[data-pay=cash]"))
    expect(till.locator(".verdict-sentence")).to_be_visible()


def scheme_at(stall: Shop) -> Scheme:
    with merchant_scope(stall.merchant.pk):
        scheme = scheme_of(stall.merchant.pk)
    assert scheme is not None
    return scheme


def points_of(scheme: Scheme, amount: int) -> int:
    """Return what a basket large enough for the scheme's offer earns."""
    off = sum(offer["amount"] or 0 for offer in scheme.draft["offers"])
    return int((amount - off) * scheme.draft["milli_points_per_cent"] // MILLI)


def test_from_nothing_to_points_on_the_owners_own_phone(
    base_url: str,
    open_page: OpenPage,
    sign_in: SignIn,
    stall: Shop,
    owner: Person,
    check_accessibility: CheckAccessibility,
) -> None:
    phone, desk = open_page(PHONE, has_touch=True, is_mobile=True), open_page(DESK)
    for page in (phone, desk):
        sign_in(page, owner)
    wallet = WalletPage(phone, base_url)
    wallet.set_up()
    hands = Hands()
    desk.goto(f"{base_url}/console/{stall.merchant.reference}/live/")
    hands.click(desk.get_by_role("link", name="Spaarprogramma").first)
    hands.click(desk.get_by_role("link", name="Bouw het in 15 minuten"))
    answer(hands, desk)
    expect(desk.locator(".builder-receipt")).to_contain_text("12,50")
    hands.click(desk.get_by_role("button", name="Laat mijn spaarprogramma zien"))
    replay = desk.locator("[data-replayed]")
    expect(replay).to_contain_text("voorbeeldverkopen")
    expect(desk.locator("[data-holds=yes]")).to_have_count(5)
    check_accessibility(desk)
    hands.click(desk.locator("[data-publish] button"))
    expect(desk.locator("#join")).to_be_visible()

    join = desk.locator("#join a").get_attribute("href")
    hands.scan(phone, f"{base_url}{join}")
    hands.click(phone.get_by_role("button", name="Doe mee"))
    wallet.open()
    hands.acts += 1
    sell(hands, desk, wallet.code())
    expect(phone).to_have_url(re.compile(r"/wallet/receipts/\d+/"))
    expect(phone.locator("main")).to_contain_text("punten")

    phone.goto(f"{base_url}{join}")
    scheme = scheme_at(stall)
    expect(phone.locator("main .huge")).to_have_text(str(points_of(scheme, FISH)))
    assert hands.acts <= MOST_ACTS, hands.acts
    desk.goto(f"{base_url}/console/{stall.merchant.reference}/programme/builder/")
    expect(desk.locator("[data-watch-stopped]")).to_be_visible()
    assert stopwatch_of(scheme).in_time


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_everybody_can_use_the_builders_pages(
    base_url: str,
    open_page: OpenPage,
    sign_in: SignIn,
    check_accessibility: CheckAccessibility,
    stall: Shop,
    owner: Person,
    size: tuple[int, int],
    language: str,
    scheme: str,
) -> None:
    page = open_page(size, language=language, scheme=scheme)
    sign_in(page, owner)
    _look(page, base_url, stall.merchant, check_accessibility, "builder/")
    published(stall.merchant.pk, now=clock.now())
    for path in ("builder/", "builder/versions/", "liability/"):
        _look(page, base_url, stall.merchant, check_accessibility, path)
        for summary in page.locator("main summary").all():
            summary.click()
        check_accessibility(page)
        assert fits(page)


def _look(
    page: Page, base_url: str, merchant: Merchant, check: CheckAccessibility, path: str
) -> None:
    page.goto(f"{base_url}/console/{merchant.reference}/programme/{path}")
    check(page)
    assert fits(page), path
