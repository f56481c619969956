"""The shelves that changes of cards lock, in one order: the card, then shelves by person.

A card that is shared stands on several shelves; a change that all are to hear of steps each of them
on, in the same transaction, so that a phone which asks from a cursor misses nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from okplatform.kernel import events
from okplatform.kernel.db import call, savepoint, transaction_required
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import operator_scope
from wallet.card_access import May, may, seen_by
from wallet.events import CardShareEnded
from wallet.models import Card, CardShare, EndedBy

STEP_ON = """
INSERT INTO wallet_card_shelf (person_id, cursor, cards, photo_bytes) VALUES (%s, 1, 0, 0)
ON CONFLICT (person_id) DO UPDATE SET cursor = wallet_card_shelf.cursor + 1 RETURNING cursor
"""
LOCK = "SELECT FROM wallet_card_shelf WHERE person_id = ANY(%s) ORDER BY person_id FOR UPDATE"
STEP_ALL = """
UPDATE wallet_card_shelf SET cursor = cursor + 1 WHERE person_id = ANY(%s)
RETURNING person_id, cursor
"""


class CardShareOver(Refusal):
    """The card was shared with this person, and is not any more."""

    code = "card_share_ended"
    status = 403
    sentence = _("This card is no longer shared with you. Nothing was changed on it.")


class CardNotYours(Refusal):
    """It is shared with this person, but not for this."""

    code = "card_not_yours"
    status = 403
    sentence = _("This card is somebody else's. Only its owner can change that, or let you.")


class ShareUnknown(Refusal):
    """There is no such share in force, or it is not this person's to change."""

    code = "card_share_unknown"
    status = 404
    sentence = _("This card is not shared with this person any more.")


class _CardAppeared(Exception):  # noqa: N818 -- a reason to begin again, nobody's error
    """Another phone made the card while this one waited for the shelf."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A card that nobody else changes until the transaction ends.

    ``card`` is its owner's row, None while there is no such card; ``share`` is by what somebody
    else came to it. Both have their new cursors, not saved yet in ``card``. ``cursor`` is the new
    one of whoever asked.
    """

    card: Card | None
    share: CardShare | None
    cursor: int


@transaction_required
def step_on(person_id: int) -> int:
    """Lock a person's shelf until the transaction ends, and return its next cursor."""
    cursor: int = call(STEP_ON, [person_id])[0][0]
    return cursor


@transaction_required
def step_on_all(people: Iterable[int]) -> dict[int, int]:
    """Lock the shelves of several people, and return the next cursor of each that has one."""
    wanted = sorted(set(people))
    call(LOCK, [wanted])
    return dict(call(STEP_ALL, [wanted]))


@transaction_required
def hold(person_id: int, card: UUID, *, heard_by_all: bool) -> Held:
    """Lock a card, and the shelves that are to hear of a change of it.

    ``heard_by_all`` is false for what is everybody's own. Raises ``CardShareOver``.
    """
    own = _locked(person_id=person_id, uuid=card)
    if own is not None:
        cursor = _step(own, person_id, heard_by_all=heard_by_all)
        return Held(card=own, share=None, cursor=cursor)
    share = CardShare.objects.filter(person_id=person_id, uuid=card).first()
    if share is not None:
        return _hold_shared(share, person_id, heard_by_all=heard_by_all)
    try:
        with savepoint():
            cursor = _step_for_new(person_id, card)
    except _CardAppeared:
        return hold(person_id, card, heard_by_all=heard_by_all)
    return Held(card=None, share=None, cursor=cursor)


def _step_for_new(person_id: int, card: UUID) -> int:
    cursor = step_on(person_id)
    if _locked(person_id=person_id, uuid=card, skip=True) is not None:
        raise _CardAppeared  # gives the shelf free: the card is locked before it
    return cursor


def _hold_shared(share: CardShare, person_id: int, *, heard_by_all: bool) -> Held:
    card = _locked(pk=share.card_id) if heard_by_all else None
    if card is not None:
        cursor = _step(card, person_id, heard_by_all=True)
    else:
        cursor = step_on(person_id)
        CardShare.objects.filter(pk=share.pk, ended_at=None).update(cursor=cursor)
    now = CardShare.objects.select_related("card", "owner").get(pk=share.pk)
    if now.ended_at is not None:
        raise CardShareOver
    return Held(card=card, share=now, cursor=cursor)


def _locked(*, skip: bool = False, **which: object) -> Card | None:
    with operator_scope("the card of whoever has it, theirs or shared"):
        rows = Card.objects.filter(**which)
        found: Card | None = (rows if skip else rows.select_for_update(no_key=True)).first()
    return found


def _step(card: Card, person_id: int, *, heard_by_all: bool) -> int:
    """Step on everybody's shelf, or one; who has the card cannot change while it is locked."""
    if not heard_by_all:
        return step_on(person_id)
    shares = CardShare.objects.filter(card_id=card.pk, ended_at=None)
    people = dict(shares.values_list("person_id", "pk"))
    cursors = step_on_all([card.person_id, *people])
    for person, share in people.items():
        CardShare.objects.filter(pk=share).update(cursor=cursors[person])
    card.cursor = cursors[card.person_id]
    return cursors.get(person_id, 0)


@transaction_required
def hold_share(person_id: int, share: UUID, *, by_person: bool) -> CardShare:
    """Lock a share in force of a card of this owner, or (``by_person``) with this person.

    It comes with its new cursor, not saved yet. Raises ``ShareUnknown``.
    """
    theirs = Q(owner_id=person_id) | (Q(person_id=person_id) if by_person else Q(pk=None))
    mine = CardShare.objects.filter(theirs, uuid=share, ended_at=None)
    found = mine.first()
    if found is None or _locked(pk=found.card_id) is None:
        raise ShareUnknown
    cursor = step_on(found.person_id)
    now: CardShare | None = mine.first()
    if now is None:
        raise ShareUnknown
    now.cursor = cursor
    return now


@transaction_required
def booked_by(held: Held) -> CardShare | None:
    """Return by what share somebody books, None for the owner; raises ``CardNotYours``."""
    if held.share is not None and not may(seen_by(held.share), May.BOOK):
        raise CardNotYours
    return held.share


@transaction_required
def end_shares(shares: Iterable[CardShare], *, by: EndedBy, now: datetime) -> None:
    """End shares whose shelves have been stepped on; phones hear of it as of a removed card."""
    for share in shares:
        share.ended_at, share.ended_by = now, by
        share.save(update_fields=["ended_at", "ended_by", "cursor"])
        ended = CardShareEnded(
            share=str(share.uuid),
            owner_id=share.owner_id,
            person_id=share.person_id,
            cursor=share.cursor,
            by=by.value,
        )
        events.publish(ended, now=now, mode=share.mode)
