"""Take up another's card: the invitation is used, and the card stands among one's own."""

from datetime import datetime
from uuid import UUID, uuid4

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction, transaction_required
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.integrity import refusing
from wallet.actions.open_invitation import HasCardNow
from wallet.card_invitations import InvitationGone, open_invitations
from wallet.card_shelves import step_on
from wallet.events import CardInvitationClosed, CardShared
from wallet.models import Card, CardInvitation, CardShare
from wallet.models.card_share import LONGEST_NAME, MOST_SHARED, MOST_SHARES


class NameUnfit(Refusal):
    """The owner sees by it who has the card."""

    code = "card_share_name_unfit"
    status = 422
    sentence = _("Fill in the name by which the owner knows you, of at most {longest} characters.")


class SharesFull(Refusal):
    """As many people have the card as may."""

    code = "card_shares_are_full"
    sentence = _("{most} people have this card, and more cannot. Tell its owner.")


class SharedFull(Refusal):
    """As many cards of others as one person may have."""

    code = "cards_shared_are_full"
    sentence = _("You have {most} cards of others, and more do not fit. Leave one first.")


def accept_invitation(
    *, person_id: int, invitation: UUID, name: str, now: datetime, actor: Actor
) -> CardShare:
    """Accept an invitation that is for this person, under ``name``, and return the share.

    The name is all that the owner is told. Raises ``NameUnfit``, ``InvitationGone``,
    ``HasCardNow``, ``SharesFull`` or ``SharedFull``: then the invitation stays open.
    """
    known_as = name.strip()
    if not known_as or len(known_as) > LONGEST_NAME or not known_as.isprintable():
        raise NameUnfit(longest=LONGEST_NAME)
    with refusing({"card_share_once": HasCardNow}), transaction():
        mine = open_invitations(now).filter(uuid=invitation, invited_id=person_id)
        card = _locked_card(mine.first())
        used = mine.select_for_update(of=("self",)).first()
        if used is None:
            raise InvitationGone
        CardInvitation.objects.filter(pk=used.pk).delete()
        cursor = step_on(person_id)
        share: CardShare = CardShare.objects.create(
            uuid=uuid4(),
            owner_id=used.owner_id,
            card=card,
            person_id=person_id,
            mode=used.mode,
            name=known_as,
            level=used.level,
            with_note=used.with_note,
            seat=_seat(card),
            place=_place(person_id),
            accepted_at=now,
            cursor=cursor,
        )
        _tell(used, share, now=now, actor=actor)
    return share


@transaction_required
def _locked_card(invitation: CardInvitation | None) -> Card:
    """Lock the card before its invitation, as whoever removes it does."""
    if invitation is None:
        raise InvitationGone
    with operator_scope("a card that its owner invited somebody to"):
        cards = Card.objects.select_for_update(no_key=True)
        card: Card | None = cards.filter(pk=invitation.card_id, removed=False).first()
    if card is None:
        raise InvitationGone
    return card


def _seat(card: Card) -> int:
    """Return the lowest seat that is free; the card is locked, so that it stays free."""
    taken = CardShare.objects.filter(card=card, ended_at=None).values_list("seat", flat=True)
    free = set(range(1, MOST_SHARES + 1)).difference(taken)
    if not free:
        raise SharesFull(most=MOST_SHARES)
    return min(free)


def _place(person_id: int) -> int:
    """Return the lowest place that is free; the shelf is locked."""
    mine = CardShare.objects.filter(person_id=person_id, ended_at=None)
    free = set(range(1, MOST_SHARED + 1)).difference(mine.values_list("place", flat=True))
    if not free:
        raise SharedFull(most=MOST_SHARED)
    return min(free)


@transaction_required
def _tell(used: CardInvitation, share: CardShare, *, now: datetime, actor: Actor) -> None:
    audit.record(
        actor=actor,
        action="card_invitation_accepted",
        object_type="card_share",
        object_id=str(share.uuid),
        data={"invitation": str(used.uuid), "level": share.level},
    )
    people = {"owner_id": share.owner_id, "person_id": share.person_id}
    shared = CardShared(share=str(share.uuid), cursor=share.cursor, **people)
    events.publish(shared, now=now, mode=share.mode)
    closed = CardInvitationClosed(
        invitation=str(used.uuid),
        owner_id=used.owner_id,
        invited_id=used.invited_id,
        answer="accepted",
    )
    events.publish(closed, now=now, mode=share.mode)
