"""Close an invitation to a card: who is invited declines it, or its owner withdraws it."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from wallet.card_invitations import InvitationGone
from wallet.events import CardInvitationClosed
from wallet.models import CardInvitation


def close_invitation(*, person_id: int, invitation: UUID, now: datetime, actor: Actor) -> None:
    """Close an invitation by its owner, or by who it is for; the owner is not told which.

    Raises ``InvitationGone``, also where it was closed already.
    """
    with transaction():
        theirs = Q(owner_id=person_id) | Q(invited_id=person_id)
        found = CardInvitation.objects.select_for_update().filter(theirs, uuid=invitation).first()
        if found is None:
            raise InvitationGone
        found.delete()
        answer = "withdrawn" if found.owner_id == person_id else "declined"
        audit.record(
            actor=actor,
            action=f"card_invitation_{answer}",
            object_type="card_invitation",
            object_id=str(invitation),
        )
        closed = CardInvitationClosed(
            invitation=str(invitation),
            owner_id=found.owner_id,
            invited_id=found.invited_id,
            answer=answer,
        )
        events.publish(closed, now=now, mode=found.mode)
