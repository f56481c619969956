"""Invitations to a card: who can open, accept and decline them, and what they give away."""

from datetime import datetime
from uuid import UUID, uuid4

import pytest

from okplatform.kernel.audit import SYSTEM
from okplatform.parties.models import Person
from tests.support.proofs import prove
from tests.support.world import World
from tests.wallet.cards import BONUS, put
from tests.wallet.family import accepted, end, invite, opened, share
from wallet.actions.accept_invitation import NameUnfit
from wallet.actions.close_invitation import close_invitation
from wallet.actions.invite_to_card import HasCardAlready, InvitationsFull, PersonNotKnown
from wallet.actions.open_invitation import HasCardNow, InvitationYourOwn, open_invitation
from wallet.card_access import cards_for
from wallet.card_invitations import LINK_LASTS, InvitationGone, known_to, token_of
from wallet.card_shelves import ShareUnknown
from wallet.cards import Wanted
from wallet.models import CardInvitation, CardShare
from wallet.models.card_share import MOST_SHARES

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(alice: Person, now: datetime) -> UUID:
    """Alice's gift card."""
    return put(alice, now, name="Cadeaukaart", barcode=BONUS).uuid


def test_an_invitation_is_for_who_opens_it_first_and_works_once(
    alice: Person, bob: Person, world: World, card: UUID, now: datetime
) -> None:
    invitation = invite(alice, card, now)
    with pytest.raises(InvitationYourOwn):
        opened(alice, invitation, now)
    with pytest.raises(InvitationGone):
        accepted(bob, invitation, now)
    opened(bob, invitation, now)
    opened(bob, invitation, now)
    with pytest.raises(InvitationGone):
        opened(world.charlie, invitation, now)
    with pytest.raises(NameUnfit):
        accepted(bob, invitation, now, name="\u202e")
    accepted(bob, invitation, now, name="Bob")
    with pytest.raises(InvitationGone):
        accepted(bob, invitation, now)
    with pytest.raises(InvitationGone):
        opened(bob, invitation, now)
    with pytest.raises(HasCardNow):
        opened(bob, invite(alice, card, now), now)
    assert CardShare.objects.get().name == "Bob"
    prove()


@pytest.mark.parametrize("token", ["", "x", "0" * 96, "\x00" * 96])
def test_what_is_no_link_of_ours_opens_nothing(bob: Person, token: str, now: datetime) -> None:
    with pytest.raises(InvitationGone):
        open_invitation(person_id=bob.pk, token=token, now=now, actor=SYSTEM)


def test_a_link_that_is_old_changed_withdrawn_or_of_a_test_person_opens_nothing(
    alice: Person, bob: Person, world: World, card: UUID, now: datetime
) -> None:
    invitation = invite(alice, card, now)
    token = token_of(invitation)
    other = token[:-1] + ("0" if token[-1] != "0" else "1")
    for person, text, at in (
        (bob, token, now + LINK_LASTS),
        (bob, other, now),
        (world.tessa, token, now),
    ):
        with pytest.raises(InvitationGone):
            open_invitation(person_id=person.pk, token=text, now=at, actor=SYSTEM)
    with pytest.raises(InvitationGone):
        close_invitation(person_id=bob.pk, invitation=invitation.uuid, now=now, actor=SYSTEM)
    close_invitation(person_id=alice.pk, invitation=invitation.uuid, now=now, actor=SYSTEM)
    with pytest.raises(InvitationGone):
        opened(bob, invitation, now)
    assert not CardShare.objects.exists()


def test_who_declines_has_nothing_and_the_link_is_spent(
    alice: Person, bob: Person, card: UUID, now: datetime
) -> None:
    invitation = opened(bob, invite(alice, card, now), now)
    close_invitation(person_id=bob.pk, invitation=invitation.uuid, now=now, actor=SYSTEM)
    with pytest.raises(InvitationGone):
        opened(bob, invitation, now)
    assert cards_for(bob.pk, Wanted()) == []


def test_only_who_shares_with_one_already_can_be_invited_without_a_link(
    alice: Person, bob: Person, world: World, card: UUID, now: datetime
) -> None:
    held = share(alice, card, bob, now)
    second = put(alice, now, name="Museumkaart").uuid
    assert [one.name for one in known_to(alice.pk)] == ["Bob de Vries"]
    assert [one.name for one in known_to(bob.pk)] == ["Alice Jansen"]
    assert known_to(world.charlie.pk) == []
    with pytest.raises(HasCardAlready):
        invite(alice, card, now, known=held.uuid)
    invitation = invite(alice, second, now, known=held.uuid)
    with pytest.raises(InvitationGone):  # it has no link
        opened(world.charlie, invitation, now)
    assert accepted(bob, invitation, now).person_id == bob.pk
    cheese = put(world.charlie, now, name="Kaas").uuid
    for known in (held.uuid, uuid4()):
        with pytest.raises(PersonNotKnown):
            invite(world.charlie, cheese, now, known=known)


def test_who_leaves_is_not_asked_again_without_a_link(
    alice: Person, bob: Person, card: UUID, now: datetime
) -> None:
    held = share(alice, card, bob, now)
    end(bob, held, now)
    assert known_to(alice.pk) == []
    assert [one.name for one in known_to(bob.pk)] == ["Alice Jansen"]
    with pytest.raises(ShareUnknown):
        end(alice, held, now)
    end(alice, share(alice, card, bob, now), now)
    assert [one.name for one in known_to(alice.pk)] == ["Bob de Vries"]


def test_at_most_twenty_have_a_card(alice: Person, bob: Person, card: UUID, now: datetime) -> None:
    share(alice, card, bob, now)
    for _number in range(MOST_SHARES - 1):
        invite(alice, card, now)
    with pytest.raises(InvitationsFull):
        invite(alice, card, now)
    assert CardInvitation.objects.count() == MOST_SHARES - 1
    invite(alice, card, now + LINK_LASTS)  # the old ones have made room
    assert CardInvitation.objects.count() == 1
