"""Gift cards that pay parts of a sale: found by what the till was shown, and what is left."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from zoneinfo import ZoneInfo

from merchants.checkout.basket import TenderAsked
from merchants.checkout.call import Asked, Call
from merchants.checkout.pricing import Priced
from okplatform.parties.models import Channel
from okplatform.trade.facts import TenderFacts
from payments.actions.show_gift_card import show_gift_card
from payments.actions.spend_gift_card import OfSale, Part
from payments.gift_card_numbers import Shown
from wallet.actions import count_guess

GIFT_CARD = "gift_card"
_PLAIN = tuple(field.name for field in fields(TenderFacts))


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderByCard(TenderFacts):
    """A tender with the key of the gift card that pays it."""

    card: int


def with_cards_found(*, call: Call, asked: Asked, terminal: str | None) -> Asked:
    """Return how a sale is to be paid, with the gift cards found that the till was shown.

    Costs nothing where none was. Raises ``GiftCardUnknown``, counted as a guess, or
    ``CodeThrottled``.
    """
    if not any(tender.shown for tender in asked.tenders):
        return asked
    return replace(asked, tenders=[_found(call, tender, terminal) for tender in asked.tenders])


def _found(call: Call, tender: TenderAsked, terminal: str | None) -> TenderAsked:
    if tender.shown is None:
        return tender
    card = show_gift_card(
        shown=Shown(*tender.shown),
        merchant_id=call.key.merchant_id,
        mode=call.key.mode,
        guesses=guesses(call, terminal),
        now=call.now,
    )
    return replace(tender, card=card.id, reference=card.number_end, shown=None)


def guesses(call: Call, terminal: str | None) -> dict[str, int]:
    """Return where wrong cards are counted, apart from wrong codes, and how many may be.

    A webshop has no till: everybody's wrong cards count together, and one shopper closes nothing.
    """
    key, place = f"{call.till.key_id}:gift-cards", call.till.place
    terminal = terminal or call.till.terminal_reference
    if terminal is None or (place is not None and place.channel == Channel.ONLINE):
        return {key: count_guess.ALLOWED_PER_KEY}
    return count_guess.buckets(f"{key}/{terminal}")


def by_card(tenders: Sequence[TenderFacts], asked: Sequence[TenderAsked]) -> list[TenderFacts]:
    """Return the tenders with the cards that pay them; costs nothing where none does."""
    waiting = [tender for tender in asked if tender.card is not None]
    if not waiting:
        return list(tenders)
    found: list[TenderFacts] = []
    for tender in tenders:
        mine = [
            one
            for one in waiting
            if tender.kind == GIFT_CARD
            and one.reference == tender.reference
            and one.amount in {None, tender.amount}
        ]
        if not mine or mine[0].card is None:
            found.append(tender)
            continue
        waiting.remove(mine[0])
        plain = {name: getattr(tender, name) for name in _PLAIN}
        found.append(TenderByCard(**plain, card=mine[0].card))
    return found


def parts_of(tenders: Sequence[TenderFacts]) -> list[Part]:
    """Return what cards pay."""
    return [
        Part(card_id=tender.card, number=tender.number, amount=tender.amount)
        for tender in tenders
        if isinstance(tender, TenderByCard)
    ]


def sale_of(call: Call, sale_id: int, priced: Priced) -> OfSale:
    """Return the sale that cards pay a part of."""
    return OfSale(
        id=sale_id,
        merchant_id=call.key.merchant_id,
        mode=call.key.mode,
        store_id=priced.store.store_id,
        currency=priced.basket.currency,
        today=call.now.astimezone(ZoneInfo(priced.store.timezone)).date(),
    )
