"""Points that wait and end, as a retailer publishes them and a shopper reads of them."""

from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.add_terminal import add_terminal
from okplatform.parties.actions.create_merchant import create_merchant
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.actions.open_store import open_store
from okplatform.parties.models import Channel, Person, Role
from tests.browser.conftest import LOOKS, CheckAccessibility, OpenPage, SignIn
from tests.browser.fitting import fits
from tests.support.counter import Counter, with_bank_account
from tests.support.world import Place

WORDS = {
    "nl": ("Ze vervallen na 12 maanden.", "te besteden vanaf", "wacht"),
    "en": ("They end after 12 months.", "to spend from", "waits"),
}


@pytest.fixture
def counter() -> Counter:
    """The till of a shop of this test alone."""
    shop = create_merchant(
        reference=f"s{uuid4().hex}",
        name="Slagerij Kroes",
        kvk="60000009",
        vat_number="NL004495445B01",
        iban="NL91ABNA0417164300",
        actor=SYSTEM,
    )
    store = open_store(
        merchant_id=shop.pk,
        reference="markt",
        name="Markt",
        channel=Channel.IN_STORE,
        city="Delft",
        actor=SYSTEM,
    )
    till = add_terminal(
        merchant_id=shop.pk, store_id=store.pk, reference="1", name="Kassa 1", actor=SYSTEM
    )
    place = Place(shop, store, till)
    return Counter(place, place.key)


def somebody(name: str) -> Person:
    return create_person(email=f"{uuid4()}@example.com", name=name, actor=SYSTEM)


def publish(page: Page, address: str, sentence: str) -> None:
    """Publish a programme whose points wait for two weeks and live for a year."""
    page.goto(address)
    length = page.locator("[name=expiry_length]")
    expect(length).to_be_hidden()
    page.locator("[name=expiry]").select_option("months")
    expect(length).to_be_visible()
    length.fill("12")
    page.locator("[name=pending_days]").fill("14")
    page.locator(".programme-form button[type=submit]").click()
    expect(page.get_by_text(sentence)).to_be_visible()


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_a_shop_says_how_long_points_live_and_its_shopper_reads_it(
    base_url: str,
    open_page: OpenPage,
    sign_in: SignIn,
    check_accessibility: CheckAccessibility,
    counter: Counter,
    size: tuple[int, int],
    language: str,
    scheme: str,
) -> None:
    sentence, counts, waits = WORDS[language]
    shop, owner = counter.place.merchant, somebody("Kees Kroes")
    grant_membership(person_id=owner.pk, merchant_id=shop.pk, role=Role.OWNER, actor=SYSTEM)
    desk = open_page(size, language=language, scheme=scheme)
    sign_in(desk, owner)
    publish(desk, f"{base_url}/console/{shop.reference}/programme/", sentence)
    check_accessibility(desk)
    assert fits(desk)

    shopper = somebody("Saar Spaarder")
    phone = open_page(size, language=language, scheme=scheme)
    sign_in(phone, shopper)
    phone.goto(f"{base_url}/wallet/programmes/{shop.reference}/")
    expect(phone.get_by_text(sentence).first).to_be_visible()
    phone.locator("main form button[type=submit]").click()
    expect(phone.locator(".huge")).to_have_text("0")
    assert counter.sell(with_bank_account(shopper)).json()["verdict"] == "happened"
    phone.reload()
    expect(phone.locator(".list-line", has_text=counts)).to_be_visible()
    expect(phone.locator(".pill", has_text=waits)).to_be_visible()
    check_accessibility(phone)
    assert fits(phone)
