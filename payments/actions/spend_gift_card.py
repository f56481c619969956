"""Let gift cards pay parts of a sale: at once, or set aside until its shopper has said yes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import later, transaction_required
from payments.gift_cards import GIFT_CARD_REFUSALS

SPEND = "payments_gift_card_spend(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
HOLD = "payments_gift_card_hold(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
RELEASE = "payments_gift_card_release(%s, %s)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a card pays: tender ``number`` of the sale."""

    card_id: int
    number: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfSale:
    """The sale that cards pay a part of; ``today`` is its store's."""

    id: int
    merchant_id: int
    mode: str
    store_id: int
    currency: str
    today: date


@transaction_required
def spend_gift_cards(*, sale: OfSale, parts: Sequence[Part], now: datetime, actor: Actor) -> None:
    """Take ``parts`` of a sale from cards, or from what was set aside of them.

    Said for later: the end of the transaction raises ``GiftCardUnknown`` for a card of another
    merchant, ``GiftCardBlocked``, ``GiftCardExpired``, ``GiftCardCurrency`` or ``GiftCardTooLow``,
    having booked nothing. Cards are held in the order of their keys.
    """
    _each(SPEND, "gift_card_spent", sale, parts, now, actor)


@transaction_required
def hold_gift_cards(*, sale: OfSale, parts: Sequence[Part], now: datetime, actor: Actor) -> None:
    """Set ``parts`` of an open sale aside; said again, once. Refuses as spending does."""
    _each(HOLD, "gift_card_held", sale, parts, now, actor)


@transaction_required
def release_gift_cards(*, sale_id: int, now: datetime) -> None:
    """Let go of what is set aside for a sale, if anything is; the transaction's end does it."""
    later(RELEASE, [sale_id, now], refusals=GIFT_CARD_REFUSALS)


def _each(
    function: str, said: str, sale: OfSale, parts: Sequence[Part], now: datetime, actor: Actor
) -> None:
    for part in sorted(parts, key=lambda part: (part.card_id, part.number)):
        later(
            function,
            [
                *(part.card_id, sale.merchant_id, sale.mode, sale.currency, sale.id, part.number),
                *(part.amount, sale.store_id, sale.today, now),
            ],
            refusals=GIFT_CARD_REFUSALS,
        )
        audit.record(
            actor=actor,
            action=said,
            object_type="gift_card",
            object_id=part.card_id,
            merchant_id=sale.merchant_id,
            mode=sale.mode,
            data={"amount": part.amount, "sale": sale.id},
        )
