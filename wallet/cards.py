"""Reads of loyalty cards: rows for a list, plain values for a phone, and what once stood there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, OrderBy, Q, QuerySet

from okplatform.kernel.tenancy import person_scope
from wallet.merging import GROUP, registers
from wallet.models import Card, CardBalanceChange, CardChange, CardPhoto, CardShelf

SORTS: Mapping[str, Sequence[str | OrderBy]] = {
    "used": (F("last_used_at").desc(nulls_last=True), "name"),
    "often": ("-times_used", "name"),
    "name": ("name",),
    "added": ("-added_at", "name"),
}
"""The orders of a list; starred cards come first in each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What of the cards somebody wants to see."""

    text: str = ""
    group: str = ""
    sort: str = "used"
    archived: bool = False
    removed: bool = False


def cards_of(person_id: int, wanted: Wanted) -> QuerySet[Card]:
    """Return a person's cards, the starred ones first."""
    with person_scope(person_id):
        cards: QuerySet[Card] = Card.objects.filter(removed=wanted.removed)
    if not wanted.removed:
        cards = cards.filter(archived=wanted.archived)
    if wanted.group:
        cards = cards.filter(groups__contains=[wanted.group])
    for word in wanted.text.split():
        found = Q(name__icontains=word) | Q(issuer__icontains=word) | Q(note__icontains=word)
        cards = cards.filter(found | Q(number__icontains=word) | Q(groups__icontains=word))
    return cards.order_by("-starred", *SORTS[wanted.sort], "id")


def card_of(person_id: int, card: UUID) -> Card | None:
    """Return one card of a person, also a removed one."""
    with person_scope(person_id):
        found: Card | None = Card.objects.filter(uuid=card).first()
    return found


def groups_of(person_id: int) -> list[str]:
    """Return the groups that a person's cards are in, by name."""
    with person_scope(person_id):
        lists = Card.objects.filter(removed=False).values_list("groups", flat=True)
        return sorted({group for groups in lists for group in groups}, key=str.casefold)


def changed_since(person_id: int, cursor: int, most: int) -> list[Card]:
    """Return the cards that changed after a cursor, removed ones too, in the order they did."""
    with person_scope(person_id):
        return list(Card.objects.filter(cursor__gt=cursor).order_by("cursor")[:most])


def cursor_of(person_id: int) -> int:
    """Return the cursor of a person's newest change; 0 before the first."""
    with person_scope(person_id):
        return CardShelf.objects.values_list("cursor", flat=True).first() or 0


def photo_of(person_id: int, digest: str) -> CardPhoto | None:
    """Return a photo of a person."""
    with person_scope(person_id):
        found: CardPhoto | None = CardPhoto.objects.filter(digest=digest).first()
    return found


def photos_of(person_id: int) -> Iterator[CardPhoto]:
    """Yield all photos of a person, one at a time: together they may be large."""
    with person_scope(person_id):
        yield from CardPhoto.objects.order_by("id").iterator(chunk_size=1)


def as_values(card: Card) -> dict[str, Any]:
    """Return a card as plain values: what a phone keeps, and what an export holds.

    A removed card is its UUID and nothing of what stood on it.
    """
    common = {"uuid": str(card.uuid), "cursor": card.cursor, "removed": card.removed}
    if card.removed:
        return common
    barcode = {
        "symbology": card.symbology,
        "payload": card.payload,
        "encoding": card.encoding,
    }
    plain = ("name", "issuer", "programme", "number", "colour", "note", "unit", "groups", "starred")
    more = ("archived", "front", "back", "logo", "balance", "uses", "times_used", "versions")
    return {
        **common,
        **{name: getattr(card, name) for name in (*plain, *more)},
        "barcode": barcode if card.symbology else None,
        "valid_from": card.valid_from and card.valid_from.isoformat(),
        "expires_on": card.expires_on and card.expires_on.isoformat(),
        "added_at": card.added_at.isoformat(),
        "last_used_at": card.last_used_at and card.last_used_at.isoformat(),
    }


@dataclass(frozen=True, slots=True)
class Edit:
    """One register as an edit wrote it; ``in_force`` where the card still has it from there."""

    change_id: int
    register: str
    value: Any
    edited_at: datetime
    in_force: bool

    def again(self) -> dict[str, Any]:
        """Return the fields that write this value once more."""
        group = self.register.removeprefix(GROUP)
        return (
            {self.register: self.value}
            if group == self.register
            else {"groups": {group: self.value}}
        )


def edits_of(card: Card) -> list[Edit]:
    """Return what was written on a card, the latest first; what lost is in it as well."""
    with person_scope(card.person_id):
        changes = list(CardChange.objects.filter(card=card).order_by("-edited_at", "-id"))
    return edits_in(card, changes)


def edits_in(card: Card, changes: Sequence[CardChange]) -> list[Edit]:
    """Return what these changes wrote on a card, in their order."""
    return [
        Edit(
            change.pk,
            register,
            value,
            change.edited_at,
            card.versions.get(register, ("", "", ""))[2] == str(change.uuid),
        )
        for change in changes
        for register, value in registers(change.fields).items()
    ]


def balance_changes_of(card: Card) -> Sequence[CardBalanceChange]:
    """Return what went on and off the balance, the latest first."""
    with person_scope(card.person_id):
        changes = CardBalanceChange.objects.filter(card=card).select_related("share")
        return list(changes.order_by("-changed_at", "-id"))
