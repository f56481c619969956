"""What once stood on cards, as plain texts in the reader's language; a phone keeps some of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from okplatform.kernel.tenancy import person_scope
from wallet.card_units import unit_choices
from wallet.cards import Edit, edits_in
from wallet.merging import GROUP
from wallet.models import Card, CardChange
from wallet.symbologies import SYMBOLOGIES, readable

MOST_EDITS = 12
"""Edits of one card that a phone keeps, the latest; with a network there are all of them."""


LABELS: Mapping[str, str | Promise] = {
    "name": _("Name"),
    "issuer": _("Shop or company"),
    "programme": _("Programme"),
    "number": _("Number on the card"),
    "barcode": _("Code"),
    "colour": _("Colour"),
    "note": _("Note"),
    "valid_from": _("Valid from"),
    "expires_on": _("Valid until"),
    "unit": _("Unit of the balance"),
    "starred": _("Star"),
    "archived": _("Archive"),
    "removed": _("Removed"),
    "front": _("Front of the card"),
    "back": _("Back of the card"),
    "logo": _("Logo"),
}


def register_label(edit: Edit) -> str:
    """Return what of the card was written."""
    if edit.register.startswith(GROUP):
        return str(_("Group"))
    return str(LABELS[edit.register])


def register_value(edit: Edit) -> str:
    """Return what was written there, as a reader says it."""
    value = edit.value
    if edit.register.startswith(GROUP):
        group = edit.register.removeprefix(GROUP)
        return group if value else str(_("out of {group}")).format(group=group)
    if edit.register == "barcode" and value:
        return f"{SYMBOLOGIES[value['symbology']].label} {readable(value['payload'])}"
    if edit.register in {"front", "back", "logo"} and value:
        return str(_("a photo"))
    if edit.register == "unit":
        return dict(unit_choices(value))[value]
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return str(value or "–")


def for_phone(person_id: int, cards: Sequence[Card]) -> Mapping[int, dict[str, Any]]:
    """Return by primary key what a phone keeps beside the values of each card.

    ``history`` is of ``label``, ``value``, ``at`` (ISO 8601), ``in_force`` and ``again``, the
    fields that write the value once more. Of a removed card it is ``can_return``: its owner may
    take it back, so the phone keeps what it knew.
    """
    edits = _latest_edits(person_id, [card for card in cards if not card.removed])
    return {
        card.pk: {"can_return": True}
        if card.removed
        else {"history": [_as_text(edit) for edit in edits_in(card, edits[card.pk])]}
        for card in cards
    }


def _latest_edits(person_id: int, cards: Iterable[Card]) -> Mapping[int, list[CardChange]]:
    found: dict[int, list[CardChange]] = defaultdict(list)
    latest = [F("edited_at").desc(), F("id").desc()]
    with person_scope(person_id):
        ranked = CardChange.objects.filter(card__in=[card.pk for card in cards]).annotate(
            place=Window(RowNumber(), partition_by=[F("card_id")], order_by=latest)
        )
        for change in ranked.filter(place__lte=MOST_EDITS).order_by("card_id", *latest):
            found[change.card_id].append(change)
    return found


def _as_text(edit: Edit) -> Mapping[str, Any]:
    return {
        "label": register_label(edit),
        "value": register_value(edit),
        "at": edit.edited_at.isoformat(),
        "in_force": edit.in_force,
        "again": edit.again(),
    }
