"""A gift card as the till API answers about it."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from merchants.printing import COLUMNS, money, two
from okplatform.kernel.money import format_money
from payments import gift_card_numbers as numbers
from payments.gift_cards import FoundCard, number_of, pin_of
from payments.models import BookingKind, GiftCardBooking

TOLD_FOR = timedelta(days=1)
"""How long a till may ask anew for the number and PIN of a card that it sold."""


def load_answer(
    booked: GiftCardBooking, *, shop: str, language: str, now: datetime
) -> dict[str, Any]:
    """Return the answer about what was put on a card, or taken back."""
    card, is_new = booked.card, booked.kind == BookingKind.SOLD
    is_told = is_new and now < booked.booked_at + TOLD_FOR
    number, pin = (number_of(card.seed), pin_of(card.seed)) if is_told else (None, None)
    is_back = booked.kind == BookingKind.TAKEN_BACK
    with translation.override(language):
        amount = format_money(abs(booked.amount), card.currency, language)
        return {
            "uuid": str(booked.uuid),
            "verdict": "did_not_happen" if is_back else "happened",
            "sentence": _sentence(booked, amount),
            "state": "taken_back" if is_back else "loaded",
            "amount": abs(booked.amount),
            "currency": card.currency,
            "balance": booked.balance,
            "number_end": card.number_end,
            "card": number,
            "pin": pin,
            "expires_on": card.expires_on.isoformat() if card.expires_on else None,
            "receipt_lines": _receipt(booked, number, pin, shop=shop, language=language),
        }


def stopped_answer(uuid: UUID, *, language: str) -> dict[str, Any]:
    """Return the answer about a load that was stopped before it arrived."""
    with translation.override(language):
        sentence = _("Nothing is on a gift card from this. Give the money back.")
    return {
        "uuid": str(uuid),
        "verdict": "did_not_happen",
        "sentence": sentence,
        "state": "stopped",
        "amount": 0,
        "balance": 0,
        **dict.fromkeys(("currency", "number_end", "card", "pin", "expires_on")),
        "receipt_lines": [],
    }


def _sentence(booked: GiftCardBooking, amount: str) -> str:
    if booked.kind == BookingKind.TAKEN_BACK:
        return _("{amount} was taken off the gift card. Give the money back.").format(amount=amount)
    if booked.kind == BookingKind.SOLD:
        return _("{amount} is on a new gift card. Print it and give it to the customer.").format(
            amount=amount
        )
    return _("{amount} was put on the gift card.").format(amount=amount)


def _receipt(
    booked: GiftCardBooking, number: str | None, pin: str | None, *, shop: str, language: str
) -> list[str]:
    """Return what the till prints for the customer: for a new card, the card itself."""
    card, currency = booked.card, booked.card.currency
    lines = [
        _("Gift card of {shop}").format(shop=shop)[:COLUMNS],
        two(
            str(BookingKind(booked.kind).label).capitalize(),
            money(booked.amount, currency, language),
        ),
        two(
            _("Left on gift card {end}").format(end=card.number_end),
            money(booked.balance, currency, language),
        ),
    ]
    if number and pin:
        lines += [two(_("Number"), numbers.written(number)), two(_("PIN"), pin)]
    if card.expires_on:
        lines.append(two(_("Valid until"), date_format(card.expires_on, "DATE_FORMAT")))
    return lines


def balance_answer(card: FoundCard, *, today: date) -> dict[str, Any]:
    """Return the answer about what is on a card."""
    is_over = card.state == "active" and card.expires_on is not None and card.expires_on < today
    return {
        "state": "expired" if is_over else card.state,
        "balance": card.balance,
        "currency": card.currency,
        "number_end": card.number_end,
        "expires_on": card.expires_on.isoformat() if card.expires_on else None,
    }
