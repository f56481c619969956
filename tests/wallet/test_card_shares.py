"""A card in the family: who may see it, do what with it, and hear of it."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError
from django.test import Client

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import savepoint, transaction
from okplatform.kernel.models import AuditEntry, Event
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from tests.support.proofs import prove
from tests.support.world import World
from tests.wallet.cards import BONUS, put, said
from tests.wallet.family import book, end, invite, opened, share
from wallet.actions.change_share import change_share
from wallet.actions.remove_card import remove_card
from wallet.card_access import May, bookings_for, card_for, cards_for, values_for
from wallet.card_invitations import InvitationGone
from wallet.card_keeping import CardUnknown, SaidOtherwise
from wallet.card_shelves import CardNotYours, ShareUnknown
from wallet.cards import Wanted
from wallet.models import Card, CardShare, ShareLevel
from wallet.models.card_share import MOST_SHARES

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(alice: Person, now: datetime) -> UUID:
    """Alice's gift card, with a note, a star and a group of her own."""
    day_before = now - timedelta(days=1)
    fields: dict[str, Any] = {"note": "PIN 4321", "starred": True, "groups": {"Privé": True}}
    made = put(alice, day_before, name="Cadeaukaart", barcode=BONUS, **fields)
    book(alice, made.uuid, 5000, day_before)
    return made.uuid


def feed(person: Person, since: int = 0) -> dict[str, Any]:
    """Return what a phone of this person hears."""
    phone = Client()
    phone.force_login(person)
    answer: dict[str, Any] = phone.get(f"/wallet/cards/changes/?since={since}").json()
    return answer


def send(person: Person, **change: Any) -> dict[str, Any]:
    """Send one change from a phone of this person, and return its result."""
    phone = Client()
    phone.force_login(person)
    body = {"device": "phone", "changes": [{"uuid": str(uuid4()), **change}]}
    answer = phone.post("/wallet/cards/changes/", json.dumps(body), "application/json")
    result: dict[str, Any] = answer.json()["results"][0]
    return result


def owners(card: UUID, owner: Person) -> Card:
    found = card_for(owner.pk, card, May.OWN)
    assert found is not None
    return found


def test_who_reads_shows_the_card_and_nothing_else(
    alice: Person, bob: Person, card: UUID, now: datetime
) -> None:
    held = share(alice, card, bob, now)
    seen = card_for(bob.pk, held.uuid, May.SEE)
    assert seen is not None
    assert (seen.name, seen.payload, seen.balance) == ("Cadeaukaart", BONUS["payload"], 5000)
    assert (seen.note, seen.starred, seen.groups) == ("", False, [])
    assert "Privé" not in json.dumps(values_for(seen))
    assert bookings_for(seen) == []
    assert held.uuid != card
    assert card_for(bob.pk, card, May.SEE) is None
    assert card_for(bob.pk, held.uuid, May.BOOK) is None
    with pytest.raises(CardNotYours):
        book(bob, held.uuid, -500, now)
    with pytest.raises(CardNotYours):
        put(bob, now, held.uuid, name="Van mij")
    with pytest.raises(CardNotYours):
        remove_card(person_id=bob.pk, card=held.uuid, said=said(now), now=now, actor=SYSTEM)
    with pytest.raises(CardNotYours):
        invite(bob, held.uuid, now)
    kept = owners(card, alice)
    assert (kept.name, kept.balance, kept.removed) == ("Cadeaukaart", 5000, False)
    prove()


def test_who_uses_books_and_both_see_by_whom(
    alice: Person, bob: Person, card: UUID, now: datetime
) -> None:
    held = share(alice, card, bob, now, ShareLevel.USE)
    seen = book(bob, held.uuid, -500, now, note="Brood")
    assert (seen.uuid, seen.balance) == (held.uuid, 4500)
    for mine in (owners(card, alice), seen):
        done = [(each.delta, each.share and each.share.name) for each in bookings_for(mine)]
        assert done == [(-500, "Bob de Vries"), (5000, None)]
    with pytest.raises(CardNotYours):
        put(bob, now, held.uuid, note="Nu van mij")
    prove()


