"""Put money on a gift card at a till: where, on which card, paid how."""

import hashlib

import orjson

from merchants.checkout.call import Call
from merchants.checkout.gift_cards import guesses
from okplatform.parties.queries import find_store
from payments.actions.load_gift_card import Load, load_gift_card
from payments.actions.show_gift_card import show_gift_card
from payments.gift_card_numbers import Shown
from payments.models import GiftCardBooking


def put_on_gift_card(
    *,
    call: Call,
    shown: Shown | None,
    amount: int,
    currency: str,
    paid_by: str,
    store: str | None,
    terminal: str | None,
    operator: str,
    reference: str,
) -> GiftCardBooking:
    """Sell a card, or top up the one that was ``shown`` (its PIN is not asked for).

    Sent again under the call's UUID it returns what was booked first. Needs the merchant's scope.
    Raises what ``find_store``, ``show_gift_card`` and ``load_gift_card`` refuse.
    """
    place = find_store(call.till, store, terminal)
    card = None
    if shown is not None:
        card = show_gift_card(
            shown=shown,
            merchant_id=call.key.merchant_id,
            mode=call.key.mode,
            guesses=guesses(call, terminal),
            now=call.now,
            needs_pin=False,
        )
    said = (card and card.id, amount, currency, paid_by, place.store_id, operator, reference)
    load = Load(
        uuid=call.key.uuid,
        card_id=card.id if card else None,
        amount=amount,
        currency=currency,
        store_id=place.store_id,
        terminal_id=place.terminal_id,
        timezone=place.timezone,
        paid_by=paid_by,
        operator=operator,
        reference=reference,
        request_hash=hashlib.sha256(orjson.dumps(said)).digest(),
    )
    return load_gift_card(
        merchant_id=call.key.merchant_id,
        mode=call.key.mode,
        load=load,
        now=call.now,
        actor=call.till.actor,
    )
