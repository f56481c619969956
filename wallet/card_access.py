"""Which cards somebody may see, and what with: the one door to them, for pages, phones and files.

One's own cards, with everything; and those that others share, as far as they do
(docs/adr/0029-cards-in-the-family.md). A card of somebody else comes as that person sees it: under
the share's UUID, with their own star, groups, archive and uses, and without the owner's. Nothing
here outlives one read: a share that ended is not there on the next request.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from okplatform.kernel.tenancy import operator_scope
from wallet import cards
from wallet.card_texts import for_phone
from wallet.cards import Wanted
from wallet.models import Card, CardBalanceChange, CardPhoto, CardShare, ShareLevel


class May(Enum):
    """What one may want to do with a card.

    ``SEE``: show it at the till, with its photos and balance. ``ARRANGE``: what is everybody's own:
    star, groups, archive, uses. ``BOOK``: change the balance, and see what others did. ``OWN``: all
    else.
    """

    SEE = "see"
    ARRANGE = "arrange"
    BOOK = "book"
    OWN = "own"


GIVEN: Mapping[str, frozenset[May]] = {
    ShareLevel.READ.value: frozenset({May.SEE, May.ARRANGE}),
    ShareLevel.USE.value: frozenset({May.SEE, May.ARRANGE, May.BOOK}),
}
"""What each level of a share gives; nothing gives ``OWN``."""

_Key = Callable[[Card], Any]
ORDERS: Mapping[str, _Key] = {
    "used": lambda card: -card.last_used_at.timestamp() if card.last_used_at else 0,
    "often": lambda card: -card.times_used,
    "name": lambda _card: 0,
    "added": lambda card: -card.added_at.timestamp(),
}
"""As ``wallet.cards.SORTS``, of which each also ends with the name."""


def may(card: Card, what: May) -> bool:
    """Say whether whoever this card was found for may do that with it."""
    return card.share is None or what in GIVEN[card.share.level]


def shares_with(person_id: int) -> QuerySet[CardShare]:
    """Return the shares in force that give somebody another's card, with card and owner."""
    shares: QuerySet[CardShare] = CardShare.objects.filter(
        person_id=person_id, ended_at=None, card__removed=False
    )
    return shares.select_related("card", "owner")


def card_for(person_id: int, card: UUID, what: May) -> Card | None:
    """Return a card if somebody may do that with it, their own removed ones too."""
    found = cards.card_of(person_id, card)
    if found is None:
        share = shares_with(person_id).filter(uuid=card).first()
        found = seen_by(share) if share else None
    return found if found and may(found, what) else None


def cards_for(person_id: int, wanted: Wanted) -> list[Card]:
    """Return the cards that somebody wants to see, starred ones first."""
    own = list(cards.cards_of(person_id, wanted))
    shared = [] if wanted.removed else [seen_by(share) for share in shares_with(person_id)]
    fitting = [card for card in shared if _fits(card, wanted)]
    if not fitting:
        return own
    order = ORDERS.get(wanted.sort, ORDERS["used"])
    return sorted(
        [*own, *fitting],
        key=lambda card: (not card.starred, order(card), card.name.casefold(), str(card.uuid)),
    )


def groups_for(person_id: int) -> list[str]:
    """Return the groups that somebody put cards in, by name."""
    shared = {group for share in shares_with(person_id) for group in share.groups}
    return sorted({*cards.groups_of(person_id), *shared}, key=str.casefold)


def photo_for(person_id: int, digest: str) -> tuple[CardPhoto, bool] | None:
    """Return a photo, and whether it is one's own; another's while a card shared shows it."""
    own = cards.photo_of(person_id, digest)
    if own is not None:
        return own, True
    shown = Q(card__front=digest) | Q(card__back=digest) | Q(card__logo=digest)
    share = shares_with(person_id).filter(shown).first()
    if share is None:
        return None
    with operator_scope("a photo on a card that its owner shares"):
        found: CardPhoto = CardPhoto.objects.get(person_id=share.owner_id, digest=digest)
    return found, False


def bookings_for(card: Card) -> Sequence[CardBalanceChange]:
    """Return what went on and off, and by whom, the latest first; nothing to who may not know."""
    return cards.balance_changes_of(card) if may(card, May.BOOK) else []


def changes_for(person_id: int, after: int, *, upto: int, most: int) -> list[dict[str, Any]]:
    """Return as a phone keeps them the cards that changed between cursors, in the order they did.

    A card that is not shared any more is there as one that was removed.
    """
    own = cards.changed_since(person_id, after, most)
    texts = for_phone(person_id, own)
    values = [values_for(card) | texts[card.pk] for card in own]
    changed = CardShare.objects.filter(person_id=person_id, cursor__gt=after)
    shares = changed.select_related("card", "owner").order_by("cursor")[:most]
    values += [_values_of(share) for share in shares]
    known = (card for card in values if card["cursor"] <= upto)
    return sorted(known, key=lambda card: int(card["cursor"]))[:most]


def values_for(card: Card) -> dict[str, Any]:
    """Return a card as plain values; one of somebody else says whose it is, and what one may."""
    values = cards.as_values(card)
    if card.share is None or card.removed:
        return values
    return {**values, "shared": {"by": shared_by(card), "may_book": may(card, May.BOOK)}}


def shared_by(card: Card) -> str:
    """Return the name of who shares a card; empty for one's own."""
    owner = card.share and card.share.owner
    return owner.name if owner else ""


def seen_by(share: CardShare) -> Card:
    """Return the card of a share in force as its person sees it; it cannot be saved."""
    assert share.card is not None  # noqa: S101 -- card_share_in_force_is_whole
    card = Card(**{field.attname: getattr(share.card, field.attname) for field in _FIELDS})
    card.share = share
    card.uuid, card.cursor, card.added_at = share.uuid, share.cursor, share.accepted_at
    card.versions, card.groups = share.versions, share.groups
    card.starred, card.archived = share.starred, share.archived
    card.uses, card.times_used = share.uses, share.times_used
    card.last_used_at = share.last_used_at
    card.note = card.note if share.with_note else ""
    return card


_FIELDS = Card._meta.concrete_fields  # noqa: SLF001 -- Django's public API


def _values_of(share: CardShare) -> dict[str, Any]:
    if share.ended_at is None and share.card is not None and not share.card.removed:
        return values_for(seen_by(share))
    return {"uuid": str(share.uuid), "cursor": share.cursor, "removed": True}


def _fits(card: Card, wanted: Wanted) -> bool:
    if card.archived != wanted.archived or (wanted.group and wanted.group not in card.groups):
        return False
    said = " ".join([card.name, card.issuer, card.note, card.number, *card.groups]).casefold()
    return all(word.casefold() in said for word in wanted.text.split())
