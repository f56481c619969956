"""Give somebody a new gift card with money on it, and keep it in their wallet."""

from datetime import datetime

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import later, transaction_required
from okplatform.parties.models import Merchant
from payments.actions.keep_gift_card import keep
from payments.actions.load_gift_card import GiftCardAmount, GiftCardsNotSold, issue
from payments.gift_cards import BOOK, GIFT_CARD_REFUSALS, last_day
from payments.models import BookingKind, GiftCard, GiftCardTerms
from payments.models.gift_card import LEAST, MOST


@transaction_required
def give_gift_card(
    *,
    merchant_id: int,
    mode: str,
    amount: int,
    kind: BookingKind,
    keeper: int | None,
    now: datetime,
    actor: Actor,
) -> GiftCard:
    """Issue a card with ``amount`` on it, in minor units, and book why (``kind``).

    A part of taking what it was given for. ``keeper`` is the person who finds it in the wallet.
    Needs the merchant's scope. Raises ``GiftCardsNotSold`` where the merchant has no gift cards
    now, ``GiftCardAmount`` or ``TooManyGiftCards``.
    """
    terms = terms_of_giving(merchant_id=merchant_id, amount=amount)
    zone = Merchant.objects.get(pk=merchant_id).timezone
    expires_on = last_day(terms.valid_months, now, zone)
    card = issue(merchant_id=merchant_id, mode=mode, expires_on=expires_on, now=now)
    later(
        BOOK,
        [
            *(card.pk, merchant_id, mode, kind.value, amount, now),
            *(None, None, None, "", "", "", None),
        ],
        refusals=GIFT_CARD_REFUSALS,
    )
    audit.record(
        actor=actor,
        action=f"gift_card_{kind}",
        object_type="gift_card",
        object_id=card.pk,
        merchant_id=merchant_id,
        mode=mode,
        data={"amount": amount},
    )
    if keeper is not None:
        keep(person_id=keeper, card_id=card.pk, mode=mode, now=now, actor=actor)
    return card


@transaction_required
def terms_of_giving(*, merchant_id: int, amount: int) -> GiftCardTerms:
    """Return the terms on which a merchant gives cards of ``amount``, as ``give_gift_card`` does.

    Raises ``GiftCardsNotSold`` or ``GiftCardAmount``.
    """
    terms = GiftCardTerms.objects.filter(merchant=merchant_id, is_selling=True).first()
    if terms is None:
        raise GiftCardsNotSold
    if not LEAST <= amount <= MOST:
        raise GiftCardAmount
    return terms
