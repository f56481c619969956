"""The form of an offer asks only for what its kind needs, and everybody can use it."""

import pytest
from playwright.sync_api import Page, expect

from okplatform.parties.models import Person
from tests.browser.conftest import LOOKS, CheckAccessibility, OpenPage, SignIn
from tests.browser.fitting import fits

NEW = "/console/kaashuis/programme/offers/new/"
FIELDS = {
    "percentage": {"percentage"},
    "amount_off": {"amount"},
    "fixed_price": {"amount"},
    "nth": {"percentage", "pieces"},
    "set_price": {"amount", "pieces"},
    "bundle": {"amount", "also"},
    "stamps": {"percentage", "pieces", "lapse_days", "per_visit"},
}


def choose(page: Page, name: str, value: str) -> None:
    """Choose one, as a finger does: its box is drawn by the label."""
    page.locator(f"label:has([name={name}][value={value}])").click()


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_a_kind_asks_for_its_own_numbers_only(
    base_url: str,
    open_page: OpenPage,
    sign_in: SignIn,
    check_accessibility: CheckAccessibility,
    charlie: Person,
    size: tuple[int, int],
    language: str,
    scheme: str,
) -> None:
    page = open_page(size, language=language, scheme=scheme)
    sign_in(page, charlie)
    page.goto(f"{base_url}{NEW}")
    for kind, own in FIELDS.items():
        choose(page, "kind", kind)
        for field in ("percentage", "amount", "pieces", "also", "lapse_days", "per_visit"):
            expect(page.locator(f"[name={field}]")).to_be_visible(visible=field in own)
    check_accessibility(page)
    assert fits(page)
