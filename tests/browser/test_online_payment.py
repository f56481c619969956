"""Paying online in Chromium: on the same phone, on a desk with the phone beside it, by a link."""

import re
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from merchants.models import OnlinePayment
from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from payments.gift_cards import number_of, pin_of
from payments.models import HouseAccount, KeptGiftCard
from tests.browser.conftest import (
    DESK,
    LOOKS,
    PHONE,
    CheckAccessibility,
    Complaints,
    OpenPage,
    SignIn,
)
from tests.browser.site import Site
from tests.merchants.checkout.webshop import COOKBOOK, NOVEL, PIN, Webshop, payment_of
from tests.payments.books import bank_account
from tests.payments.gift_cards import Cards, on
from tests.payments.settling import our_account
from tests.support.accounts import added
from tests.support.world import NOW, PASSWORD, World
from wallet.actions.set_pin import set_pin


@pytest.fixture(autouse=True)
def _addresses_of_the_site(site: Site, settings: Settings) -> None:
    """Let a shop send its shoppers back to the site itself."""
    settings.BASE_URL = site.base_url


@pytest.fixture
def webshop(world: World) -> Webshop:
    """Kramer's webshop."""
    return Webshop(world.webshop, world.webshop.key)


@cache
def _shopper(name: str, address: str, language: str = "nl") -> Person:
    person = create_person(
        email=address,
        name=name,
        language=language,
        password=PASSWORD,
        address_proved=True,
        actor=SYSTEM,
    )
    bank_account(person)
    set_pin(person_id=person.pk, pin=PIN, now=NOW, actor=SYSTEM)
    return person


@pytest.fixture
def petra() -> Person:
    """A shopper with a bank account and a PIN."""
    return _shopper("Petra Paling", "petra-betaalt@example.com")


@pytest.fixture
def quinten() -> Person:
    """Another one."""
    return _shopper("Quinten Kort", "quinten-betaalt@example.com")


def ask(webshop: Webshop, site: Site, **other: Any) -> tuple[OnlinePayment, str]:
    """Ask for two books; return the payment and its page's address."""
    answer = webshop.ask(reference="4502", **other)
    assert answer.status_code == 201, answer.json()
    payment = payment_of(answer.json()["id"])
    return payment, f"{site.base_url}/pay/{payment.token}/"


def pay(page: Page, button: str) -> None:
    page.locator("#pin").fill(PIN)
    page.get_by_role("button", name=button).click()


@pytest.mark.parametrize(
    ("language", "sign_in_word", "submit", "pay_word", "paid"),
    [
        ("nl", "Inloggen en betalen", "Inloggen", "Betaal €", "Betaald"),
        ("en", "Sign in and pay", "Sign in", "Pay €", "Paid"),
    ],
)
def test_on_the_same_phone_one_signs_in_confirms_and_goes_back(
    site: Site,
    open_page: OpenPage,
    webshop: Webshop,
    check_accessibility: CheckAccessibility,
    complaints: Complaints,
    language: str,
    sign_in_word: str,
    submit: str,
    pay_word: str,
    paid: str,
) -> None:
    complaints.forgive("403")
    shopper = _shopper("Rosa Roos", f"rosa-{language}@example.com", language)
    phone = open_page(PHONE, language=language, has_touch=True, is_mobile=True)
    payment, address = ask(webshop, site, return_url=f"{site.base_url}/?thanks")
    phone.goto(address)
    expect(phone.locator("main")).to_contain_text("Kookboek Puur")
    expect(phone.locator(".pay-qr")).to_be_hidden()
    check_accessibility(phone)

    phone.get_by_role("link", name=sign_in_word).click()
    phone.locator("[name=login]").fill(shopper.email)
    phone.locator("[name=password]").fill(PASSWORD)
    phone.get_by_role("button", name=submit, exact=True).click()
    expect(phone).to_have_url(address)
    check_accessibility(phone)

    phone.locator("#pin").fill("000001")
    phone.get_by_role("button", name=pay_word).click()
    expect(phone.locator("[role=alert]")).to_be_visible()
    pay(phone, pay_word)
    expect(phone.get_by_role("heading", name=paid)).to_be_visible()
    check_accessibility(phone)
    assert webshop.state(payment)["state"] == "captured"

    phone.get_by_role("link", name="Boekhandel Kramer").click()
    expect(phone).to_have_url(f"{site.base_url}/?thanks=&ok_payment={payment.uuid}")