def test_a_booking_sent_twice_counts_once_and_is_nobody_elses(
    alice: Person, bob: Person, card: UUID, now: datetime
) -> None:
    held = share(alice, card, bob, now, ShareLevel.USE)
    one = uuid4()
    for _again in range(2):
        book(bob, held.uuid, -500, now, one)
    with pytest.raises(SaidOtherwise):
        book(alice, card, -500, now, one)
    assert owners(card, alice).balance == 4500


def test_star_groups_archive_and_uses_are_everybodys_own(
    alice: Person, bob: Person, card: UUID, now: datetime
) -> None:
    held = share(alice, card, bob, now)
    fields: dict[str, Any] = {"archived": True, "starred": True, "groups": {"Eten": True}}
    put(bob, now, held.uuid, **fields)
    used = {"kind": "use", "card": str(held.uuid), "at": now.isoformat(), "count": 3}
    assert send(bob, **used)["kept"]
    theirs, mine = card_for(bob.pk, held.uuid, May.SEE), owners(card, alice)
    assert theirs is not None
    assert (theirs.archived, theirs.starred, theirs.groups) == (True, True, ["Eten"])
    assert (mine.archived, mine.starred, mine.groups) == (False, True, ["Privé"])
    assert (theirs.times_used, mine.times_used) == (3, 0)
    assert mine.last_used_at is None
    assert cards_for(bob.pk, Wanted()) == []
    assert [one.name for one in cards_for(bob.pk, Wanted(archived=True, text="cadeau eten"))]
    assert cards_for(bob.pk, Wanted(archived=True, text="4321")) == []
    put(alice, now, card, starred=False)
    assert card_for(bob.pk, held.uuid, May.SEE).starred  # type: ignore[union-attr]


def test_the_note_is_shared_only_where_its_owner_says_so(
    alice: Person, bob: Person, card: UUID, now: datetime
) -> None:
    held = share(alice, card, bob, now)
    assert feed(bob)["cards"][0]["note"] == ""
    change: dict[str, Any] = {"person_id": alice.pk, "share": held.uuid, "now": now}
    change_share(**change, level=ShareLevel.READ, with_note=True, actor=SYSTEM)
    assert feed(bob)["cards"][0]["note"] == "PIN 4321"
    with pytest.raises(ShareUnknown):
        change_share(
            person_id=bob.pk,
            share=held.uuid,
            level=ShareLevel.USE,
            with_note=True,
            now=now,
            actor=SYSTEM,
        )


def test_phones_hear_of_the_card_of_its_changes_and_of_its_end(
    alice: Person, bob: Person, card: UUID, now: datetime
) -> None:
    put(bob, now, name="Eigen kaart")
    held = share(alice, card, bob, now, ShareLevel.USE)
    first = feed(bob)
    assert [one["name"] for one in first["cards"]] == ["Eigen kaart", "Cadeaukaart"]
    assert first["cards"][1]["shared"] == {"by": "Alice Jansen", "may_book": True}
    put(alice, now + timedelta(minutes=1), card, name="Boekenbon")
    second = feed(bob, first["cursor"])
    assert [(one["uuid"], one["name"]) for one in second["cards"]] == [
        (str(held.uuid), "Boekenbon")
    ]
    book(alice, card, -100, now)
    third = feed(bob, second["cursor"])
    assert [one["balance"] for one in third["cards"]] == [4900]
    put(alice, now + timedelta(minutes=2), card, starred=False)
    assert feed(bob, third["cursor"])["cards"] == []
    end(alice, held, now)
    fourth = feed(bob, third["cursor"])
    assert fourth["cards"] == [
        {"uuid": str(held.uuid), "cursor": fourth["cursor"], "removed": True}
    ]
    put(alice, now + timedelta(minutes=3), card, name="Na afloop")
    assert feed(bob, fourth["cursor"])["cards"] == []
    prove()


