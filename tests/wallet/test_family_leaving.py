"""What each side of a shared card takes along, and what is left when one of them leaves."""

import io
import json
import zipfile
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from tests.support.proofs import prove
from tests.support.world import PASSWORD, World
from tests.wallet.cards import BONUS, put
from tests.wallet.family import book, invite, share
from wallet.actions.add_photo import add_photo
from wallet.card_access import May, bookings_for, card_for, changes_for
from wallet.cards import cursor_of
from wallet.models import Card, CardBalanceChange, CardInvitation, CardShare, ShareLevel
from wallet.templatetags.wallet import booked_by

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"a picture of a card"


@pytest.fixture
def card(alice: Person) -> UUID:
    """Alice's gift card, with a photo and € 50 on it."""
    before = clock.now() - timedelta(hours=1)
    photo = add_photo(person_id=alice.pk, content=PNG, now=before, actor=SYSTEM)
    made = put(alice, before, name="Cadeaukaart", barcode=BONUS, note="PIN 4321", front=photo)
    book(alice, made.uuid, 5000, before)
    return made.uuid


@pytest.fixture
def held(alice: Person, bob: Person, card: UUID) -> CardShare:
    """Bob has it, and spent € 5."""
    held = share(alice, card, bob, clock.now(), ShareLevel.USE)
    book(bob, held.uuid, -500, clock.now(), note="Brood")
    put(bob, clock.now(), held.uuid, groups={"Van Alice": True})
    return held


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


def taken_along(person: Person) -> tuple[bytes, dict[str, Any]]:
    content = b"".join(browser(person).get("/wallet/you/data/download/"))
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return content, json.loads(file.read("ok.json"))


def leave(person: Person) -> None:
    assert browser(person).post("/wallet/you/data/deletion/", {"sure": "yes"}).status_code == 302
    person.refresh_from_db()
    assert not person.is_active


def test_each_takes_along_what_is_theirs(
    alice: Person, bob: Person, held: CardShare, card: UUID
) -> None:
    file, mine = taken_along(alice)
    assert PNG in file
    (given,) = mine["card_shares"]
    assert (given["card"], given["name"], given["level"]) == (str(card), "Bob de Vries", "use")
    assert len(mine["card_balances"]) == 2
    assert mine["cards_of_others"] == []
    assert bob.email not in json.dumps(mine)
    assert str(held.uuid) not in json.dumps(mine)
    file, theirs = taken_along(bob)
    assert PNG not in file
    (taken,) = theirs["cards_of_others"]
    assert (taken["of"], taken["card_name"]) == ("Alice Jansen", "Cadeaukaart")
    assert taken["groups"] == "Van Alice"
    assert theirs["cards_of_others_balances"][0]["delta"] == -500
    assert theirs["cards"] == theirs["card_balances"] == theirs["card_shares"] == []
    for private in (BONUS["payload"], "4321"):
        assert private not in json.dumps(theirs)


def test_when_the_owner_leaves_the_card_goes_from_every_phone(
    alice: Person, bob: Person, held: CardShare, card: UUID
) -> None:
    invite(alice, card, clock.now())
    known = cursor_of(bob.pk)
    leave(alice)
    heard = changes_for(bob.pk, known, upto=cursor_of(bob.pk), most=9)
    assert [(one["uuid"], one["removed"]) for one in heard] == [(str(held.uuid), True)]
    kept = CardShare.objects.get()
    assert (kept.owner_id, kept.card_id, kept.name, kept.person_id) == (None, None, "", bob.pk)
    assert not CardInvitation.objects.exists()
    with operator_scope("a test looks at what is left"):
        assert not Card.objects.exists()
        assert not CardBalanceChange.objects.exists()
    _file, theirs = taken_along(bob)
    assert theirs["cards_of_others"][0]["of"] is None
    prove()


def test_when_family_leaves_the_card_stays_and_names_them_no_more(
    alice: Person, bob: Person, held: CardShare, card: UUID
) -> None:
    leave(bob)
    kept = CardShare.objects.get(pk=held.pk)
    assert (kept.person_id, kept.name, kept.groups, kept.ended_by) == (None, "", [], "person")
    found = card_for(alice.pk, card, May.OWN)
    assert found is not None
    assert found.balance == 4500
    assert [booked_by(change, found) for change in bookings_for(found)] == [
        "Iemand die weg is",
        "",
    ]
    assert "Bob" not in browser(alice).get(f"/wallet/cards/{card}/").content.decode()
    prove()


def test_both_can_leave_one_after_the_other(
    alice: Person, bob: Person, world: World, held: CardShare, card: UUID, now: datetime
) -> None:
    share(alice, card, world.sam, clock.now())
    share(bob, put(bob, now, name="Van Bob").uuid, alice, clock.now())
    leave(bob)
    leave(alice)
    assert not CardShare.objects.filter(ended_at=None).exists()
    assert CardShare.objects.get(pk=held.pk).uuid == held.uuid
    prove()
