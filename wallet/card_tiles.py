"""A loyalty card as pages show it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from okplatform.parties.models import Person
from okplatform.web import formats
from wallet.card_access import shared_by
from wallet.card_units import balance_text
from wallet.live_cards import standings
from wallet.models import Card
from wallet.programmes import is_dark
from wallet.symbologies import SYMBOLOGIES, readable

SOON = 30
"""Days before its last one that a card says so."""

DIGITS_TOGETHER = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A card in a list; ``note`` is what needs attention, ``shown_number`` what people read out.

    ``shared_by`` is whose it is, where it is somebody else's.
    ``is_live`` says that ``value`` comes from the ledger.
    """

    uuid: UUID
    name: str
    colour: str
    is_dark: bool
    logo: str | None
    starred: bool
    value: str
    note: str
    is_over: bool
    shown_number: str
    symbology: str
    shared_by: str
    is_live: bool = False


def tiles_of(person: Person, cards: Sequence[Card], today: date) -> list[Tile]:
    """Return how a person's cards look today; a live one says its points, not what was typed."""
    live = standings(person.pk, person.mode, cards)
    tiles = [(card.pk, tile_of(card, today)) for card in cards]
    return [
        replace(tile, value=live[card].points, is_live=True) if card in live else tile
        for card, tile in tiles
    ]


def tile_of(card: Card, today: date) -> Tile:
    """Return how a card looks today, by what its owner wrote on it."""
    note, is_over = _validity(card, today)
    kind = SYMBOLOGIES.get(card.symbology)
    return Tile(
        uuid=card.uuid,
        name=card.name,
        colour=card.colour,
        is_dark=is_dark(card.colour),
        logo=card.logo,
        starred=card.starred,
        value=balance_text(card, card.balance),
        note=note,
        is_over=is_over,
        shown_number=grouped(card.number or readable(card.payload)),
        symbology=kind.label if kind else "",
        shared_by=shared_by(card),
    )


def grouped(number: str) -> str:
    """Write a long number in groups of four, as people read it out."""
    if not number.isdecimal() or len(number) <= 2 * DIGITS_TOGETHER:
        return number
    starts = range(0, len(number), DIGITS_TOGETHER)
    return " ".join(number[start : start + DIGITS_TOGETHER] for start in starts)


def _validity(card: Card, today: date) -> tuple[str, bool]:
    if card.valid_from and card.valid_from > today:
        return _("From {day}").format(day=formats.calendar_day(card.valid_from)), False
    if card.expires_on is None:
        return "", False
    left = (card.expires_on - today).days
    if left < 0:
        return _("Expired"), True
    if left == 0:
        return _("Last day today"), False
    if left <= SOON:
        return ngettext("{days} more day", "{days} more days", left).format(days=left), False
    return "", False
