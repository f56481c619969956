"""What the actions of gift cards share: finding a card by what is shown of it, and refusals."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.db import call
from okplatform.kernel.errors import Refusal
from okplatform.kernel.later import Refusals
from okplatform.kernel.secrets import key_for
from payments import gift_card_numbers as numbers
from payments.ledger import LEDGER_REFUSALS
from wallet.actions.count_guess import throttled
from wallet.models import GuessWindow

PURPOSE = b"ok: gift cards"

BOOK = "payments_gift_card_put(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"

# With since when this till has guessed too often, whatever the card.
FIND = """
SELECT (
    SELECT max(guess.opened_at) FROM wallet_guesswindow guess
    WHERE guess.bucket = ANY (%s) AND guess.wrong >= guess.allowed AND guess.opened_at > %s
), card.id, card.merchant_id, card.seed, card.number_end, card.state, card.expires_on,
    card.currency, ledger_balance_for('gift_card', card.id, card.currency, card.mode)
FROM (SELECT) AS nothing
LEFT JOIN payments_gift_card card
    ON card.number_digest = %s AND card.mode = %s
    AND card.merchant_id = coalesce(%s, card.merchant_id)
"""


class GiftCardUnknown(Refusal):
    """No card of this merchant has this number, or it has another PIN: one answer for both."""

    code = "gift_card_unknown"
    status = 422
    sentence = _("This gift card is not known here. Check the number and the PIN.")


class GiftCardBlocked(Refusal):
    """It was blocked, or replaced by another one."""

    code = "gift_card_blocked"
    sentence = _("This gift card is blocked. Take another payment; the shop can tell why.")


class GiftCardExpired(Refusal):
    """Its last day is over."""

    code = "gift_card_expired"
    sentence = _("This gift card is no longer valid. Take another payment.")


class GiftCardTooLow(Refusal):
    """Less is on the card; ``balance`` says how much (minor units)."""

    code = "gift_card_too_low"
    sentence = _("There is less on this gift card. Take from it what is there, and the rest apart.")


class GiftCardTooFull(Refusal):
    """A card holds no more than ``MOST``."""

    code = "gift_card_too_full"
    status = 422
    sentence = _("A gift card holds at most € 500. Put less on it, or sell another one.")


class GiftCardCurrency(Refusal):
    """Cards are in euros."""

    code = "gift_card_currency"
    status = 422
    sentence = _("Gift cards are in euros only.")


GIFT_CARD_REFUSALS: Refusals = {
    **LEDGER_REFUSALS,
    "OK141": lambda _detail: GiftCardUnknown(),
    "OK142": lambda _detail: GiftCardBlocked(),
    "OK143": lambda _detail: GiftCardExpired(),
    "OK144": lambda left: GiftCardTooLow(balance=int(left or 0)),
    "OK145": lambda _detail: GiftCardTooFull(),
    "OK146": lambda _detail: GiftCardCurrency(),
}
"""What the functions of ``migrations/sql/gift_cards.sql`` refuse, by SQLSTATE."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCard:
    """A card as it stands; ``balance`` is what is on it, in minor units."""

    id: int
    merchant_id: int
    seed: UUID
    number_end: str
    state: str
    expires_on: date | None
    currency: str
    balance: int

    def is_pin(self, pin: str) -> bool:
        """Say whether this is its PIN."""
        return numbers.is_pin(pin, self.seed, key())


def key() -> bytes:
    """Return the key that numbers and PINs follow from."""
    return key_for(PURPOSE)


def number_of(seed: UUID) -> str:
    """Return the number of the card with this seed."""
    return numbers.number_of(seed, key())


def pin_of(seed: UUID) -> str:
    """Return its PIN."""
    return numbers.pin_of(seed, key())


def find_card(
    number: str,
    *,
    merchant_id: int | None,
    mode: str,
    guesses: Mapping[str, int],
    now: datetime,
) -> FoundCard | None:
    """Return the card with this number, of one merchant where one is named, in one query.

    ``guesses`` are the buckets in which this caller's wrong numbers count; raises
    ``CodeThrottled`` while those are full, whatever the number.
    """
    asked: list[Any] = [list(guesses), now - GuessWindow.LENGTH]
    rows = call(FIND, [*asked, numbers.digest(number, key()), mode, merchant_id])
    since, card_id, *rest = rows[0]
    if since is not None:
        raise throttled(since=since, now=now)
    if card_id is None:
        return None
    owner, seed, end, state, expires_on, currency, balance = rest
    return FoundCard(
        id=card_id,
        merchant_id=owner,
        seed=seed,
        number_end=end,
        state=state,
        expires_on=expires_on,
        currency=currency,
        balance=balance,
    )


def last_day(valid_months: int | None, now: datetime, zone: str) -> date | None:
    """Return until when a card is good that is sold now, by the store's calendar; None for ever.

    A day that its last month does not have is that month's last.
    """
    if valid_months is None:
        return None
    today = now.astimezone(ZoneInfo(zone)).date()
    months = today.month - 1 + valid_months
    year, month = today.year + months // 12, months % 12 + 1
    return date(year, month, min(today.day, monthrange(year, month)[1]))
