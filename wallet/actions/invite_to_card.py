"""Invite somebody to a card: by a link, or from the people one shares cards with."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction, transaction_required
from okplatform.kernel.errors import Refusal
from okplatform.parties.models import Person
from wallet.card_invitations import LASTS, LINK_LASTS, person_known_to
from wallet.card_keeping import CardUnknown, SaidOtherwise
from wallet.card_shelves import CardNotYours, hold
from wallet.events import CardInvitationMade
from wallet.models import Card, CardInvitation, CardShare, ShareLevel
from wallet.models.card_share import MOST_SHARES


class InvitationsFull(Refusal):
    """As many people have the card, or are invited, as may."""

    code = "card_shares_full"
    sentence = _("At most {most} people can have one card. Stop sharing with somebody first.")


class PersonNotKnown(Refusal):
    """Nobody one shares cards with; whether there is such a person is not told."""

    code = "card_person_not_known"
    status = 422
    sentence = _("This person is not in your list. Invite them with a link.")


class HasCardAlready(Refusal):
    """They have it, or are invited to it."""

    code = "card_shared_already"
    sentence = _("This person has the card already, or an invitation to it.")


def invite_to_card(
    *,
    person_id: int,
    card: UUID,
    uuid: UUID,
    level: ShareLevel,
    with_note: bool,
    known: UUID | None,
    now: datetime,
    actor: Actor,
) -> CardInvitation:
    """Make an invitation to one's own card and return it; the same ``uuid`` again makes no other.

    Without ``known`` it is for who opens its link first. ``known`` is a share with somebody
    (``wallet.card_invitations.known_to``). Raises ``CardUnknown``, ``CardNotYours``,
    ``SaidOtherwise``, ``InvitationsFull``, ``PersonNotKnown`` or ``HasCardAlready``.
    """
    with transaction():
        own = _own(person_id, card)
        before: CardInvitation | None = CardInvitation.objects.filter(uuid=uuid).first()
        if before is not None:
            return _again(before, own)
        CardInvitation.objects.filter(card_id=own.pk, expires_at__lte=now).delete()
        invitation: CardInvitation = CardInvitation.objects.create(
            uuid=uuid,
            owner_id=person_id,
            card=own,
            invited_id=_invited(person_id, own, known),
            mode=Person.objects.values_list("mode", flat=True).get(pk=person_id),
            level=level,
            with_note=with_note,
            by_link=known is None,
            number=_number(own),
            created_at=now,
            expires_at=now + (LINK_LASTS if known is None else LASTS),
        )
        _tell(invitation, own, now=now, actor=actor)
    return invitation


def _own(person_id: int, card: UUID) -> Card:
    held = hold(person_id, card, heard_by_all=False)
    if held.share is not None:
        raise CardNotYours
    if held.card is None or held.card.removed:
        raise CardUnknown
    return held.card


@transaction_required
def _tell(invitation: CardInvitation, card: Card, *, now: datetime, actor: Actor) -> None:
    audit.record(
        actor=actor,
        action="card_invitation_made",
        object_type="card",
        object_id=str(card.uuid),
        data={
            "invitation": str(invitation.uuid),
            "level": invitation.level,
            "by_link": invitation.by_link,
        },
    )
    made = CardInvitationMade(
        invitation=str(invitation.uuid),
        owner_id=invitation.owner_id,
        invited_id=invitation.invited_id,
    )
    events.publish(made, now=now, mode=invitation.mode)


def _again(before: CardInvitation, card: Card) -> CardInvitation:
    if before.card_id != card.pk:
        raise SaidOtherwise
    return before


def _invited(person_id: int, card: Card, known: UUID | None) -> int | None:
    if known is None:
        return None
    other = person_known_to(person_id, known)
    if other is None:
        raise PersonNotKnown
    has_it = CardShare.objects.filter(card_id=card.pk, person_id=other, ended_at=None)
    asked = CardInvitation.objects.filter(card_id=card.pk, invited_id=other)
    if has_it.exists() or asked.exists():
        raise HasCardAlready
    return other


def _number(card: Card) -> int:
    shares = CardShare.objects.filter(card_id=card.pk, ended_at=None).count()
    taken = set(CardInvitation.objects.filter(card_id=card.pk).values_list("number", flat=True))
    if shares + len(taken) >= MOST_SHARES:
        raise InvitationsFull(most=MOST_SHARES)
    return min(set(range(1, MOST_SHARES + 1)) - taken)
