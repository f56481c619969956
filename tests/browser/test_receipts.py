"""Receipts, as everybody must be able to use them: found, kept, taken along, sent once more."""

import re
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from tests.browser.conftest import PHONE, CheckAccessibility, OpenPage, SignIn
from tests.browser.fitting import fits
from tests.support.world import World
from tests.wallet.papers import text_of
from tests.wallet.sales import line, sell
from wallet.actions.bulk import file_receipts_of_merchant

WORDS = {
    "nl": ("Zoeken", "Mail hem naar mij", "onderweg naar", "Iets terugbrengen", "Bewaren"),
    "en": ("Search", "Send it to my mailbox", "on its way to", "Take something back", "Keep"),
}


@pytest.fixture
def shopper(world: World) -> Person:
    """Somebody who bought bread today and a book last week."""
    person = create_person(
        email=f"{uuid4()}@example.com", name="Roos Maas", address_proved=True, actor=SYSTEM
    )
    reason = {"kind": "offer", "id": "4", "amount": 100}
    text = {"nl": "4e appelflap halve prijs", "en": "4th turnover half price"}
    bread = [
        line(1, "Desembrood", 420, quantity=2, gross=840, vat=69),
        line(
            2,
            "Appelflap",
            275,
            quantity=4,
            gross=1100,
            discount=100,
            vat=83,
            reasons=[reason | {"text": text}],
        ),
    ]
    book = [line(1, "Een heel lange titel van een boek over brood en kaas in Haarlem", 2495)]
    for place, goods, days in ((world.till, bread, 0), (world.haarlem, book, 7)):
        at = clock.now() - timedelta(days=days)
        sell(place.store, now=at, person=person, lines=goods, points=18, reference=f"K-{days}")
        with transaction():
            file_receipts_of_merchant(merchant_id=place.merchant.pk, mode="live", now=at)
    return person


@pytest.mark.parametrize(("language", "scheme"), [("nl", "light"), ("en", "dark")])
def test_a_receipt_is_found_taken_along_kept_under_warranty_and_sent(
    open_page: OpenPage,
    base_url: str,
    sign_in: SignIn,
    shopper: Person,
    check_accessibility: CheckAccessibility,
    language: str,
    scheme: str,
) -> None:
    search, mail, comes, take_back, keep = WORDS[language]
    page = open_page(PHONE, language=language, scheme=scheme, reduced_motion="reduce")
    sign_in(page, shopper)
    page.goto(f"{base_url}/wallet/receipts/")
    expect(page.locator(".wallet-list > li")).to_have_count(2)
    check_accessibility(page)
    assert fits(page)
    page.locator("[name=q]").fill("appelflap")
    page.get_by_role("button", name=search, exact=True).click()
    expect(page.locator(".wallet-list > li")).to_have_count(1)
    page.locator(".wallet-list a").click()
    page.locator("summary", has_text=take_back).click()
    expect(page.locator(".receipt-code svg")).to_be_visible()
    check_accessibility(page)
    assert fits(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    assert "Appelflap" in text_of(Path(download.value.path()).read_bytes())
    page.get_by_role("button", name=mail).click()
    expect(page.get_by_text(comes)).to_be_visible()
    page.locator(".receipt-link").click()
    page.locator("[name=line]").select_option("1")
    page.locator("[name=ends_on]").fill(f"{clock.now() + timedelta(days=400):%Y-%m-%d}")
    check_accessibility(page)
    assert fits(page)
    page.get_by_role("button", name=keep, exact=True).click()
    expect(page.get_by_text(re.compile(r"\b13 m"))).to_be_visible()
    page.goto(f"{base_url}/wallet/receipts/warranties/")
    expect(page.locator(".wallet-list > li")).to_have_count(1)
    check_accessibility(page)
    assert fits(page)
