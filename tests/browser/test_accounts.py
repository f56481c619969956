"""Add, prove, sign, ready: a shopper's bank account in a browser, in both languages."""

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from payments.models import BankAccount
from payments.proof_codes import TEST_CODE
from tests.browser.conftest import PHONE, CheckAccessibility, OpenPage, SignIn
from tests.browser.fitting import fits
from tests.browser.wallet_page import WalletPage
from tests.support.accounts import IBAN

WORDS = {
    "nl": {
        "add": "Rekening toevoegen",
        "send": "Stuur mij een code",
        "check": "Controleer de code",
        "left": "nog 4 keer",
        "sign": "Machtiging tekenen",
        "signed": "Getekend.",
    },
    "en": {
        "add": "Add account",
        "send": "Send me a code",
        "check": "Check the code",
        "left": "4 more times",
        "sign": "Sign the mandate",
        "signed": "Signed.",
    },
}


@pytest.fixture
def shopper() -> Person:
    """Somebody in test mode: no cent has to travel."""
    return create_person(
        email=f"{uuid4()}@example.com", name="Alice de Wit", mode="test", actor=SYSTEM
    )


@pytest.mark.parametrize("language", ["nl", "en"])
def test_add_prove_sign_and_the_code_pays_from_it(
    open_page: OpenPage,
    base_url: str,
    sign_in: SignIn,
    shopper: Person,
    check_accessibility: CheckAccessibility,
    language: str,
) -> None:
    words = WORDS[language]
    page = open_page(PHONE, language=language, reduced_motion="reduce")
    sign_in(page, shopper)
    page.goto(f"{base_url}/wallet/accounts/")
    check_accessibility(page)
    page.locator("[name=iban]").fill(IBAN)
    page.get_by_role("button", name=words["add"]).click()

    expect(page.locator(".steps [aria-current=step]")).to_have_count(1)
    check_accessibility(page)
    page.get_by_role("button", name=words["send"]).click()
    page.locator("[name=code]").fill("000000")
    page.get_by_role("button", name=words["check"]).click()
    expect(page.get_by_text(words["left"])).to_be_visible()
    check_accessibility(page)
    page.locator("[name=code]").fill(TEST_CODE)
    page.get_by_role("button", name=words["check"]).click()

    page.get_by_role("button", name=words["sign"]).click()
    expect(page.get_by_text(words["signed"])).to_be_visible()
    expect(page.locator(".steps")).to_have_count(0)
    assert fits(page)
    account = BankAccount.objects.get(person=shopper)
    assert account.ready_at is not None
    assert account.ready_at <= clock.now()

    wallet = WalletPage(page, base_url)
    wallet.set_up()
    expect(page.locator("[data-part=funding-tail]")).to_have_text("•• 4300")
