"""Let somebody show a gift card: its number and PIN, each guess counted."""

from collections.abc import Mapping
from datetime import datetime

from okplatform.kernel import audit
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import call, transaction
from payments.gift_card_numbers import Shown
from payments.gift_cards import FoundCard, GiftCardUnknown, find_card
from payments.models.gift_card import MOST_WRONG_PINS
from wallet.actions.count_guess import count_in

# Only who knows the number gets here: of a card seen over a shoulder the PIN is found by trying.
COUNT_PIN = """
UPDATE payments_gift_card SET wrong_pins = wrong_pins + 1,
    state = CASE WHEN state = 'active' AND wrong_pins + 1 >= %s THEN 'blocked' ELSE state END
WHERE id = %s RETURNING mode, state = 'blocked' AND wrong_pins = %s
"""


def show_gift_card(
    *,
    shown: Shown,
    merchant_id: int | None,
    mode: str,
    guesses: Mapping[str, int],
    now: datetime,
    needs_pin: bool = True,
) -> FoundCard:
    """Return the card that was shown, of one merchant where one is named.

    A wrong number or PIN counts in ``guesses``, in a transaction of its own, and twenty wrong PINs
    block the card until the shop unblocks it. Raises ``GiftCardUnknown`` or ``CodeThrottled``.
    """
    found = find_card(shown.number, merchant_id=merchant_id, mode=mode, guesses=guesses, now=now)
    if found is not None and (not needs_pin or found.is_pin(shown.pin)):
        return found
    if found is not None:
        _count_pin(found)
    count_in(guesses, now=now)
    raise GiftCardUnknown


def _count_pin(found: FoundCard) -> None:
    with transaction():
        mode, is_last = call(COUNT_PIN, [MOST_WRONG_PINS, found.id, MOST_WRONG_PINS])[0]
        if is_last:
            audit.record(
                actor=SYSTEM,
                action="gift_card_blocked",
                object_type="gift_card",
                object_id=found.id,
                merchant_id=found.merchant_id,
                mode=mode,
                data={"reason": "wrong PINs"},
            )
