"""Somebody new becomes a person with a sign-in, through the pages and the letters alone."""

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import expect

from okplatform.parties.models import Person
from tests.browser.conftest import PHONE, CheckAccessibility, OpenPage
from tests.browser.site import Site

PASSWORD = "vier appels in een mand"


@pytest.mark.parametrize(
    ("language", "title", "button"),
    [
        ("nl", "Account maken", "Maak mijn account"),
        ("en", "Create an account", "Create my account"),
    ],
)
def test_somebody_signs_up_with_the_code_from_the_letter(
    site: Site,
    open_page: OpenPage,
    check_accessibility: CheckAccessibility,
    language: str,
    title: str,
    button: str,
) -> None:
    address = f"new-{language}@example.com"
    page = open_page(PHONE, language=language)
    page.goto(f"{site.base_url}/account/signup/")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    check_accessibility(page)
    page.locator("[name=name]").fill("Nora Nieuw")
    page.locator("[name=email]").fill(address)
    page.locator("[name=password1]").fill(PASSWORD)
    page.get_by_role("button", name=button).click()
    expect(page.locator("[name=code]")).to_be_visible()
    check_accessibility(page)
    page.locator("[name=code]").fill(site.code_sent_to(address))
    page.locator("form.card button").first.click()
    page.wait_for_url(f"{site.base_url}/**")
    person = Person.objects.get(email=address)
    assert (person.name, person.language) == ("Nora Nieuw", language)
    assert EmailAddress.objects.get(user=person).verified
