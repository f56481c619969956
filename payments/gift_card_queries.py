"""What others ask about gift cards. Amounts in minor units."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Sum

from okplatform.kernel.db import call
from okplatform.kernel.tenancy import operator_scope
from payments.chart import EUR, GIFT_CARD_BREAKAGE, GIFT_CARDS_ISSUED
from payments.ledger import AccountRef
from payments.models import GiftCardBooking
from payments.queries import balance_of

SPENT = """
SELECT card.number_end, -booking.amount, booking.balance
FROM trade_sale sale
JOIN payments_gift_card_booking booking ON booking.sale_id = sale.id AND booking.kind = 'spent'
JOIN payments_gift_card card ON card.id = booking.card_id
WHERE sale.merchant_id = %s AND sale.mode = %s AND sale.uuid = %s
ORDER BY booking.number
"""

CARDS = """
SELECT card.id, card.number_end, card.state, card.expires_on, card.issued_at, card.currency,
    ledger_balance_for('gift_card', card.id, card.currency, card.mode)
FROM payments_gift_card card
WHERE card.merchant_id = %s AND card.mode = %s AND (%s::bigint IS NULL OR card.id < %s)
    AND (%s = '' OR card.number_end = %s)
ORDER BY card.id DESC LIMIT %s
"""

KEPT = """
SELECT card.id, merchant.name, card.number_end, card.state, card.expires_on, card.currency,
    ledger_balance_for('gift_card', card.id, card.currency, card.mode), card.seed
FROM payments_kept_gift_card kept
JOIN payments_gift_card card ON card.id = kept.card_id
JOIN parties_merchant merchant ON merchant.id = card.merchant_id
WHERE kept.person_id = %s AND card.mode = %s AND (%s::bigint IS NULL OR card.id = %s)
ORDER BY kept.id DESC
"""
PAYABLE = """
SELECT card.id, card.number_end, card.expires_on, on_it.balance
FROM payments_gift_card card
CROSS JOIN LATERAL (
    SELECT ledger_balance_for('gift_card', card.id, card.currency, card.mode) AS balance
) AS on_it
WHERE card.id = ANY (%s::bigint[] || ARRAY(
        SELECT card_id FROM payments_kept_gift_card WHERE person_id = %s))
    AND card.merchant_id = %s AND card.mode = %s AND card.currency = %s AND card.state = 'active'
    AND (card.expires_on IS NULL OR card.expires_on >= %s) AND on_it.balance > 0
ORDER BY card.id
"""
ASIDE = """
SELECT booking.card_id, card.number_end, -sum(booking.amount)::bigint
FROM payments_gift_card_booking booking JOIN payments_gift_card card ON card.id = booking.card_id
WHERE booking.sale_id = %s AND booking.kind IN ('held', 'released')
GROUP BY booking.card_id, card.number_end, booking.number
HAVING sum(booking.amount) < 0 ORDER BY booking.number
"""
LEFT_AFTER = """
SELECT card.number_end, booking.balance, card.currency
FROM payments_gift_card_booking booking
JOIN payments_gift_card card ON card.id = booking.card_id
JOIN trade_sale sale ON sale.id = booking.sale_id AND sale.person_id = %s
WHERE booking.sale_id = %s AND booking.kind = 'spent' ORDER BY booking.number
"""

EXPIRED = """
SELECT count(*), coalesce(sum(left_on.balance), 0)::bigint
FROM payments_gift_card card
CROSS JOIN LATERAL (
    SELECT ledger_balance_for('gift_card', card.id, card.currency, card.mode) AS balance
) AS left_on
WHERE card.merchant_id = %s AND card.mode = %s AND card.expires_on < %s AND left_on.balance > 0
"""

# What is set aside is still owed, and a card that took another's place owes what that one owed.
MONTHS = """
SELECT to_char(booked_at AT TIME ZONE %s, 'YYYY-MM') AS month,
    coalesce(sum(amount) FILTER (WHERE kind = 'sold'), 0)::bigint,
    coalesce(sum(amount) FILTER (WHERE kind = 'topped_up'), 0)::bigint,
    coalesce(sum(amount) FILTER (WHERE kind = 'rewarded'), 0)::bigint,
    coalesce(-sum(amount) FILTER (WHERE kind = 'spent'), 0)::bigint,
    coalesce(sum(amount) FILTER (WHERE kind = 'refunded'), 0)::bigint,
    coalesce(-sum(amount) FILTER (WHERE kind = 'taken_back'), 0)::bigint,
    coalesce(-sum(amount) FILTER (WHERE kind IN ('lapsed', 'revived')), 0)::bigint,
    (sum(sum(amount)) OVER (ORDER BY to_char(booked_at AT TIME ZONE %s, 'YYYY-MM')))::bigint
