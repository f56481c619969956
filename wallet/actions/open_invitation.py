"""Open the link of an invitation to a card: from then on it is for this person only."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from okplatform.parties.integrity import refusing
from okplatform.parties.models import Person
from wallet.card_invitations import InvitationGone, invitation_of, open_invitations
from wallet.models import CardInvitation, CardShare


class InvitationYourOwn(Refusal):
    """The owner tried the link; it stays as it is."""

    code = "card_invitation_your_own"
    sentence = _("This is your own invitation. Let somebody else open it; it still works.")


class HasCardNow(Refusal):
    """Whoever opened it has the card, or another invitation to it."""

    code = "card_shared_with_you_already"
    sentence = _("You have this card already, or an invitation to it. Look among your cards.")


def open_invitation(*, person_id: int, token: str, now: datetime, actor: Actor) -> CardInvitation:
    """Return the invitation of a link, which nobody else can open from now on.

    The same person may open it again until it is answered. Raises ``InvitationGone`` for all that
    is no open invitation, ``InvitationYourOwn`` or ``HasCardNow``.
    """
    found = invitation_of(token)
    if found is None or not open_invitations(now).filter(pk=found.pk).exists():
        raise InvitationGone
    if found.owner_id == person_id:
        raise InvitationYourOwn
    if CardShare.objects.filter(card=found.card_id, person=person_id, ended_at=None).exists():
        raise HasCardNow
    with refusing({"card_invitation_once": HasCardNow}), transaction():
        mode = Person.objects.values_list("mode", flat=True).get(pk=person_id)
        free = Q(invited__isnull=True) | Q(invited_id=person_id)
        mine = CardInvitation.objects.filter(free, pk=found.pk, mode=mode)
        if not mine.update(invited_id=person_id):
            raise InvitationGone
        audit.record(
            actor=actor,
            action="card_invitation_opened",
            object_type="card_invitation",
            object_id=str(found.uuid),
        )
    return found
