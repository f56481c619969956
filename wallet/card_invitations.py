"""Invitations to a card: the link that opens one, and who may be invited without a link."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from okplatform.kernel.errors import Refusal
from wallet.models import Card, CardInvitation, CardShare, EndedBy

LINK_LASTS = timedelta(hours=24)
LASTS = timedelta(days=30)
"""How long a link opens, and how long somebody who is known may take to answer."""

TOKEN = re.compile(r"([0-9a-f]{32})([0-9a-f]{64})")
SALT = "wallet.card_invitation"


class InvitationGone(Refusal):
    """Never there, answered, opened by somebody else, withdrawn or too old: which is not told."""

    code = "card_invitation_gone"
    status = 404
    sentence = _("This invitation no longer works. Ask for a new one.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Somebody one shares cards with; pages name them by ``share`` and never by their account."""

    person_id: int
    share: UUID
    name: str


def token_of(invitation: CardInvitation) -> str:
    """Return the secret of its link; who has it opens the invitation, once."""
    return invitation.uuid.hex + _seal(invitation)


def invitation_of(token: str) -> CardInvitation | None:
    """Return the invitation that a secret opens, whoever it is for."""
    said = TOKEN.fullmatch(token)
    found = said and CardInvitation.objects.filter(uuid=UUID(said[1]), by_link=True).first()
    if not said or not found or not constant_time_compare(said[2], _seal(found)):
        return None
    invitation: CardInvitation = found
    return invitation


def _seal(invitation: CardInvitation) -> str:
    value = f"{invitation.uuid}/{invitation.created_at.timestamp()}"
    return salted_hmac(SALT, value, algorithm="sha256").hexdigest()


def open_invitations(now: datetime) -> QuerySet[CardInvitation]:
    """Return the invitations that can still be answered."""
    found: QuerySet[CardInvitation] = CardInvitation.objects.filter(
        expires_at__gt=now, card__removed=False
    )
    return found.select_related("card", "owner").order_by("created_at", "id")


def invitations_for(person_id: int, now: datetime) -> QuerySet[CardInvitation]:
    """Return what somebody is invited to."""
    return open_invitations(now).filter(invited_id=person_id)


def shares_of(card: Card) -> QuerySet[CardShare]:
    """Return who has a card of one's own, the first one first."""
    shares: QuerySet[CardShare] = CardShare.objects.filter(card_id=card.pk, ended_at=None)
    return shares.order_by("accepted_at", "id")


def known_without(person_id: int, card: Card) -> Sequence[Known]:
    """Return those of them who neither have a card of one's own nor are invited to it."""
    have = {share.person_id for share in shares_of(card)}
    asked = CardInvitation.objects.filter(card_id=card.pk, by_link=False)
    have.update(asked.values_list("invited_id", flat=True))
    return [one for one in known_to(person_id) if one.person_id not in have]


def known_to(person_id: int) -> Sequence[Known]:
    """Return the people somebody shares cards with, in either direction, by name.

    Who left, or did not let one in any more, is not among them: only they can begin again.
    """
    people: dict[int, Known] = {}
    for share in _between(person_id).order_by("-ended_at", "accepted_at"):
        if share.owner_id is None or share.person_id is None or share.owner is None:
            continue
        is_owner = share.owner_id == person_id
        other = share.person_id if is_owner else share.owner_id
        name = share.name if is_owner else share.owner.name
        people[other] = Known(person_id=other, share=share.uuid, name=name)
    return sorted(people.values(), key=lambda one: one.name.casefold())


def person_known_to(person_id: int, share: UUID) -> int | None:
    """Return who stands in that list under a share; None for anybody else."""
    found = _between(person_id).filter(uuid=share).first()
    if found is None:
        return None
    return found.person_id if found.owner_id == person_id else found.owner_id


def _between(person_id: int) -> QuerySet[CardShare]:
    mine = Q(owner_id=person_id) & (Q(ended_at=None) | Q(ended_by=EndedBy.OWNER))
    theirs = Q(person_id=person_id) & (Q(ended_at=None) | Q(ended_by=EndedBy.PERSON))
    there = CardShare.objects.filter(owner__isnull=False, person__isnull=False)
    shares: QuerySet[CardShare] = there.filter(mine | theirs).select_related("owner")
    return shares