def test_the_desk_shows_a_code_and_goes_back_by_itself_when_the_phone_has_paid(
    site: Site,
    open_page: OpenPage,
    sign_in: SignIn,
    webshop: Webshop,
    petra: Person,
    check_accessibility: CheckAccessibility,
) -> None:
    desk, phone = open_page(DESK), open_page(PHONE, has_touch=True, is_mobile=True)
    payment, address = ask(webshop, site, return_url=f"{site.base_url}/")
    desk.goto(address)
    expect(desk.get_by_role("img", name="QR-code van deze pagina")).to_be_visible()
    check_accessibility(desk)

    sign_in(phone, petra)
    phone.goto(address)
    pay(phone, "Betaal €")
    expect(phone.get_by_role("heading", name="Betaald")).to_be_visible()

    expect(desk).to_have_url(f"{site.base_url}/?ok_payment={payment.uuid}")


def test_a_link_for_once_is_paid_by_the_first_and_the_second_is_told(
    site: Site,
    open_page: OpenPage,
    sign_in: SignIn,
    webshop: Webshop,
    petra: Person,
    quinten: Person,
    check_accessibility: CheckAccessibility,
) -> None:
    link = webshop.link()
    hers, his = open_page(PHONE, language="en"), open_page(PHONE, language="en", scheme="dark")
    for page, person in ((hers, petra), (his, quinten)):
        sign_in(page, person)
        page.goto(f"{site.base_url}/pay/link/{link.token}/")
        check_accessibility(page)
        page.get_by_role("button", name="Go and pay €25.00").click()
        expect(page.get_by_role("button", name="Pay €25.00")).to_be_visible()

    pay(hers, "Pay €25.00")
    expect(hers.get_by_role("heading", name="Paid")).to_be_visible()

    # His page hears of it: nobody presses a button that would be refused.
    expect(his.get_by_role("heading", name="Paid already")).to_be_visible()
    check_accessibility(his)
    assert "Petra" not in his.content()
    assert webshop.get(f"payment-links/{link.uuid}").json()["paid"] == 1


def test_an_open_page_hears_that_the_shop_has_cancelled(
    site: Site, open_page: OpenPage, webshop: Webshop
) -> None:
    desk = open_page(DESK, language="en")
    payment, address = ask(webshop, site)
    desk.goto(address)
    expect(desk.get_by_role("heading", name="Scan with your phone")).to_be_visible()
    assert webshop.cancel(payment).status_code == 200
    expect(desk.get_by_role("heading", name="The shop has cancelled this")).to_be_visible()


def test_who_does_not_want_to_pay_says_so_and_goes_back(
    site: Site, open_page: OpenPage, webshop: Webshop
) -> None:
    phone = open_page(PHONE)
    payment, address = ask(webshop, site, return_url=f"{site.base_url}/")
    phone.goto(address)
    phone.get_by_role("button", name="Niet betalen").click()
    expect(phone.get_by_role("heading", name="U hebt niet betaald")).to_be_visible()
    assert webshop.state(payment)["state"] == "declined"
    phone.get_by_role("link", name="Terug naar Boekhandel Kramer").click()
    expect(phone).to_have_url(re.compile(f"ok_payment={payment.uuid}"))


def test_a_page_that_is_opened_too_late_says_so(
    site: Site, open_page: OpenPage, webshop: Webshop, check_accessibility: CheckAccessibility
) -> None:
    phone = open_page(PHONE, scheme="dark")
    payment, address = ask(webshop, site)
    with operator_scope("the test lets time pass"):
        OnlinePayment.objects.filter(pk=payment.pk).update(expires_at=clock.now())
    phone.goto(address)
    expect(phone.get_by_role("heading", name="Te laat om te betalen")).to_be_visible()
    check_accessibility(phone)


def test_without_javascript_the_page_pays_too(
    site: Site, open_page: OpenPage, sign_in: SignIn, webshop: Webshop, petra: Person
) -> None:
    phone = open_page(PHONE, java_script_enabled=False)
    sign_in(phone, petra)
    payment, address = ask(webshop, site, lines=[NOVEL, {**COOKBOOK, "quantity": 2}])
    phone.goto(address)
    pay(phone, "Betaal €")
    expect(phone.get_by_role("heading", name="Betaald")).to_be_visible()
    assert webshop.state(payment)["captured"] == payment.asked


