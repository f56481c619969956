"""Let a shopper keep a gift card in the wallet."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction, transaction_required
from okplatform.kernel.errors import Refusal
from payments.actions.show_gift_card import show_gift_card
from payments.gift_card_numbers import read
from payments.models import KeptGiftCard
from wallet.actions.count_guess import ALLOWED_PER_TILL

MOST_KEPT = 50


class GiftCardMalformed(Refusal):
    """That is no number of a gift card: a digit is wrong or missing."""

    code = "gift_card_number_malformed"
    status = 422
    sentence = _("A gift card has 16 digits, and a PIN of 4. One of them is wrong or missing.")


class TooManyGiftCards(Refusal):
    """The wallet holds as many as it may."""

    code = "too_many_gift_cards"
    sentence = _("You keep as many gift cards as fit. Let go of an empty one first.")


def keep_gift_card(
    *, person_id: int, mode: str, number: str, pin: str, now: datetime, actor: Actor
) -> int:
    """Keep the card with this number and PIN, of whatever merchant; return its key.

    Kept twice it is kept once. Raises ``GiftCardMalformed``, ``GiftCardUnknown``,
    ``TooManyGiftCards``, or ``CodeThrottled`` for a person who guesses.
    """
    shown = read(number, pin)
    if shown is None or not shown.pin:
        raise GiftCardMalformed
    card = show_gift_card(
        shown=shown,
        merchant_id=None,
        mode=mode,
        guesses={f"person:{person_id}:gift-cards": ALLOWED_PER_TILL},
        now=now,
    )
    with transaction():
        keep(person_id=person_id, card_id=card.id, mode=mode, now=now, actor=actor)
    return card.id


@transaction_required
def keep(*, person_id: int, card_id: int, mode: str, now: datetime, actor: Actor) -> None:
    """Keep a card that this person has a right to; raises ``TooManyGiftCards``."""
    kept = KeptGiftCard.objects.filter(person=person_id)
    if kept.filter(card=card_id).exists():
        return
    if kept.count() >= MOST_KEPT:
        raise TooManyGiftCards
    KeptGiftCard.objects.get_or_create(
        person_id=person_id, card_id=card_id, defaults={"kept_at": now}
    )
    audit.record(
        actor=actor,
        action="gift_card_kept",
        object_type="gift_card",
        object_id=card_id,
        mode=mode,
    )
