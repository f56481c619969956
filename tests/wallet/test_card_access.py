"""Every address of a card, as its owner, family and strangers ask for it.

What is new and has no line in the tables here makes the walk fail.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.test import Client

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.parties.models import Person
from tests.support.world import PASSWORD, World
from tests.wallet.cards import BONUS, put
from tests.wallet.family import book, end, invite, share
from wallet import urls
from wallet.actions.add_photo import add_photo
from wallet.models import CardInvitation, CardShare, ShareLevel

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"a picture of a card"
OWNER, USE, READ, REVOKED, STRANGER = "owner", "use", "read", "revoked", "stranger"
ROLES = (STRANGER, REVOKED, READ, USE, OWNER)
"""The owner last: what they do counts for all."""


@dataclass(frozen=True)
class Family:
    """Alice's card, who has or had it, and by which name each of them knows it."""

    people: Mapping[str, Person]
    names: Mapping[str, UUID]
    photo: str
    used: CardShare
    invitation: CardInvitation

    def browser(self, role: str) -> Client:
        client = Client()
        client.force_login(self.people[role])
        return client

    def stolen(self, role: str) -> list[UUID]:
        """Return every name of the card that is not theirs."""
        return [name for whose, name in self.names.items() if whose != role]


@pytest.fixture
def family(alice: Person, bob: Person, world: World, now: datetime) -> Family:
    photo = add_photo(person_id=alice.pk, content=PNG, now=now, actor=SYSTEM)
    card = put(alice, now, name="Verjaardagsbon", barcode=BONUS, note="PIN 4321", front=photo).uuid
    book(alice, card, 5000, now)
    used = share(alice, card, bob, now, ShareLevel.USE)
    read = share(alice, card, world.sam, now)
    revoked = share(alice, card, world.olga, now, ShareLevel.USE)
    end(alice, revoked, now)
    people = {OWNER: alice, USE: bob, READ: world.sam, REVOKED: world.olga}
    names = {OWNER: card, USE: used.uuid, READ: read.uuid, REVOKED: revoked.uuid}
    return Family(
        {**people, STRANGER: world.charlie},
        {**names, STRANGER: uuid4()},
        photo,
        used,
        invite(alice, card, clock.now()),
    )


Ask = Callable[[Client, UUID], Any]


def get(path: str) -> Ask:
    return lambda browser, card: browser.get(f"/wallet/cards/{card}/{path}")


def post(path: str, **form: str) -> Ask:
    return lambda browser, card: browser.post(
        f"/wallet/cards/{card}/{path}", {"said": str(uuid4()), **form}
    )


EVERYBODY = {OWNER, USE, READ}
# By the name of each address: what is asked, and of whom it is answered; the others find nothing.
OF_A_CARD: Mapping[str, tuple[tuple[Ask, set[str]], ...]] = {
    "card": ((get(""), EVERYBODY),),
    "card-mark": (
        (post("mark/", field="starred", value="on"), EVERYBODY),
        (post("mark/", field="archived", value="off"), EVERYBODY),
        (post("mark/", field="removed", value="off"), {OWNER}),
    ),
    "card-balance": ((post("balance/", amount="1", way="off"), {OWNER, USE}),),
    "card-edit": (
        (get("edit/"), {OWNER}),
        (post("edit/", name="Anders"), {OWNER}),
    ),
    "card-copy": ((post("copy/"), {OWNER}),),
    "card-history": (
        (get("history/"), {OWNER}),
        (post("history/", change="1", register="name"), {OWNER}),
    ),
    "card-live": ((post("live/"), {OWNER}), (post("live/", off="1"), {OWNER})),
    "card-family": (
        (get("family/"), {OWNER}),
        (post("family/", level="read"), {OWNER}),
    ),
}
# Those of a share, an invitation or a photo, which have a test below; or of no card there is.
OTHER = {
    "card-share",
    "card-share-end",
    "card-invitation",
    "card-photo",
    "cards",
    "card-changes",
    "card-export",
    "card-export-part",
}
OF_NONE = {
    "card-add": "a card that is new",
    "card-import": "files; one's own cards only",
    "card-import-one": "files; one's own cards only",
    "card-import-upload": "files",
    "card-invited": "public; the secret is behind the #",
    "card-invitations": "opens a link",
    "card-link": "public; the card is behind the #",
    "card-photos": "a photo that is new",
    "card-shared": "public; the card is behind the #",
    "cards-unsaved": "what the phone keeps; the server says nothing",
}


