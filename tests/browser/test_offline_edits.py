"""Cards that are changed without a network: nothing is lost, on two phones neither."""

from datetime import timedelta
from uuid import uuid4

from playwright.sync_api import Page, expect

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.create_person import create_person
from tests.browser.conftest import PHONE, Complaints, OpenPage, SignIn
from tests.browser.offline_phone import filled
from tests.wallet.cards import BONUS, put
from wallet.cards import card_of

NO_NETWORK = "ERR_INTERNET_DISCONNECTED"


def edit(page: Page, field: str, text: str) -> None:
    """Change a card that is open without a network."""
    page.locator("summary:visible").click()
    page.locator(f"[data-form=edit] [name={field}]").fill(text)
    page.locator("[data-form=edit] button[type=submit]").click()
    expect(page.get_by_text("Eén wijziging wacht op het netwerk")).to_be_visible()


def test_two_phones_change_one_card_without_a_network_and_both_changes_stand(
    open_page: OpenPage, base_url: str, sign_in: SignIn, complaints: Complaints
) -> None:
    complaints.forgive(NO_NETWORK)
    shopper = create_person(email=f"{uuid4()}@example.com", name="Alice de Wit", actor=SYSTEM)
    card = put(shopper, clock.now() - timedelta(hours=1), name="Bonuskaart", barcode=BONUS)
    address = f"{base_url}/wallet/cards/{card.uuid}/"
    phones = [open_page(PHONE), open_page(PHONE)]
    for page in phones:
        sign_in(page, shopper)
        page.goto(address)
        filled(page)
        page.context.set_offline(True)
        page.reload()
        expect(page.locator("#card[data-drawn]")).to_be_visible()
    edit(phones[0], "name", "Albert Heijn")
    edit(phones[1], "note", "Van Alice")
    for page in phones:
        page.context.set_offline(False)
        page.goto(address)
        filled(page)
    kept = card_of(shopper.pk, card.uuid)
    assert kept is not None
    assert (kept.name, kept.note) == ("Albert Heijn", "Van Alice")
    phones[0].goto(f"{base_url}/wallet/cards/")
    filled(phones[0])
    expect(phones[0].locator(".tile-name")).to_have_text("Albert Heijn")
