"""What the actions of cards share: how an edit comes in, and what is written of it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction_required
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import person_scope
from wallet import merging
from wallet.card_access import seen_by
from wallet.card_shelves import CardNotYours, end_shares, hold
from wallet.events import CardChanged
from wallet.merging import Stamp
from wallet.models import (
    Card,
    CardChange,
    CardInvitation,
    CardPhoto,
    CardShare,
    CardShelf,
    EndedBy,
)
from wallet.models.card import MOST_CARDS, MOST_GROUPS
from wallet.programmes import COLOURS

PERSONAL = frozenset({"starred", "archived", "groups"})
"""Fields that everybody who has a card writes for themselves."""


class CardUnknown(Refusal):
    """This person has no such card."""

    code = "card_unknown"
    status = 404
    sentence = _("This card is not here. It may have been removed on another phone.")


class SaidOtherwise(Refusal):
    """Something else was said under the same name, perhaps on a page that came back."""

    code = "card_said_otherwise"
    status = 422
    sentence = _("This page is an old one. Open the card again; nothing was changed.")


class ShelfFull(Refusal):
    """The limit is reached."""

    code = "cards_full"
    sentence = _("You have {most} cards, and more do not fit. Remove one first.")


class GroupsFull(Refusal):
    """Two phones together may reach it too."""

    code = "card_groups_full"
    status = 422
    sentence = _("A card can be in {most} groups. Take it out of one first.")


class PhotoUnknown(Refusal):
    """A card refers to a photo that was not sent yet."""

    code = "card_photo_unknown"
    status = 422
    sentence = _("The photo did not arrive. Add it again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Where something about a card was said, and when: by the clock of that phone.

    ``uuid`` names what was said, so that saying it again is harmless; ``device`` is any name that
    the browser keeps for itself.
    """

    uuid: UUID
    device: str
    at: datetime

    def at_most(self, now: datetime) -> datetime:
        """Return when it was said; a clock that runs ahead wins nothing by it."""
        return min(self.at, now)

    def stamp(self, now: datetime) -> Stamp:
        """Return what decides which of two edits is the later."""
        moment = self.at_most(now).astimezone(UTC).isoformat(timespec="microseconds")
        return moment, self.device, str(self.uuid)


@transaction_required
def keep_edit(
    *, person_id: int, card: UUID, fields: dict[str, Any], said: Said, now: datetime, actor: Actor
) -> Card:
    """Merge one edit into its card, which comes into being by its first one.

    The same edit again changes nothing. Raises ``CardUnknown`` for an edit of no card that does not
    name one, ``SaidOtherwise``, ``ShelfFull``, ``GroupsFull`` or ``PhotoUnknown``; and of a card
    that is shared, ``CardShareOver``, or ``CardNotYours`` for more than ``PERSONAL`` fields.
    """
    held = hold(person_id, card, heard_by_all=not fields.keys() <= PERSONAL)
    if held.share is not None:
        return _arrange(person_id, held.share, fields, said=said, now=now, actor=actor)
    found = held.card
    with person_scope(person_id):
        before = CardChange.objects.filter(uuid=said.uuid).first()
    if before is not None:
        if found is None or (before.card_id, before.fields) != (found.pk, fields):
            raise SaidOtherwise
        return found
    if found is None and "name" not in fields:
        raise CardUnknown
    kept = found or new_card(person_id, card, fields, now)
    photos_are_here(person_id, fields)
    counted = 0 if found is None or found.removed else 1
    kept.cursor = held.cursor
    apply(kept, fields, said.stamp(now))
    make_room(person_id, (0 if kept.removed else 1) - counted)
    kept.save()
    CardChange.objects.create(
        person_id=person_id,
        card=kept,
        uuid=said.uuid,
        device=said.device,
        edited_at=said.at_most(now),
        recorded_at=now,
        fields=fields,
    )
    if kept.removed:
        _let_go(kept, now)
    tell(kept, action="card_edited", actor=actor, now=now, fields=sorted(fields))
    return kept


