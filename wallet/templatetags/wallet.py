"""How a loyalty card reads in a template: ``{% load wallet %}``."""

from collections.abc import Mapping

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wallet.card_units import balance_text, unit_choices
from wallet.cards import Edit
from wallet.merging import GROUP
from wallet.models import Card
from wallet.symbologies import SYMBOLOGIES, readable

register = template.Library()

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


@register.filter
def balance(card: Card, amount: int) -> str:
    """``{{ card|balance:change.delta }}``: € 12,50, or 3 points."""
    return balance_text(card, amount)


@register.filter
def register_label(edit: Edit) -> str:
    """``{{ edit|register_label }}``: what of the card was written."""
    if edit.register.startswith(GROUP):
        return str(_("Group"))
    return str(LABELS[edit.register])


@register.filter
def register_value(edit: Edit) -> str:
    """``{{ edit|register_value }}``: what was written there, as a reader says it."""
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
