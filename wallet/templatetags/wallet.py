"""How a loyalty card reads in a template: ``{% load wallet %}``."""

from django import template
from django.utils.translation import gettext_lazy as _

from wallet.card_access import shared_by
from wallet.card_texts import register_label, register_value
from wallet.card_units import balance_text
from wallet.models import Card, CardBalanceChange

register = template.Library()
register.filter("register_label", register_label)
register.filter("register_value", register_value)

_SOMEBODY = _("Somebody who left")


@register.filter
def booked_by(change: CardBalanceChange, card: Card) -> str:
    """``{{ change|booked_by:card }}``: who did it, as who reads sees them; empty for oneself."""
    mine = card.share.pk if card.share else None
    if change.share_id == mine:
        return ""
    if change.share is None:
        return shared_by(card)
    return change.share.name or str(_SOMEBODY)


@register.filter
def balance(card: Card, amount: int) -> str:
    """``{{ card|balance:change.delta }}``: € 12,50, or 3 points."""
    return balance_text(card, amount)