def test_what_was_done_offline_counts_while_it_is_shared_and_is_refused_after(
    alice: Person, bob: Person, card: UUID, now: datetime
) -> None:
    held = share(alice, card, bob, now, ShareLevel.USE)
    booked = {"kind": "balance", "card": str(held.uuid), "at": now.isoformat(), "delta": -750}
    assert send(bob, **booked)["card"]["balance"] == 4250
    end(alice, held, clock.now())
    refused = send(bob, **booked)
    assert (refused["kept"], refused["code"]) == (False, "card_share_ended")
    assert "niet meer met u gedeeld" in refused["detail"]
    starred = {"kind": "edit", "fields": {"starred": True}}
    used = {"kind": "use", "count": 9}
    for change in (starred, used):
        said_so = send(bob, card=str(held.uuid), at=now.isoformat(), **change)
        assert said_so["code"] == "card_share_ended"
    named = {"kind": "edit", "fields": {"name": "Toch van mij"}}
    assert send(bob, card=str(held.uuid), at=now.isoformat(), **named)["code"] == (
        "card_share_ended"
    )
    assert owners(card, alice).balance == 4250
    assert cards_for(bob.pk, Wanted()) == []
    prove()


def test_a_card_that_is_removed_is_nobodys_and_does_not_come_back_by_itself(
    alice: Person, bob: Person, card: UUID, now: datetime
) -> None:
    held = share(alice, card, bob, now)
    waiting = invite(alice, card, now)
    later = now + timedelta(minutes=1)
    remove_card(person_id=alice.pk, card=card, said=said(later), now=later, actor=SYSTEM)
    assert card_for(bob.pk, held.uuid, May.SEE) is None
    assert [one["removed"] for one in feed(bob)["cards"]] == [True]
    put(alice, later + timedelta(minutes=1), card, removed=False)
    assert card_for(bob.pk, held.uuid, May.SEE) is None
    with pytest.raises(InvitationGone):
        opened(bob, waiting, later)
    prove()


def test_the_share_of_a_stranger_is_not_theirs_to_end(
    alice: Person, bob: Person, world: World, card: UUID, now: datetime
) -> None:
    held = share(alice, card, bob, now)
    with pytest.raises(ShareUnknown):
        end(world.charlie, held, now)
    with pytest.raises(CardUnknown):
        invite(world.charlie, card, now)
    assert card_for(bob.pk, held.uuid, May.SEE) is not None


def test_what_happens_is_written_down_without_what_is_on_the_card(
    alice: Person, bob: Person, card: UUID, now: datetime
) -> None:
    end(alice, share(alice, card, bob, now), now)
    done = AuditEntry.objects.filter(action__startswith="card_").order_by("id")
    written = [
        each.action for each in done if "invitation" in each.action or "share" in each.action
    ]
    assert written == [
        "card_invitation_made",
        "card_invitation_opened",
        "card_invitation_accepted",
        "card_share_ended",
    ]
    types = ["wallet.card_invitation_made", "wallet.card_shared", "wallet.card_share_ended"]
    assert set(types) <= set(Event.objects.values_list("type", flat=True))
    told = str(list(AuditEntry.objects.values_list("data", flat=True)))
    assert "Cadeaukaart" not in told
    assert "Bob" not in told


def test_postgresql_holds_what_must_not_be(
    alice: Person, bob: Person, world: World, card: UUID, now: datetime
) -> None:
    held = share(alice, card, bob, now)
    cheese = put(world.charlie, now, name="Kaas")

    def row(**other: Any) -> CardShare:
        fields: dict[str, Any] = {
            name: getattr(held, name)
            for name in ("owner_id", "card_id", "person_id", "mode", "name", "level", "accepted_at")
        }
        fields |= {"uuid": uuid4(), "seat": 2, "place": 2, "cursor": 99} | other
        return CardShare(**fields)

    end_of = CardShare.objects.get(pk=held.pk)
    for breach in (
        row(),  # one share of a card with a person
        row(person_id=alice.pk),  # with oneself
        row(person_id=world.sam.pk, seat=1),
        row(person_id=world.sam.pk, seat=MOST_SHARES + 1),
        row(person_id=world.sam.pk, owner_id=world.charlie.pk),  # not the owner
        row(card_id=cheese.pk, person_id=world.sam.pk),
        row(person_id=world.tessa.pk),  # a test person
        row(person_id=world.sam.pk, name=""),
        row(person_id=world.sam.pk, level="all"),
    ):
        with pytest.raises(IntegrityError), transaction(), savepoint():
            breach.save()
    end(alice, held, now)
    with pytest.raises(IntegrityError), transaction(), savepoint():
        end_of.save()
    with operator_scope("a test looks"):
        assert CardShare.objects.count() == 1
