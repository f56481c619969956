"""Gift cards that pay parts of an online payment: chosen on its page, worked out, spent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from merchants.checkout.gift_cards import GIFT_CARD, TenderByCard
from merchants.checkout.pricing import Priced
from merchants.models import OnlinePayment
from okplatform.trade.facts import TenderFacts
from payments.actions.spend_gift_card import OfSale
from payments.gift_card_queries import PayableCard, aside_for, payable_cards

OK = "ok"
MOST_CARDS = 5
"""So many gift cards pay one online payment."""


class CardPart(NamedTuple):
    """What a chosen card pays, of what is on it."""

    card_id: int
    number_end: str
    amount: int
    balance: int


@dataclass(frozen=True, slots=True)
class CardsHere:
    """The gift cards on a payment's page: those that pay, and what else its reader keeps here."""

    parts: Sequence[CardPart]
    others: Sequence[PayableCard]

    @property
    def amount(self) -> int:
        """Return what they pay together."""
        return amount_of(self.parts)


def amount_of(parts: Sequence[CardPart]) -> int:
    """Return what cards pay together."""
    return sum(part.amount for part in parts)


def parts_of_payment(
    payment: OnlinePayment, priced: Priced, *, person_id: int, now: datetime
) -> list[CardPart]:
    """Return what the cards that this shopper chose pay, in the order of choosing.

    One that cannot pay now pays nothing. Asks nothing where none was chosen.
    """
    chosen = _chosen(payment, person_id)
    if not chosen:
        return []
    found = _payable(payment, chosen, None, _today(priced, now))
    return _parts(chosen, found, priced.loyalty.quote.due)


def cards_here(
    payment: OnlinePayment, priced: Priced, *, person_id: int, now: datetime
) -> CardsHere:
    """Return what the page shows: the cards that pay, and those kept here that could."""
    chosen = _chosen(payment, person_id)
    found = _payable(payment, chosen, person_id, _today(priced, now))
    parts = _parts(chosen, found, priced.loyalty.quote.due)
    return CardsHere(parts, [card for card in found if card.id not in chosen])


def _chosen(payment: OnlinePayment, person_id: int) -> list[int]:
    """Return the cards that this shopper chose; another's choice is nobody else's to see."""
    return list(payment.cards) if payment.chooser_id == person_id else []


def _today(priced: Priced, now: datetime) -> date:
    return now.astimezone(ZoneInfo(priced.store.timezone)).date()


def _payable(
    payment: OnlinePayment, chosen: list[int], person_id: int | None, today: date
) -> Sequence[PayableCard]:
    return payable_cards(
        merchant_id=payment.merchant_id,
        mode=payment.mode,
        currency=payment.currency,
        card_ids=chosen,
        person_id=person_id,
        today=today,
    )


def _parts(chosen: list[int], found: Sequence[PayableCard], due: int) -> list[CardPart]:
    known, parts = {card.id: card for card in found}, []
    for card_id in chosen:
        card = known.get(card_id)
        amount = min(card.balance, due) if card else 0
        if card and amount:
            parts.append(CardPart(card.id, card.number_end, amount, card.balance))
            due -= amount
    return parts


def tenders_of(parts: Sequence[CardPart], by_ok: int) -> list[TenderFacts]:
    """Return the tenders of a sale: what cards pay, and what is left for OK."""
    tenders: list[TenderFacts] = [
        TenderByCard(
            number=number,
            kind=GIFT_CARD,
            amount=part.amount,
            reference=part.number_end,
            card=part.card_id,
        )
        for number, part in enumerate(parts, start=1)
    ]
    if by_ok:
        tenders.append(TenderFacts(number=len(tenders) + 1, kind=OK, amount=by_ok))
    return tenders


def by_ok(payment: OnlinePayment, captured: int) -> int:
    """Return what OK takes of so much captured: cards pay first."""
    return max(0, captured - payment.by_cards)


def tenders_of_captured(payment: OnlinePayment, sale_id: int) -> list[TenderFacts]:
    """Return the tenders of a payment of which so much was captured as it says: cards first."""
    rest, parts = min(payment.captured, payment.by_cards), []
    for aside in aside_for(sale_id) if rest else ():
        amount = min(aside.amount, rest)
        rest -= amount
        if amount:
            parts.append(CardPart(aside.card_id, aside.number_end, amount, aside.amount))
    return tenders_of(parts, by_ok(payment, payment.captured))


def sale_of_payment(payment: OnlinePayment, sale_id: int, today: date) -> OfSale:
    """Return the sale that cards pay a part of."""
    return OfSale(
        id=sale_id,
        merchant_id=payment.merchant_id,
        mode=payment.mode,
        store_id=payment.store_id,
        currency=payment.currency,
        today=today,
    )
