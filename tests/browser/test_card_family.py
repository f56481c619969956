"""A card in the family, on two phones: shared by a link, shown, spent, taken back."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from tests.browser.conftest import LOOKS, PHONE, CheckAccessibility, Complaints, OpenPage, SignIn
from tests.browser.offline_phone import filled
from tests.wallet.cards import BONUS, put
from tests.wallet.family import book, invite, opened, share
from wallet.card_access import May, card_for
from wallet.models import CardShare, ShareLevel

NO_NETWORK = "ERR_INTERNET_DISCONNECTED"


def somebody(name: str) -> Person:
    return create_person(email=f"{uuid4()}@example.com", name=name, actor=SYSTEM)


def gift_card(owner: Person, **fields: Any) -> Any:
    """Return a card with € 50 on it."""
    an_hour_ago = clock.now() - timedelta(hours=1)
    card = put(owner, an_hour_ago, name="Cadeaukaart", barcode=BONUS, **fields)
    book(owner, card.uuid, 5000, an_hour_ago)
    return card


def shown(page: Page) -> None:
    expect(page.locator("#card[data-drawn]")).to_be_visible()


def spend(page: Page, amount: str) -> None:
    page.get_by_label("Bedrag").fill(amount)
    page.get_by_role("button", name="Uitgegeven").click()


def test_a_card_goes_to_another_phone_by_a_link(
    open_page: OpenPage, base_url: str, sign_in: SignIn
) -> None:
    alice, sam = somebody("Alice de Wit"), somebody("Sam de Wit")
    card = gift_card(alice, note="PIN 4321")
    mine, theirs = open_page(PHONE), open_page(PHONE)
    sign_in(mine, alice)
    mine.goto(f"{base_url}/wallet/cards/{card.uuid}/")
    mine.get_by_role("link", name="Delen met familie").click()
    mine.get_by_text("Gebruiken", exact=True).click()
    mine.get_by_role("button", name="Uitnodiging maken").click()
    expect(mine.get_by_role("img", name="QR-code van de uitnodiging")).to_be_visible()
    # Opened before signing in: the secret waits in the tab, and the page gives nothing away.
    theirs.goto(mine.get_by_label("Link", exact=True).input_value())
    expect(theirs.get_by_role("link", name="Inloggen om haar te openen")).to_be_visible()
    assert "#" not in theirs.url
    expect(theirs.get_by_text("Alice")).to_have_count(0)
    sign_in(theirs, sam)
    theirs.reload()
    theirs.get_by_role("button", name="De uitnodiging openen").click()
    expect(theirs.get_by_role("heading", name="Alice de Wit wil")).to_be_visible()
    theirs.get_by_label("Uw naam voor hen").fill("Sam")
    theirs.get_by_role("button", name="De kaart aannemen").click()
    shown(theirs)
    expect(theirs.get_by_text("Kaart van Alice de Wit")).to_be_visible()
    expect(theirs.get_by_text("PIN 4321")).to_have_count(0)
    spend(theirs, "5,00")
    expect(theirs.locator(".card-value")).to_have_text("€\N{NO-BREAK SPACE}45,00")
    mine.goto(f"{base_url}/wallet/cards/{card.uuid}/")
    expect(mine.get_by_text("Sam: Uitgegeven")).to_be_visible()


def test_a_card_that_is_taken_back_goes_from_a_phone_that_kept_it(
    open_page: OpenPage, base_url: str, sign_in: SignIn, complaints: Complaints
) -> None:
    complaints.forgive(NO_NETWORK)
    alice, sam = somebody("Alice de Wit"), somebody("Sam de Wit")
    card = gift_card(alice)
    held = share(alice, card.uuid, sam, clock.now(), ShareLevel.USE)
    mine, theirs = open_page(PHONE), open_page(PHONE)
    sign_in(theirs, sam)
    theirs.goto(f"{base_url}/wallet/cards/{held.uuid}/")
    filled(theirs)
    theirs.context.set_offline(True)
    theirs.reload()
    shown(theirs)
    expect(theirs.get_by_text("Alice de Wit")).to_be_visible()
    theirs.locator("summary:visible").click()
    expect(theirs.get_by_label("Naam")).to_be_hidden()
    expect(theirs.get_by_role("button", name="Kaart verwijderen")).to_be_hidden()
    sign_in(mine, alice)
    mine.goto(f"{base_url}/wallet/cards/{card.uuid}/family/")
    mine.locator("summary", has_text="Sam").click()
    mine.get_by_role("button", name="Stoppen met delen met Sam").click()
    expect(mine.get_by_text("Sam de Wit heeft deze kaart niet meer")).to_be_visible()
    spend(theirs, "9")
    expect(theirs.get_by_text("Eén wijziging wacht op het netwerk")).to_be_visible()
    # Closed first: a page that is open loads itself again once there is a network.
    phone = theirs.context
    theirs.close()
    phone.set_offline(False)
    theirs = phone.new_page()
    theirs.goto(f"{base_url}/wallet/")
    filled(theirs)
    kept = card_for(alice.pk, card.uuid, May.OWN)
    assert kept is not None
    assert kept.balance == 5000
    phone.set_offline(True)
    theirs.goto(f"{base_url}/wallet/cards/")
    expect(theirs.locator("[data-view=cards]")).to_be_visible()
    expect(theirs.get_by_text("Cadeaukaart")).to_have_count(0)


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_the_pages_of_sharing_are_for_everybody(
    open_page: OpenPage,
    base_url: str,
    sign_in: SignIn,
    check_accessibility: CheckAccessibility,
    language: str,
    size: tuple[int, int],
    scheme: str,
) -> None:
    alice, sam, kim = somebody("Alice de Wit"), somebody("Sam de Wit"), somebody("Kim de Wit")
    card = gift_card(alice)
    now = clock.now()
    held = share(alice, card.uuid, sam, now, ShareLevel.USE)
    book(sam, held.uuid, -500, now, note="Brood")
    invitation = invite(alice, card.uuid, now)
    second = put(alice, now, name="Museumkaart")
    opened(kim, invite(alice, second.uuid, now, ShareLevel.USE), now)
    page = open_page(size, language=language, scheme=scheme)
    sign_in(page, alice)
    for path in (f"{card.uuid}/", f"{card.uuid}/family/", f"invitations/{invitation.uuid}/"):
        page.goto(f"{base_url}/wallet/cards/{path}")
        if path.endswith("family/"):
            page.locator("summary").first.click()
        check_accessibility(page)
    page.goto(f"{base_url}/wallet/cards/{second.uuid}/family/")
    expect(page.get_by_role("option", name="Sam de Wit")).to_be_attached()
    page.goto(f"{base_url}/cards/invited/")
    check_accessibility(page)
    sign_in(page, sam)
    for path in ("", f"{held.uuid}/"):
        page.goto(f"{base_url}/wallet/cards/{path}")
        check_accessibility(page)
    sign_in(page, kim)
    page.goto(f"{base_url}/wallet/cards/")
    page.get_by_role("link", name="Museumkaart").click()
    check_accessibility(page)


def test_who_gives_a_card_back_has_it_nowhere(
    page_phone: Page, base_url: str, sign_in: SignIn
) -> None:
    alice, sam = somebody("Alice de Wit"), somebody("Sam de Wit")
    held = share(alice, gift_card(alice).uuid, sam, clock.now())
    sign_in(page_phone, sam)
    page_phone.goto(f"{base_url}/wallet/cards/{held.uuid}/")
    shown(page_phone)
    expect(page_phone.get_by_role("button", name="Uitgegeven")).to_have_count(0)
    page_phone.get_by_role("button", name="Deze kaart teruggeven").click()
    expect(page_phone.get_by_text("De kaart is uit uw wallet.")).to_be_visible()
    assert CardShare.objects.get(pk=held.pk).ended_by == "person"
