"""Cards that are changed without a network: nothing is lost, on two phones neither."""

from datetime import timedelta
from uuid import uuid4

from playwright.sync_api import Page, expect

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.create_person import create_person
from tests.browser.conftest import PHONE, Complaints, OpenPage, SignIn
from tests.browser.offline_phone import filled, without_network
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
        without_network(page)
        expect(page.locator("#card[data-drawn]")).to_be_visible()
    edit(phones[0], "name", "Albert Heijn")
    edit(phones[1], "note", "Van Alice")
    for page in phones:
        page.context.set_offline(False)
        filled(page)  # the page comes back by itself
    kept = card_of(shopper.pk, card.uuid)
    assert kept is not None
    assert (kept.name, kept.note) == ("Albert Heijn", "Van Alice")
    phones[0].goto(f"{base_url}/wallet/cards/")
    filled(phones[0])
    expect(phones[0].locator(".tile-name")).to_have_text("Albert Heijn")


def test_what_is_being_typed_stays_when_the_network_comes_back(
    page_phone: Page, base_url: str, sign_in: SignIn, complaints: Complaints
) -> None:
    complaints.forgive(NO_NETWORK)
    shopper = create_person(email=f"{uuid4()}@example.com", name="Alice de Wit", actor=SYSTEM)
    card = put(shopper, clock.now() - timedelta(hours=1), name="Bonuskaart", barcode=BONUS)
    sign_in(page_phone, shopper)
    page_phone.goto(f"{base_url}/wallet/cards/{card.uuid}/")
    without_network(page_phone)
    page_phone.locator("summary:visible").click()
    note = page_phone.locator("[data-form=edit] [name=note]")
    note.fill("Van Alice")
    page_phone.context.set_offline(False)
    expect(page_phone.get_by_text("Het netwerk is terug")).to_be_visible()
    expect(note).to_have_value("Van Alice")
    page_phone.locator("[data-form=edit] button[type=submit]").click()
    filled(page_phone)
    expect(page_phone.locator(".card-note")).to_contain_text("Van Alice")
    kept = card_of(shopper.pk, card.uuid)
    assert kept is not None
    assert kept.note == "Van Alice"


def test_a_network_that_is_not_truly_there_takes_nobody_from_the_page(
    page_phone: Page, base_url: str, sign_in: SignIn, complaints: Complaints
) -> None:
    """A phone says "online" as soon as it sees an antenna, also while a page is on its way."""
    complaints.forgive(NO_NETWORK)
    shopper = create_person(email=f"{uuid4()}@example.com", name="Alice de Wit", actor=SYSTEM)
    put(shopper, clock.now() - timedelta(hours=1), name="Bonuskaart", barcode=BONUS)
    sign_in(page_phone, shopper)
    page_phone.goto(f"{base_url}/wallet/cards/")
    without_network(page_phone)
    page_phone.evaluate("globalThis.isTheSame = true")
    with page_phone.expect_event("requestfailed", lambda request: request.method == "HEAD"):
        page_phone.evaluate("dispatchEvent(new Event('online'))")
    assert page_phone.evaluate("globalThis.isTheSame")
    page_phone.evaluate(
        "document.querySelector('.tile').click(); dispatchEvent(new Event('online'))"
    )
    expect(page_phone.locator("#card[data-drawn]")).to_be_visible()
