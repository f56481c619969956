"""What a balance is counted in: money, points, stamps, or what another app called it."""

from collections.abc import Sequence

from babel.numbers import get_currency_name, get_currency_symbol
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from okplatform.web import formats
from wallet.models import Card

EURO, POINTS, STAMPS = "EUR", "points", "stamps"
CURRENCIES = (EURO, "GBP", "USD", "CHF", "DKK", "SEK", "NOK", "PLN", "CZK")
"""To choose from: those of the neighbours, all with hundredths, which a typed amount has."""


def is_money(unit: str) -> bool:
    """Say whether an amount of this unit is in minor units of a currency."""
    return unit.isupper()


def amount_text(amount: int, unit: str) -> str:
    """Write an amount as a reader says it: € 12,50, or 3 points."""
    if is_money(unit):
        return formats.money(amount, unit)
    if unit == POINTS:
        return ngettext("{amount} point", "{amount} points", amount).format(
            amount=formats.number(amount)
        )
    if unit == STAMPS:
        return ngettext("{amount} stamp", "{amount} stamps", amount).format(
            amount=formats.number(amount)
        )
    return f"{formats.number(amount)} {unit}"


def balance_text(card: Card, amount: int | None) -> str:
    """Write a card's balance, or what went on or off it; nothing where there is none."""
    return "" if amount is None else amount_text(amount, card.unit)


def unit_choices(unit: str) -> Sequence[tuple[str, str]]:
    """Return what a balance may be counted in; what a card has already is one of them."""
    known = [(EURO, _label(EURO)), (POINTS, _("Points")), (STAMPS, _("Stamps"))]
    known += [(currency, _label(currency)) for currency in CURRENCIES if currency != EURO]
    if unit and unit not in dict(known):
        known.append((unit, _label(unit) if is_money(unit) else unit))
    return known


def _label(currency: str) -> str:
    name = get_currency_name(currency, locale=formats.language())
    symbol = get_currency_symbol(currency, locale=formats.language())
    return name if symbol == currency else f"{name} ({symbol})"
