"""The pages by which a card is shared, through the front door."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from okplatform.parties.models import Person
from tests.support.world import World
from tests.wallet.cards import BONUS, put
from tests.wallet.family import book, end, invite, share
from wallet.card_invitations import token_of
from wallet.models import CardInvitation, CardShare, ShareLevel

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(alice: Person, now: datetime) -> UUID:
    """Alice's gift card, with € 50 on it."""
    made = put(alice, now, name="Verjaardagsbon", barcode=BONUS, note="PIN 4321")
    book(alice, made.uuid, 5000, now)
    return made.uuid


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def test_a_card_is_shared_from_its_page_and_taken_up_by_a_link(
    alice: Person, bob: Person, card: UUID
) -> None:
    mine, theirs = browser(alice), browser(bob)
    assert "Delen met familie" in text(mine.get(f"/wallet/cards/{card}/"))
    form = {"said": str(uuid4()), "level": "use"}
    made = mine.post(f"/wallet/cards/{card}/family/", form)
    again = mine.post(f"/wallet/cards/{card}/family/", form)
    assert made["Location"] == again["Location"]
    assert CardInvitation.objects.count() == 1
    page = text(mine.get(made["Location"]))
    token = re.search(r"/cards/invited/#([0-9a-f]{96})", page)
    assert token
    landing = text(theirs.get("/cards/invited/"))
    assert "Alice" not in landing
    assert "Verjaardagsbon" not in landing
    opened = theirs.post("/wallet/cards/invitations/", {"token": token[1]})
    asked = text(theirs.get(opened["Location"]))
    assert re.search("Alice Jansen wil .Verjaardagsbon. met u delen", asked)
    for secret in (BONUS["payload"], "4321", "50,00"):
        assert secret not in asked
    taken = theirs.post(opened["Location"], {"answer": "yes", "name": "Bob"})
    shown = text(theirs.get(taken["Location"]))
    assert "Kaart van Alice Jansen. U kunt haar tonen, en boeken" in shown
    assert "€ 50,00" in shown
    assert "4321" not in shown
    for owners_only in ("Delen met familie", "Bewerken", "Kaart verwijderen", "Dupliceren"):
        assert owners_only not in shown
    listed = text(theirs.get("/wallet/cards/"))
    assert "Gedeeld door Alice Jansen" in listed
    assert "Gedeeld door" not in text(mine.get("/wallet/cards/"))
    family = text(mine.get(f"/wallet/cards/{card}/family/"))
    assert "Bob" in family
    assert "nog niet getoond" in family
    assert bob.email not in family


def test_what_family_spends_stands_on_the_card_with_their_name(
    alice: Person, bob: Person, world: World, card: UUID, now: datetime
) -> None:
    held = share(alice, card, bob, now, ShareLevel.USE)
    reads = share(alice, card, world.sam, now)
    theirs = browser(bob)
    form = {"said": str(uuid4()), "amount": "5,00", "way": "off"}
    theirs.post(f"/wallet/cards/{held.uuid}/balance/", form)
    assert "Bob de Vries: Uitgegeven" in text(browser(alice).get(f"/wallet/cards/{card}/"))
    own = text(theirs.get(f"/wallet/cards/{held.uuid}/"))
    assert "Bob de Vries: " not in own
    assert "Alice Jansen: " in own
    other = text(browser(world.sam).get(f"/wallet/cards/{reads.uuid}/"))
    assert "€ 45,00" in other
    assert "Bob" not in other


def test_a_wish_that_is_none_changes_nothing(
    alice: Person, bob: Person, card: UUID, now: datetime
) -> None:
    held = share(alice, card, bob, now)
    mine = browser(alice)
    for form in ({}, {"level": "all", "said": str(uuid4())}, {"level": "use", "said": "x"}):
        assert mine.post(f"/wallet/cards/{card}/family/", form).status_code == 400
    assert mine.post(f"/wallet/cards/shares/{held.uuid}/", {"level": "own"}).status_code == 400
    bad = {"level": "read", "said": str(uuid4()), "known": str(uuid4())}
    answer = mine.post(f"/wallet/cards/{card}/family/", bad, follow=True)
    assert "staat niet in uw lijst" in text(answer)
    wrong = browser(bob).post("/wallet/cards/invitations/", {"token": "\x00"}, follow=True)
    assert "Deze uitnodiging werkt niet meer" in text(wrong)
    assert CardShare.objects.get().level == "read"
    assert not CardInvitation.objects.exists()


