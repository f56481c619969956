"""Signing in with a password, being stopped at the sixth guess, and signing in with a passkey."""

import re

from playwright.sync_api import Page, expect

from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person

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


def test_a_passkey_is_made_and_signs_in_alone(base_url: str, page_desk: Page) -> None:
    _person("passkey@example.com")
    devtools = page_desk.context.new_cdp_session(page_desk)
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
    _fill(page_desk, base_url, "passkey@example.com", PASSWORD)
    expect(page_desk).not_to_have_url(re.compile("login"))
    page_desk.goto(f"{base_url}/account/2fa/webauthn/add/")
    expect(page_desk.get_by_role("heading", level=1)).to_have_text("Bent u het?")
    page_desk.locator("[name=password]").fill(PASSWORD)
    page_desk.get_by_role("button", name="Verder").click()
    page_desk.locator("[name=name]").fill("Mijn telefoon")
    page_desk.get_by_role("button", name="Passkey maken").click()
    expect(page_desk.get_by_text("Uw passkey is klaar.")).to_be_visible()
    page_desk.context.clear_cookies()
    page_desk.goto(f"{base_url}/account/login/")
    page_desk.get_by_role("button", name="Inloggen met passkey").click()
    expect(page_desk).not_to_have_url(re.compile("login"))
    page_desk.goto(f"{base_url}/account/2fa/")
    expect(page_desk.get_by_text("passkey@example.com")).to_be_visible()
