"""The demo's gift cards: a bookshop that sells them, and one that a shopper keeps in the wallet."""

from collections.abc import Mapping
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from demo.loading.parties import Premises
from demo.world import KRAMER
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import merchant_scope
from payments.actions.keep_gift_card import keep_gift_card
from payments.actions.load_gift_card import Load, load_gift_card
from payments.actions.set_gift_card_terms import set_gift_card_terms
from payments.chart import EUR
from payments.gift_cards import number_of, pin_of
from payments.models import GiftCard, GiftCardTerms

CARDS = ((2_500, "pin"), (4_000, "cash"), (1_500, "gift"))
"""What was put on each, and how it was paid; the first is kept by a shopper."""


def load_gift_cards(
    premises: Mapping[str, Premises], people: Mapping[str, int], now: datetime
) -> int:
    """Let the bookshop sell cards, and sell these once; return how many there are."""
    place = premises[KRAMER]
    with merchant_scope(place.merchant_id):
        has_terms = GiftCardTerms.objects.exists()
    if not has_terms:
        set_gift_card_terms(
            merchant_id=place.merchant_id,
            is_selling=True,
            valid_months=None,
            now=now,
            actor=SYSTEM,
        )
    cards = [_sold(place, number, now) for number in range(len(CARDS))]
    keep_gift_card(
        person_id=people["alice@example.com"],
        mode=Mode.LIVE,
        number=number_of(cards[0].seed),
        pin=pin_of(cards[0].seed),
        now=now,
        actor=SYSTEM,
    )
    return len(cards)


def _sold(place: Premises, number: int, now: datetime) -> GiftCard:
    """Sell one of them; it has the same number whenever this runs."""
    amount, paid_by = CARDS[number]
    load = Load(
        uuid=uuid5(NAMESPACE_URL, f"https://demo.example/gift-cards/{number}"),
        card_id=None,
        amount=amount,
        currency=EUR,
        store_id=next(iter(place.stores.values())),
        terminal_id=None,
        timezone="Europe/Amsterdam",
        paid_by=paid_by,
        operator="",
        reference="",
        request_hash=bytes(32),
    )
    with merchant_scope(place.merchant_id):
        booked = load_gift_card(
            merchant_id=place.merchant_id, mode=Mode.LIVE, load=load, now=now, actor=SYSTEM
        )
    return booked.card