def test_who_is_known_finds_the_invitation_among_their_cards_and_may_decline(
    alice: Person, bob: Person, card: UUID, now: datetime
) -> None:
    held = share(alice, card, bob, now)
    second = put(alice, now, name="Museumkaart").uuid
    mine, theirs = browser(alice), browser(bob)
    assert "Bob de Vries" in text(mine.get(f"/wallet/cards/{second}/family/"))
    form = {"said": str(uuid4()), "level": "read", "known": str(held.uuid)}
    mine.post(f"/wallet/cards/{second}/family/", form)
    assert "Alice Jansen wil een kaart delen" in text(theirs.get("/wallet/cards/"))
    invitation = CardInvitation.objects.get()
    own = text(mine.get(f"/wallet/cards/invitations/{invitation.uuid}/"))
    assert token_of(invitation) not in own
    theirs.post(f"/wallet/cards/invitations/{invitation.uuid}/", {"answer": "no"})
    assert not CardInvitation.objects.exists()
    assert "wil een kaart delen" not in text(theirs.get("/wallet/cards/"))


def test_what_the_owner_changes_and_takes_back_counts_on_the_next_request(
    alice: Person, bob: Person, card: UUID, now: datetime
) -> None:
    held = share(alice, card, bob, now)
    mine, theirs = browser(alice), browser(bob)
    pay = f"/wallet/cards/{held.uuid}/balance/"
    form = {"said": str(uuid4()), "amount": "5", "way": "off"}
    assert theirs.post(pay, form).status_code == 404
    mine.post(f"/wallet/cards/shares/{held.uuid}/", {"level": "use", "with_note": "on"})
    assert theirs.post(pay, form).status_code == 302
    assert "PIN 4321" in text(theirs.get(f"/wallet/cards/{held.uuid}/"))
    mine.post(f"/wallet/cards/shares/{held.uuid}/end/")
    assert theirs.post(pay, {**form, "said": str(uuid4())}).status_code == 404
    assert theirs.get(f"/wallet/cards/{held.uuid}/").status_code == 404
    assert "€ 45,00" in text(mine.get(f"/wallet/cards/{card}/"))


def test_who_leaves_has_it_no_more(alice: Person, bob: Person, card: UUID, now: datetime) -> None:
    held = share(alice, card, bob, now)
    theirs = browser(bob)
    assert "Deze kaart teruggeven" in text(theirs.get(f"/wallet/cards/{held.uuid}/"))
    theirs.post(f"/wallet/cards/shares/{held.uuid}/end/")
    assert "Verjaardagsbon" not in text(theirs.get("/wallet/cards/"))
    assert "Heeft deze kaart" not in text(browser(alice).get(f"/wallet/cards/{card}/family/"))


def test_an_export_is_of_ones_own_cards_and_says_so(
    alice: Person, bob: Person, card: UUID, now: datetime
) -> None:
    held = share(alice, card, bob, now)
    put(bob, now, name="Eigen kaart")
    theirs = browser(bob)
    assert "1 kaart van iemand anders" in text(theirs.get("/wallet/cards/export/"))
    file = b"".join(theirs.get("/wallet/cards/export/1/"))
    assert b"Verjaardagsbon" not in file
    end(bob, held, now)
    assert "van iemand anders" not in text(theirs.get("/wallet/cards/export/"))


def test_an_invitation_of_somebody_else_is_not_there(
    alice: Person, bob: Person, world: World, card: UUID, now: datetime
) -> None:
    invitation = invite(alice, card, now)
    address = f"/wallet/cards/invitations/{invitation.uuid}/"
    for person in (bob, world.charlie):
        assert browser(person).get(address).status_code == 404
        assert browser(person).post(address, {"answer": "yes", "name": "x"}).status_code == 404
    assert CardInvitation.objects.count() == 1
