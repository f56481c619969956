"""What OK holds of a person's sharing of cards: what they take along, and what ends with them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from okplatform.kernel.db import call, transaction_required
from okplatform.kernel.tenancy import operator_scope, person_scope
from wallet.card_shelves import LOCK, end_shares, step_on
from wallet.hooks import Section
from wallet.models import Card, CardBalanceChange, CardInvitation, CardShare, EndedBy


def family_sections(person_id: int) -> Sequence[Section]:
    """Return what a person shares and has of others; what is on their cards is not theirs."""
    return [
        Section("card_shares", _("Who has your cards"), _given(person_id)),
        Section("cards_of_others", _("Cards of others that you have"), _taken(person_id)),
        Section("cards_of_others_balances", _("What you booked on them"), _booked(person_id)),
        Section("card_invitations", _("Open invitations to cards"), _invitations(person_id)),
    ]


def _given(person_id: int) -> Sequence[Mapping[str, Any]]:
    shares = CardShare.objects.filter(owner_id=person_id).select_related("card").order_by("id")
    return [
        {
            "card": share.card and str(share.card.uuid),
            "name": share.name,
            "level": share.level,
            "with_note": share.with_note,
            **_moments(share),
        }
        for share in shares
    ]


def _taken(person_id: int) -> Sequence[Mapping[str, Any]]:
    shares = CardShare.objects.filter(person_id=person_id).order_by("id")
    return [
        {
            "card": str(share.uuid),
            "of": share.owner.name if share.owner and share.ended_at is None else None,
            "card_name": share.card.name if share.card and share.ended_at is None else None,
            "your_name": share.name,
            "level": share.level,
            "starred": share.starred,
            "archived": share.archived,
            "groups": ", ".join(share.groups),
            "times_used": share.times_used,
            "last_used_at": _text(share.last_used_at),
            **_moments(share),
        }
        for share in shares.select_related("card", "owner")
    ]


def _moments(share: CardShare) -> Mapping[str, str | None]:
    return {"accepted_at": _text(share.accepted_at), "ended_at": _text(share.ended_at)}


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _booked(person_id: int) -> Sequence[Mapping[str, Any]]:
    with operator_scope("what somebody booked on cards of others"):
        changes = CardBalanceChange.objects.filter(share__person_id=person_id)
        return [
            {
                "card": str(change.share.uuid),
                "at": change.changed_at.isoformat(),
                "delta": change.delta,
                "note": change.note,
            }
            for change in changes.select_related("share").order_by("id")
        ]


def _invitations(person_id: int) -> Sequence[Mapping[str, Any]]:
    mine = Q(owner_id=person_id) | Q(invited_id=person_id)
    found = CardInvitation.objects.filter(mine).select_related("card").order_by("id")
    return [
        {
            "card_name": one.card.name,
            "yours": one.owner_id == person_id,
            "level": one.level,
            "created_at": one.created_at.isoformat(),
            "expires_at": one.expires_at.isoformat(),
        }
        for one in found
    ]


@transaction_required
def leave_family(person_id: int, *, now: datetime) -> None:
    """End all sharing of a person who leaves; what stays names them nowhere.

    Of their cards the others keep a row that tells phones to let go; of the cards they had, their
    bookings stay on those, without a name. Locks cards before shelves, as every change does.
    """
    given = CardShare.objects.filter(owner_id=person_id)
    taken = CardShare.objects.filter(person_id=person_id)
    there = Q(person_id=person_id) | Q(pk__in=taken.filter(ended_at=None).values("card_id"))
    with operator_scope("cards that somebody who leaves shares or has"):
        list(Card.objects.select_for_update(no_key=True).filter(there).order_by("pk"))
    CardInvitation.objects.filter(Q(owner_id=person_id) | Q(invited_id=person_id)).delete()
    active = list(given.filter(ended_at=None).order_by("id"))
    call(LOCK, [sorted({person_id, *(share.person_id for share in active)})])
    for share in active:
        share.cursor = step_on(share.person_id)
    end_shares(active, by=EndedBy.OWNER, now=now)
    end_shares(taken.filter(ended_at=None), by=EndedBy.PERSON, now=now)
    with person_scope(person_id):
        CardBalanceChange.objects.all().delete()
    given.update(owner=None, card=None, name="")
    taken.update(
        person=None,
        name="",
        versions={},
        groups=[],
        starred=False,
        archived=False,
        uses={},
        times_used=0,
        last_used_at=None,
    )
