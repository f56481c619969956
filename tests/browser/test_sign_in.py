"""Signing in with a password, a mailed code and a passkey; being stopped at the sixth guess."""

import re

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Page, expect

from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import BrowserSession, Person
from tests.browser.conftest import DESK, PHONE, CheckAccessibility, OpenPage, SignIn
from tests.browser.site import Site
from tests.browser.wallet_page import WalletPage
from tests.support.signing_in import WHILE, shown

PASSWORD = "vier appels in een mand"


def _person(address: str, name: str = "Alice de Wit") -> Person:
    return create_person(
        email=address, name=name, password=PASSWORD, address_proved=True, actor=SYSTEM
    )


def _fill(page: Page, base_url: str, address: str, password: str) -> None:
    page.goto(f"{base_url}/account/login/")
    page.locator("[name=login]").fill(address)
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name="Inloggen", exact=True).click()


def test_the_right_password_signs_in(base_url: str, page_phone: Page) -> None:
    _person("password@example.com")
    _fill(page_phone, base_url, "password@example.com", PASSWORD)
    expect(page_phone).not_to_have_url(re.compile("login"))
    page_phone.goto(f"{base_url}/account/2fa/")
    expect(page_phone.get_by_text("password@example.com")).to_be_visible()


def test_a_wrong_password_says_what_to_do_and_not_who_exists(
    base_url: str, page_phone: Page
) -> None:
    _person("known@example.com")
    for address in ("known@example.com", "unknown@example.com"):
        _fill(page_phone, base_url, address, "something else")
        sentence = page_phone.get_by_role("alert")
        expect(sentence).to_contain_text("Controleer ze, of kies een nieuw wachtwoord.")


def test_guessing_is_stopped_and_the_right_password_with_it(
    base_url: str, page_phone: Page
) -> None:
    _person("guessed@example.com")
    for _ in range(5):
        _fill(page_phone, base_url, "guessed@example.com", "a guess of mine")
        expect(page_phone.get_by_role("alert")).to_be_visible()
    _fill(page_phone, base_url, "guessed@example.com", PASSWORD)
    expect(page_phone.get_by_role("alert")).to_contain_text("Uw account is veilig")


def _with_passkey(page: Page, base_url: str, address: str) -> None:
    """Make a person, and a passkey on this (pretended) phone, and sign out."""
    _person(address)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    _fill(page, base_url, address, PASSWORD)
    expect(page).not_to_have_url(re.compile("login"))
    # Who has just signed in is not asked again.
    page.goto(f"{base_url}/account/2fa/webauthn/add/")
    page.locator("[name=name]").fill("Mijn telefoon")
    page.get_by_role("button", name="Passkey maken").click()
    expect(page.get_by_text("Uw passkey is klaar.")).to_be_visible()
    page.context.clear_cookies()


def test_a_passkey_is_made_and_signs_in_alone(base_url: str, page_desk: Page) -> None:
    # A browser that shows no passkeys beside the address: there is the button.
    page_desk.add_init_script(
        "delete globalThis.PublicKeyCredential?.isConditionalMediationAvailable"
    )
    _with_passkey(page_desk, base_url, "passkey@example.com")
    page_desk.goto(f"{base_url}/account/login/")
    page_desk.get_by_role("button", name="Inloggen met passkey").click()
    expect(page_desk).not_to_have_url(re.compile("login"))
    page_desk.goto(f"{base_url}/account/2fa/")
    expect(page_desk.get_by_text("passkey@example.com")).to_be_visible()


def test_a_browser_offers_the_passkey_beside_the_address(base_url: str, page_desk: Page) -> None:
    _with_passkey(page_desk, base_url, "beside@example.com")
    page_desk.goto(f"{base_url}/account/login/")
    # The pretended phone says yes by itself to whatever is offered.
    page_desk.wait_for_url(f"{base_url}/wallet/")


def test_after_a_while_money_asks_for_the_passkey_first(
    base_url: str, page_desk: Page, check_accessibility: CheckAccessibility
) -> None:
    _with_passkey(page_desk, base_url, "step-up@example.com")
    page_desk.goto(f"{base_url}/account/login/")
    page_desk.wait_for_url(f"{base_url}/wallet/")
    person = Person.objects.get(email="step-up@example.com")
    kept = BrowserSession.objects.get(
        session_key=next(
            cookie["value"]
            for cookie in page_desk.context.cookies()
            if cookie["name"] == settings.SESSION_COOKIE_NAME
        )
    )
    session = SessionStore(kept.session_key)
    session.update(shown(person, ago=WHILE))
    session.save()
    page_desk.goto(f"{base_url}/wallet/you/pin/")
    expect(page_desk.get_by_role("heading", level=1)).to_have_text("Bent u het?")
    check_accessibility(page_desk)
    page_desk.get_by_role("button", name="Mijn passkey gebruiken").click()
    page_desk.wait_for_url(f"{base_url}/wallet/you/pin/")
    expect(page_desk.locator("[name=pin]")).to_be_visible()


def test_whoever_turns_the_passkey_away_hears_what_else_there_is(
    base_url: str, page_desk: Page
) -> None:
    page_desk.add_init_script(
        "navigator.credentials.get = async () => { throw new DOMException('', 'NotAllowedError') }"
    )
    page_desk.goto(f"{base_url}/account/login/")
    page_desk.get_by_role("button", name="Inloggen met passkey").click()
    expect(page_desk.get_by_text("Hieronder kunt u ook inloggen.")).to_be_visible()


def test_a_lost_phone_is_blocked_from_another_browser(
    base_url: str, open_page: OpenPage, sign_in: SignIn, check_accessibility: CheckAccessibility
) -> None:
    person = _person("lost@example.com")
    lost, desk = open_page(PHONE), open_page(DESK)
    sign_in(lost, person)
    WalletPage(lost, base_url).set_up()
    sign_in(desk, person)
    desk.goto(f"{base_url}/wallet/you/")
    desk.goto(f"{base_url}/account/2fa/")
    expect(desk.get_by_text("laatst gezien")).to_have_count(2)
    check_accessibility(desk)
    desk.get_by_role("button", name="Blokkeer").click()
    expect(desk.get_by_text("hij is uitgelogd")).to_be_visible()
    expect(desk.get_by_text("laatst gezien")).to_have_count(1)
    lost.goto(f"{base_url}/wallet/accounts/")
    expect(lost).to_have_url(re.compile("/account/login/"))


def test_without_a_script_password_and_code_remain(site: Site, open_page: OpenPage) -> None:
    address = "no-script@example.com"
    _person(address)
    page = open_page(PHONE, java_script_enabled=False)
    page.goto(f"{site.base_url}/account/login/")
    expect(page.get_by_role("button", name="Inloggen met passkey")).to_be_hidden()
    page.get_by_role("link", name="Mail mij een code").click()
    page.locator("[name=email]").fill(address)
    page.get_by_role("button", name="Stuur mij een code").click()
    page.locator("[name=code]").fill(site.code_sent_to(address))
    page.get_by_role("button", name="Bevestigen").click()
    expect(page).not_to_have_url(re.compile("login"))
