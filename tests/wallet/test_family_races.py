"""A family at once on one card, each on a connection of its own."""

from datetime import datetime
from threading import Lock
from uuid import UUID, uuid4

import pytest

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.parties.models import Person
from tests.support.proofs import prove
from tests.support.races import AT_ONCE, all_at_once
from tests.support.world import World
from tests.wallet.cards import BONUS, put
from tests.wallet.family import accepted, book, end, invite, opened, share
from wallet.actions.delete_account import delete_account
from wallet.actions.invite_to_card import InvitationsFull
from wallet.actions.open_invitation import HasCardNow
from wallet.card_access import May, card_for, changes_for
from wallet.card_invitations import InvitationGone
from wallet.card_shelves import CardShareOver, ShareUnknown
from wallet.cards import cursor_of
from wallet.models import CardInvitation, CardShare, ShareLevel
from wallet.models.card_share import MOST_SHARES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def gift_card(owner: Person, now: datetime) -> UUID:
    return put(owner, now, name="Cadeaukaart", barcode=BONUS).uuid


def balance(owner: Person, card: UUID) -> int | None:
    found = card_for(owner.pk, card, May.OWN)
    assert found is not None
    return found.balance


def test_two_people_spend_one_gift_card_and_no_amount_is_lost(
    alice: Person, bob: Person, world: World, now: datetime
) -> None:
    """Each has other cards too, and their shelves are locked in one order: nobody deadlocks."""
    card, theirs = gift_card(alice, now), gift_card(bob, now)
    names = [
        (alice, card),
        (bob, share(alice, card, bob, now, ShareLevel.USE).uuid),
        (world.sam, share(alice, card, world.sam, now, ShareLevel.USE).uuid),
        (bob, theirs),
        (alice, share(bob, theirs, alice, now, ShareLevel.USE).uuid),
    ]

    def spend(number: int) -> str:
        person, name = names[number % len(names)]
        if number % 7 == 6:
            put(person, now, name, starred=bool(number % 2))
        else:
            book(person, name, number + 1, now)
        return "kept"

    assert all_at_once(spend) == {"kept": AT_ONCE}
    booked = [number for number in range(AT_ONCE) if number % 7 != 6]
    assert balance(alice, card) == sum(n + 1 for n in booked if n % len(names) < 3)
    assert balance(bob, theirs) == sum(n + 1 for n in booked if n % len(names) >= 3)
    prove()


def test_every_phone_hears_of_the_last_amount(alice: Person, bob: Person, now: datetime) -> None:
    card = gift_card(alice, now)
    held = share(alice, card, bob, now, ShareLevel.USE)
    told: list[int] = []
    lock = Lock()

    def act(number: int) -> str:
        if number % 2:
            book(alice, card, 100, now)
            return "booked"
        newest = cursor_of(bob.pk)
        with lock:
            told.extend(one["cursor"] for one in changes_for(bob.pk, 0, upto=newest, most=9))
        return "asked"

    all_at_once(act)
    newest = cursor_of(bob.pk)
    (last,) = changes_for(bob.pk, 0, upto=newest, most=9)
    assert (last["uuid"], last["balance"]) == (str(held.uuid), 100 * AT_ONCE // 2)
    assert max(told, default=0) <= last["cursor"]


def test_a_link_that_64_open_at_once_is_one_persons(alice: Person, now: datetime) -> None:
    invitation = invite(alice, gift_card(alice, now), now)
    people = _people(AT_ONCE)

    def take(number: int) -> str:
        try:
            accepted(people[number], opened(people[number], invitation, now), now)
        except InvitationGone:
            return "gone"
        return "taken"

    assert all_at_once(take) == {"taken": 1, "gone": AT_ONCE - 1}
    assert CardShare.objects.count() == 1
    assert not CardInvitation.objects.exists()


def test_one_person_accepts_once_however_often_they_press(
    alice: Person, bob: Person, now: datetime
) -> None:
    invitation = opened(bob, invite(alice, gift_card(alice, now), now), now)

    def press(_number: int) -> str:
        try:
            accepted(bob, invitation, now)
        except (InvitationGone, HasCardNow):
            return "gone"
        return "taken"

    assert all_at_once(press) == {"taken": 1, "gone": AT_ONCE - 1}


def test_no_more_than_twenty_are_invited_at_once(alice: Person, now: datetime) -> None:
    card = gift_card(alice, now)

    def ask(_number: int) -> str:
        try:
            invite(alice, card, now)
        except InvitationsFull:
            return "full"
        return "asked"

    assert all_at_once(ask) == {"asked": MOST_SHARES, "full": AT_ONCE - MOST_SHARES}


def test_what_is_booked_while_it_is_taken_back_counts_or_is_refused(
    alice: Person, bob: Person, now: datetime
) -> None:
    card = gift_card(alice, now)
    held = share(alice, card, bob, now, ShareLevel.USE)

    def act(number: int) -> str:
        try:
            if number == AT_ONCE // 2:
                end(alice, held, clock.now())
                return "ended"
            book(bob, held.uuid, 100, clock.now())
        except CardShareOver:
            return "refused"
        return "kept"

    said = all_at_once(act)
    assert said["ended"] == 1
    assert said["kept"] + said["refused"] == AT_ONCE - 1
    assert (balance(alice, card) or 0) == 100 * said["kept"]
    assert card_for(bob.pk, held.uuid, May.SEE) is None
    prove()


def test_owner_and_family_leave_at_once(
    alice: Person, bob: Person, world: World, now: datetime
) -> None:
    card, theirs = gift_card(alice, now), gift_card(bob, now)
    shares = [
        share(alice, card, bob, now, ShareLevel.USE),
        share(alice, card, world.sam, now, ShareLevel.USE),
        share(bob, theirs, alice, now, ShareLevel.USE),
    ]

    def act(number: int) -> str:
        try:
            if number in {0, 1}:
                person = (alice, bob)[number]
                delete_account(person_id=person.pk, now=clock.now(), actor=SYSTEM)
            elif number == 2:
                end(world.sam, shares[1], clock.now())
            else:
                book(world.sam, shares[1].uuid, 100, clock.now())
        except (CardShareOver, ShareUnknown):
            return "too late"
        return "done"

    said = all_at_once(act)
    assert said["done"] + said["too late"] == AT_ONCE
    assert not CardShare.objects.filter(ended_at=None).exists()
    assert card_for(world.sam.pk, shares[1].uuid, May.SEE) is None
    heard = changes_for(world.sam.pk, 0, upto=cursor_of(world.sam.pk), most=9)
    assert [one["removed"] for one in heard] == [True]
    prove()


def _people(number: int) -> list[Person]:
    return Person.objects.bulk_create(
        Person(email=f"{uuid4()}@example.com", name=f"Neef {nth}", password="!")
        for nth in range(number)
    )