def test_every_address_of_cards_is_walked() -> None:
    there = {str(each.name) for each in urls.urlpatterns if "cards/" in str(each.pattern)}
    assert there == set(OF_A_CARD) | OTHER | set(OF_NONE)


@pytest.mark.parametrize("name", OF_A_CARD)
def test_each_finds_what_they_may_and_nothing_else(family: Family, name: str) -> None:
    for role in ROLES:
        browser = family.browser(role)
        for ask, allowed in OF_A_CARD[name]:
            status = ask(browser, family.names[role]).status_code
            assert status in ((200, 302) if role in allowed else (404,)), role
            for stolen in family.stolen(role):
                assert ask(browser, stolen).status_code == 404, role


def test_each_sees_the_photo_while_they_may(family: Family) -> None:
    for role in ROLES:
        answer = family.browser(role).get(f"/wallet/cards/photos/{family.photo}/")
        assert answer.status_code == (200 if role in EVERYBODY else 404), role
        assert role not in {USE, READ} or answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("role", ROLES)
def test_only_the_owner_changes_a_share_and_only_two_people_end_it(
    family: Family, role: str
) -> None:
    browser, address = family.browser(role), f"/wallet/cards/shares/{family.used.uuid}/"
    changed = browser.post(address, {"level": "use", "with_note": "on"}).status_code
    assert changed == (302 if role == OWNER else 404)
    ended = browser.post(f"{address}end/").status_code
    assert ended == (302 if role in {OWNER, USE} else 404)
    kept = CardShare.objects.get(pk=family.used.pk)
    assert (kept.with_note, kept.ended_at is None) == (role == OWNER, role not in {OWNER, USE})


def test_an_invitation_is_its_owners_until_somebody_opens_it(family: Family) -> None:
    address = f"/wallet/cards/invitations/{family.invitation.uuid}/"
    for role in ROLES:
        browser = family.browser(role)
        assert browser.get(address).status_code == (200 if role == OWNER else 404), role
        assert browser.post(address).status_code == (302 if role == OWNER else 404), role


LISTS = (
    "/wallet/cards/",
    "/wallet/cards/?q=verjaardag",
    "/wallet/",
    "/wallet/cards/changes/?since=0",
)
NOWHERE = ("/wallet/cards/?show=archive", "/wallet/cards/?show=removed")


def test_the_card_stands_in_the_lists_of_who_has_it(family: Family) -> None:
    for role in ROLES:
        browser = family.browser(role)
        for address in LISTS:
            page = browser.get(address).content.decode()
            assert ("Verjaardagsbon" in page) == (role in EVERYBODY), (role, address)
            assert str(family.names[OWNER]) not in page or role == OWNER
        for address in NOWHERE:
            assert "Verjaardagsbon" not in browser.get(address).content.decode(), (role, address)
        found = browser.get("/wallet/cards/?q=4321").content.decode()
        assert ("Verjaardagsbon" in found) == (role == OWNER), role


def test_what_is_on_a_card_leaves_with_its_owner_only(family: Family) -> None:
    for role in ROLES:
        browser = family.browser(role)
        browser.post("/account/reauthenticate/", {"password": PASSWORD})
        exported = browser.get("/wallet/cards/export/1/")
        assert exported.status_code == (200 if role == OWNER else 404), role
        assert role != OWNER or b"".join(exported)
        taken = b"".join(browser.get("/wallet/you/data/download/"))
        assert taken.startswith(b"PK")
        assert (PNG in taken) == (role == OWNER), role


ROWS = re.compile(r"\b(?:Card|CardPhoto|CardChange|CardBalanceChange|CardShare)\.objects\b")
OWN_ONLY = re.compile(
    r"(?<!hooks\.)\b(?:cards_of|card_of|photo_of|changed_since|balance_changes_of)\("
)


def test_no_page_reads_cards_but_through_the_one_door() -> None:
    """Edges ask wallet.card_access; what else reads rows is a query, an action or a proof."""
    root = Path(settings.BASE_DIR)
    edges = [
        file
        for app in ("wallet", "loyalty", "merchants", "payments")
        for room in ("pages", "api", "console", "templatetags")
        for file in (root / app).rglob(f"{room}/**/*.py")
    ]
    assert len(edges) > 50
    guilty = [
        str(file.relative_to(root))
        for file in edges
        if ROWS.search(source := file.read_text())
        or ("wallet.cards" in source and OWN_ONLY.search(source))
    ]
    assert guilty == []
