"""Cards as tests share them."""

from datetime import datetime
from uuid import UUID, uuid4

from okplatform.kernel.audit import SYSTEM
from okplatform.parties.models import Person
from tests.wallet.cards import said
from wallet.actions.accept_invitation import accept_invitation
from wallet.actions.change_balance import change_balance
from wallet.actions.end_share import end_share
from wallet.actions.invite_to_card import invite_to_card
from wallet.actions.open_invitation import open_invitation
from wallet.card_invitations import token_of
from wallet.models import Card, CardInvitation, CardShare, ShareLevel


def invite(
    owner: Person,
    card: UUID,
    now: datetime,
    level: ShareLevel = ShareLevel.READ,
    *,
    known: UUID | None = None,
    with_note: bool = False,
    uuid: UUID | None = None,
) -> CardInvitation:
    """Invite somebody, by a link unless they are known."""
    return invite_to_card(
        person_id=owner.pk,
        card=card,
        uuid=uuid or uuid4(),
        level=level,
        with_note=with_note,
        known=known,
        now=now,
        actor=SYSTEM,
    )


def opened(person: Person, invitation: CardInvitation, now: datetime) -> CardInvitation:
    """Open the link of an invitation."""
    token = token_of(invitation)
    return open_invitation(person_id=person.pk, token=token, now=now, actor=SYSTEM)


def accepted(
    person: Person, invitation: CardInvitation, now: datetime, name: str = ""
) -> CardShare:
    """Accept an invitation that was opened."""
    return accept_invitation(
        person_id=person.pk,
        invitation=invitation.uuid,
        name=name or person.name,
        now=now,
        actor=SYSTEM,
    )


def share(
    owner: Person,
    card: UUID,
    person: Person,
    now: datetime,
    level: ShareLevel = ShareLevel.READ,
    *,
    with_note: bool = False,
) -> CardShare:
    """Share a card by a link, all the way."""
    invitation = invite(owner, card, now, level, with_note=with_note)
    return accepted(person, opened(person, invitation, now), now)


def end(person: Person, held: CardShare, now: datetime) -> CardShare:
    """Take a card back, or leave it."""
    return end_share(person_id=person.pk, share=held.uuid, now=now, actor=SYSTEM)


def book(
    person: Person, card: UUID, delta: int, now: datetime, uuid: UUID | None = None, note: str = ""
) -> Card:
    """Put something on or off a card, one's own or shared."""
    return change_balance(
        person_id=person.pk,
        card=card,
        delta=delta,
        note=note,
        said=said(now, uuid=uuid),
        now=now,
        actor=SYSTEM,
    )
