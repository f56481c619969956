"""Receipts found without a network: the same words, the same receipts, the same totals."""

from datetime import timedelta
from uuid import uuid4

from playwright.sync_api import Page, expect

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from tests.browser.conftest import CheckAccessibility, Complaints, SignIn
from tests.browser.offline_phone import without_network
from tests.support.world import World
from tests.wallet.sales import line, sell
from wallet.actions.bulk import file_receipts_of_merchant

WORDS = (
    *("", "bakkerij", "BOEKHANDEL", "haarlem", "appelflap", "avond boek", "avond bakker", "tasje"),
    *("20,14", "€20.14", "€ 20,14", "19,99", "19,9", "K-7", "k-7", "K", "%", "_", "100%", "café"),
    *("31-02-2026", "99-99-9999", "zeepbel", "a b c d e f g h"),
)


def buy(world: World, email: str) -> list[str]:
    """Buy bread today and a book last month; return both days as people write them."""
    shopper = create_person(email=email, name="Roos Maas", actor=SYSTEM)
    days = []
    bread = [line(1, "Appelflap Café 100%", 275), line(2, "Tasje", 15)]
    book = [line(1, "De avonden", 1999), line(2, "Tasje", 15)]
    for place, goods, ago, reference in (
        (world.till, bread, 0, "A-1"),
        (world.haarlem, book, 32, "K-7"),
    ):
        at = clock.now() - timedelta(days=ago)
        sell(place.store, now=at, person=shopper, lines=goods, reference=reference)
        days += [f"{at:%d-%m-%Y}", f"{at:%Y-%m-%d}", f"{at.day}/{at.month}"]
        with transaction():
            file_receipts_of_merchant(merchant_id=place.merchant.pk, mode="live", now=at)
    return days


def seen(page: Page) -> tuple[list[str], list[str]]:
    """Return the receipts of a list, and what they come to."""
    rows = page.locator(".list-item:visible").all_inner_texts()
    totals = page.locator(".receipts-total:visible").all_inner_texts()
    return [" ".join(row.split()) for row in rows], [" ".join(total.split()) for total in totals]


def test_every_word_finds_without_a_network_what_it_finds_with_one(
    page_phone: Page,
    base_url: str,
    sign_in: SignIn,
    world: World,
    complaints: Complaints,
    check_accessibility: CheckAccessibility,
) -> None:
    complaints.forgive("ERR_INTERNET_DISCONNECTED")
    email = f"{uuid4()}@example.com"
    words = [*WORDS, *buy(world, email)]
    sign_in(page_phone, Person.objects.get(email=email))
    address = f"{base_url}/wallet/receipts/"
    online = {}
    for word in words:
        page_phone.goto(address)
        page_phone.locator("#q").fill(word)
        page_phone.locator(".receipts-search button").click()
        online[word] = seen(page_phone)
    assert {len(rows) for rows, _totals in online.values()} == {0, 1, 2}
    page_phone.goto(address)
    without_network(page_phone)
    for word in words:
        page_phone.locator("#find-receipt").fill(word)
        assert seen(page_phone) == online[word], word
    page_phone.locator("#find-receipt").fill("")
    expect(page_phone.locator(".receipts-total:visible")).to_contain_text("2 bonnen, samen")
    page_phone.locator("#find-period").select_option("30")
    expect(page_phone.locator(".receipts-total:visible")).to_contain_text("1 bon, ")
    page_phone.locator("#find-period").select_option("")
    page_phone.locator("#find-shop").select_option(label=world.haarlem.merchant.name)
    expect(page_phone.locator(".list-item:visible")).to_have_count(1)
    check_accessibility(page_phone)
    page_phone.locator("#find-receipt").fill("zeepbel")
    expect(page_phone.get_by_text("Zo'n bon staat niet op dit toestel")).to_be_visible()
