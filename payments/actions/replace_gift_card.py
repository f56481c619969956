"""Give a lost or damaged gift card a new number and PIN, with all that was on the old one."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, later, transaction
from okplatform.kernel.errors import Refusal
from payments.actions.block_gift_card import GiftCardMoved, GiftCardReason
from payments.actions.load_gift_card import issue
from payments.gift_cards import BOOK, GIFT_CARD_REFUSALS
from payments.models import BookingKind, GiftCard, GiftCardState, KeptGiftCard

ASIDE = "SELECT ledger_balance_for('gift_card_held', %s, %s, %s)"
BALANCE = "SELECT ledger_balance_for('gift_card', %s, %s, %s)"


class GiftCardInUse(Refusal):
    """A sale that its shopper still has to confirm has a part of it set aside."""

    code = "gift_card_in_use"
    sentence = _("A payment with this card is under way. Try again in a minute.")


def replace_gift_card(*, card: GiftCard, reason: str, now: datetime, actor: Actor) -> GiftCard:
    """Move what is on a card to a new one, and return that; the old one is good for nothing.

    Whoever keeps the old one in the wallet keeps the new one now. Needs the merchant's scope.
    Raises ``GiftCardReason``, ``GiftCardInUse``, or ``GiftCardMoved`` for one that
    was replaced before.
    """
    if not reason.strip():
        raise GiftCardReason
    with transaction():
        held = GiftCard.objects.select_for_update(no_key=True).get(pk=card.pk)
        if held.state == GiftCardState.REPLACED:
            raise GiftCardMoved
        if call(ASIDE, [held.pk, held.currency, held.mode])[0][0]:
            raise GiftCardInUse
        made = issue(
            merchant_id=held.merchant_id, mode=held.mode, expires_on=held.expires_on, now=now
        )
        left = int(call(BALANCE, [held.pk, held.currency, held.mode])[0][0])
        if left:
            _move(held, BookingKind.MOVED_OUT, -left, now)
            _move(made, BookingKind.MOVED_IN, left, now)
        GiftCard.objects.filter(pk=held.pk).update(state=GiftCardState.REPLACED, replaced_by=made)
        KeptGiftCard.objects.filter(card=held).update(card=made)
        audit.record(
            actor=actor,
            action="gift_card_replaced",
            object_type="gift_card",
            object_id=held.pk,
            merchant_id=held.merchant_id,
            mode=held.mode,
            data={"reason": reason.strip()[:200], "by": made.pk, "amount": left},
        )
    return made


def _move(card: GiftCard, kind: BookingKind, amount: int, now: datetime) -> None:
    _on_it: int = later(
        BOOK,
        [
            *(card.pk, card.merchant_id, card.mode, kind.value, amount, now),
            *(None, None, None, "", "", "", None),
        ],
        refusals=GIFT_CARD_REFUSALS,
    ).value