def test_the_owner_makes_a_link_and_sees_how_to_send_it(
    site: Site,
    open_page: OpenPage,
    sign_in: SignIn,
    world: World,
    check_accessibility: CheckAccessibility,
) -> None:
    desk = open_page(DESK)
    sign_in(desk, world.olga)
    desk.goto(f"{site.base_url}/console/boekhandel-kramer/links/")
    check_accessibility(desk)
    desk.get_by_role("link", name="Nieuwe link").first.click()
    desk.get_by_label("Waarvoor is het?").fill("Lezing Marieke Lucas")
    desk.get_by_label("Bedrag in euro's").fill("12,50")
    check_accessibility(desk)
    desk.get_by_role("button", name="Maak de link").click()
    expect(desk.get_by_role("img", name="QR-code van deze link")).to_be_visible()
    expect(desk.locator("#nl-whatsapp")).to_have_value(re.compile("Lezing Marieke Lucas"))
    check_accessibility(desk)
    with desk.expect_download() as download:
        desk.get_by_role("link", name="PNG").click()
    assert download.value.suggested_filename.endswith(".png")
    desk.get_by_role("button", name="Sluit deze link").click()
    expect(desk.locator("main")).to_contain_text("Gesloten")


@pytest.mark.parametrize(
    ("language", "scheme", "pay_word", "go", "paid"),
    [
        ("nl", "light", "Betalen bij mijn bank", "Naar mijn bank", "Betaald"),
        ("en", "dark", "Pay at my bank", "Go to my bank", "Paid"),
    ],
)
def test_a_first_purchase_is_paid_at_the_bank(
    site: Site,
    open_page: OpenPage,
    sign_in: SignIn,
    webshop: Webshop,
    check_accessibility: CheckAccessibility,
    complaints: Complaints,
    language: str,
    scheme: str,
    pay_word: str,
    go: str,
    paid: str,
) -> None:
    complaints.forgive("404")  # the bank has no icon
    if not HouseAccount.objects.filter(mode="live").exists():
        our_account()
    shopper = create_person(
        email=f"nieuw-{language}@example.com",
        name="Nina Nieuw",
        language=language,
        password=PASSWORD,
        address_proved=True,
        actor=SYSTEM,
    )
    added(shopper)
    phone = open_page(PHONE, language=language, scheme=scheme, has_touch=True, is_mobile=True)
    sign_in(phone, shopper)
    payment, address = ask(webshop, site)
    phone.goto(address)
    check_accessibility(phone)
    phone.get_by_role("button", name=pay_word).click()
    expect(phone).to_have_url(address)
    check_accessibility(phone)

    phone.get_by_role("link", name=go).click()
    phone.locator("button[value=approve]").click()
    expect(phone).to_have_url(address)
    expect(phone.get_by_role("heading", name=paid)).to_be_visible()
    check_accessibility(phone)
    assert webshop.state(payment)["state"] == "captured"


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_a_gift_card_pays_first_and_the_page_shows_what_is_left(
    site: Site,
    open_page: OpenPage,
    sign_in: SignIn,
    webshop: Webshop,
    check_accessibility: CheckAccessibility,
    language: str,
    size: tuple[int, int],
    scheme: str,
) -> None:
    shopper = _shopper("Gijs Gul", f"gijs-{language}-{size[0]}@example.com", language)
    cards = Cards(webshop.place).start()
    kept, typed = cards.load(1_000), cards.load(500)
    KeptGiftCard.objects.create(person=shopper, card=kept, kept_at=NOW)
    page = open_page(size, language=language, scheme=scheme)
    sign_in(page, shopper)
    payment, address = ask(webshop, site)
    page.goto(address)
    check_accessibility(page)

    page.locator("button[name=use]").click()
    expect(page.locator(".pay-way .huge")).to_contain_text("32")
    page.locator(".pay-other summary").first.click()
    page.locator("#gift-number").fill(number_of(typed.seed))
    page.locator("#gift-pin").fill(pin_of(typed.seed))
    check_accessibility(page)
    page.locator(".pay-typed button").click()
    expect(page.locator(".pay-way .huge")).to_contain_text("27")
    expect(page.locator(".pay-bill")).to_contain_text(typed.number_end)
    check_accessibility(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    pay(page, "Betaal €" if language == "nl" else "Pay €")
    expect(page.locator(".pay-way")).to_contain_text(kept.number_end)
    check_accessibility(page)
    assert (on(kept), on(typed)) == (0, 0)
    assert payment_of(payment.uuid).by_cards == 1_500