FROM payments_gift_card_booking
WHERE merchant_id = %s AND mode = %s AND kind NOT IN ('held', 'released')
GROUP BY month ORDER BY month
"""


class CardSpent(NamedTuple):
    """What a card paid of a sale, and what was left on it then."""

    number_end: str
    amount: int
    balance: int


def spent_on(*, merchant_id: int, mode: str, uuid: UUID) -> Sequence[CardSpent]:
    """Return what gift cards paid of a sale, in the order of its tenders."""
    return [CardSpent(*row) for row in call(SPENT, [merchant_id, mode, uuid])]


def outstanding(*, merchant_id: int, mode: str) -> int:
    """Return what a merchant owes on all its cards."""
    issued = AccountRef(GIFT_CARDS_ISSUED.kind, merchant_id, EUR)
    return -balance_of(issued, mode=mode) - written_off(merchant_id=merchant_id, mode=mode)


def written_off(*, merchant_id: int, mode: str) -> int:
    """Return what a merchant wrote off on expired cards, less what it brought back."""
    return balance_of(AccountRef(GIFT_CARD_BREAKAGE.kind, merchant_id, EUR), mode=mode)


def written_off_on(card_id: int) -> int:
    """Return what is written off on a card of the merchant in scope, and not back on it."""
    moved = GiftCardBooking.objects.filter(card=card_id, kind__in=("lapsed", "revived"))
    return -int(moved.aggregate(amount=Sum("amount"))["amount"] or 0)


class Expired(NamedTuple):
    """How many cards ended before a day with money on them, and how much that is."""

    cards: int
    amount: int


def expired_before(day: date, *, merchant_id: int, mode: str) -> Expired:
    """Return what is left on a merchant's cards whose last day was before this one."""
    return Expired(*call(EXPIRED, [merchant_id, mode, day])[0])


class CardLine(NamedTuple):
    """A card in a list of its merchant's."""

    id: int
    number_end: str
    state: str
    expires_on: date | None
    issued_at: datetime
    currency: str
    balance: int


def cards_of(
    *, merchant_id: int, mode: str, before: int | None, ending: str, limit: int
) -> Sequence[CardLine]:
    """Return a merchant's cards, the newest first, from a cursor; ``ending`` are last digits."""
    return [
        CardLine(*row)
        for row in call(CARDS, [merchant_id, mode, before, before, ending, ending, limit])
    ]


def bookings_of(card_id: int, *, before: int | None, limit: int) -> Sequence[GiftCardBooking]:
    """Return what was booked on a card of the merchant in scope, the newest first."""
    found = GiftCardBooking.objects.filter(card=card_id).select_related("store").order_by("-pk")
    return list((found.filter(pk__lt=before) if before else found)[:limit])


class KeptCard(NamedTuple):
    """A card as it stands in a wallet; ``shop`` is its merchant's name."""

    id: int
    shop: str
    number_end: str
    state: str
    expires_on: date | None
    currency: str
    balance: int
    seed: UUID


def kept_by(*, person_id: int, mode: str, card_id: int | None = None) -> Sequence[KeptCard]:
    """Return the cards that a person keeps, the one kept last first; or the one that is asked."""
    return [KeptCard(*row) for row in call(KEPT, [person_id, mode, card_id, card_id])]


class PayableCard(NamedTuple):
    """A card that can pay now at its merchant."""

    id: int
    number_end: str
    expires_on: date | None
    balance: int


def payable_cards(
    *,
    merchant_id: int,
    mode: str,
    currency: str,
    card_ids: Sequence[int],
    person_id: int | None,
    today: date,
) -> Sequence[PayableCard]:
    """Return which of these cards, and of those that a person keeps, can pay at this merchant."""
    asked = [list(card_ids), person_id, merchant_id, mode, currency, today]
    return [PayableCard(*row) for row in call(PAYABLE, asked)]


class AsideOnCard(NamedTuple):
    """What is set aside of a card for a sale."""

    card_id: int
    number_end: str
    amount: int


def aside_for(sale_id: int) -> Sequence[AsideOnCard]:
    """Return what is set aside for a sale, in the order of its tenders."""
    return [AsideOnCard(*row) for row in call(ASIDE, [sale_id])]


class LeftOnCard(NamedTuple):
    """What was left on a card when it had paid."""

    number_end: str
    balance: int
    currency: str


def left_after(sale_id: int, *, person_id: int) -> Sequence[LeftOnCard]:
    """Return the cards that paid parts of this person's sale."""
    return [LeftOnCard(*row) for row in call(LEFT_AFTER, [person_id, sale_id])]


def bookings_for_keeper(card_id: int, *, limit: int) -> Sequence[GiftCardBooking]:
    """Return the last bookings of a card, for who keeps it; the caller has made sure of that."""
    with operator_scope("who holds a gift card may know what happened to it"):
        return bookings_of(card_id, before=None, limit=limit)


class Month(NamedTuple):
    """What happened on all cards of a merchant in a month, and what was owed at its end."""

    month: str
    sold: int
    topped_up: int
    for_points: int
    spent: int
    given_back: int
    taken_back: int
    written_off: int
    outstanding: int


def months_of(*, merchant_id: int, mode: str, zone: str) -> Sequence[Month]:
    """Return each month in which something was booked, the oldest first, by this calendar."""
    return [Month(*row) for row in call(MONTHS, [zone, zone, merchant_id, mode])]
