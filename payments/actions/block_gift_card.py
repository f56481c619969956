"""Block a gift card, so that nobody spends it; and let it be spent again."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from payments.models import GiftCard, GiftCardState


class GiftCardMoved(Refusal):
    """It is not as the page showed it: blocked, unblocked or replaced meanwhile."""

    code = "gift_card_moved"
    sentence = _("Somebody else changed this card meanwhile. Look at it again.")


class GiftCardReason(Refusal):
    """Who blocks a card says why."""

    code = "gift_card_reason"
    status = 422
    sentence = _("Say why, in a few words.")


def block_gift_card(
    *, card: GiftCard, reason: str, is_blocked: bool, now: datetime, actor: Actor
) -> None:
    """Block an active card or, unless ``is_blocked``, unblock one; ``reason`` is kept.

    Unblocking forgets wrong PINs. What is on it stays there. Needs the merchant's scope. Raises
    ``GiftCardMoved`` or ``GiftCardReason``.
    """
    if not reason.strip():
        raise GiftCardReason
    was, becomes = GiftCardState.ACTIVE, GiftCardState.BLOCKED
    if not is_blocked:
        was, becomes = becomes, was
    with transaction():
        changed = GiftCard.objects.filter(pk=card.pk, state=was).update(state=becomes, wrong_pins=0)
        if not changed:
            raise GiftCardMoved
        audit.record(
            actor=actor,
            action="gift_card_blocked" if is_blocked else "gift_card_unblocked",
            object_type="gift_card",
            object_id=card.pk,
            merchant_id=card.merchant_id,
            mode=card.mode,
            data={"reason": reason.strip()[:200], "at": now.isoformat()},
        )