def _let_go(card: Card, now: datetime) -> None:
    """End what others had of a card that was removed; nobody gets it back by itself."""
    CardInvitation.objects.filter(card_id=card.pk).delete()
    end_shares(CardShare.objects.filter(card_id=card.pk, ended_at=None), by=EndedBy.OWNER, now=now)


def _arrange(
    person_id: int,
    share: CardShare,
    fields: dict[str, Any],
    *,
    said: Said,
    now: datetime,
    actor: Actor,
) -> Card:
    """Merge what somebody wrote for themselves on a card that another shares with them."""
    if not fields.keys() <= PERSONAL:
        raise CardNotYours
    apply(share, fields, said.stamp(now))
    share.save(update_fields=["versions", "groups", "starred", "archived"])
    audit.record(
        actor=actor,
        action="shared_card_arranged",
        object_type="card_share",
        object_id=str(share.uuid),
        data={"fields": sorted(fields)},
    )
    changed = CardChanged(
        card=str(share.uuid), person_id=person_id, cursor=share.cursor, removed=False
    )
    events.publish(changed, now=now, mode=None)
    return seen_by(share)


def new_card(person_id: int, card: UUID, fields: dict[str, Any], now: datetime) -> Card:
    """Return a card with nothing on it; its colour follows from its name until one is chosen."""
    colour = COLOURS[sum(fields["name"].encode()) % len(COLOURS)]
    return Card(person_id=person_id, uuid=card, versions={}, colour=colour, added_at=now)


def apply(card: Card | CardShare, fields: dict[str, Any], stamp: Stamp) -> bool:
    """Let an edit's fields win where they are the latest; say whether any did."""
    merged = merging.merge(card.versions, fields, stamp)
    card.versions = dict(merged.versions)
    card.groups = sorted(merging.groups_after(frozenset(card.groups), merged.won))
    if len(card.groups) > MOST_GROUPS:
        raise GroupsFull(most=MOST_GROUPS)
    for name, value in merged.won.items():
        if not name.startswith(merging.GROUP):
            _set(card, name, value)
    return bool(merged.won)


def _set(card: Any, name: str, value: Any) -> None:
    if name == "barcode":
        barcode = value or {"symbology": "", "payload": "", "encoding": card.encoding}
        for part, text in barcode.items():
            setattr(card, part, text)
    elif name in {"valid_from", "expires_on"}:
        setattr(card, name, date.fromisoformat(value) if value else None)
    else:
        setattr(card, name, value)


@transaction_required
def make_room(person_id: int, more: int) -> None:
    """Count cards on or off the shelf; raises ``ShelfFull``."""
    with person_scope(person_id):
        shelf = CardShelf.objects.filter(cards__lte=MOST_CARDS - more)
        if more and not shelf.update(cards=F("cards") + more):
            raise ShelfFull(most=MOST_CARDS)


@transaction_required
def photos_are_here(person_id: int, fields: dict[str, Any]) -> None:
    """Raise ``PhotoUnknown`` where an edit shows a photo that nobody sent."""
    shown = {fields[side] for side in ("front", "back", "logo") if fields.get(side)}
    with person_scope(person_id):
        if CardPhoto.objects.filter(digest__in=shown).count() != len(shown):
            raise PhotoUnknown


@transaction_required
def tell(card: Card, *, action: str, actor: Actor, now: datetime, **data: Any) -> None:
    """Write the audit row and the event of a change; neither holds what stands on the card."""
    audit.record(
        actor=actor,
        action=action,
        object_type="card",
        object_id=str(card.uuid),
        data=data,
    )
    events.publish(
        CardChanged(
            card=str(card.uuid), person_id=card.person_id, cursor=card.cursor, removed=card.removed
        ),
        now=now,
        mode=None,
    )
