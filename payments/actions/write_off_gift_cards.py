"""Write off what is left on gift cards that expired long ago, and bring it back on one."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, later, transaction
from okplatform.kernel.errors import Refusal
from payments.actions.block_gift_card import GiftCardReason
from payments.actions.refund_gift_card import SPENDABLE_FOR
from payments.gift_card_queries import Expired
from payments.gift_cards import GIFT_CARD_REFUSALS
from payments.models import GiftCard

LEAST_MONTHS = 12
"""A card has to be over for a year: until then what comes back on it would revive it."""

WRITE_OFF = "SELECT cards, amount FROM payments_gift_cards_write_off(%s, %s, %s, %s)"
REVIVE = "payments_gift_card_revive(%s, %s, %s, %s, %s)"


class WriteOffMoved(Refusal):
    """Another amount is left than the page showed."""

    code = "gift_card_write_off_moved"
    sentence = _("Another amount is left on those cards now. Nothing was written off; look again.")


class NotWrittenOff(Refusal):
    """Nothing was written off on this card, or it is back already."""

    code = "gift_card_not_written_off"
    sentence = _("Nothing is written off on this card. Look at it again.")


class TooEarly(Refusal):
    """The cards have not been over for long enough."""

    code = "gift_card_write_off_too_early"
    status = 422
    sentence = _("Cards have to be expired for a year before what is on them is written off.")


def write_off_gift_cards(
    *,
    merchant_id: int,
    mode: str,
    before: date,
    today: date,
    shown: int,
    reason: str,
    now: datetime,
    actor: Actor,
) -> Expired:
    """Write off what is left on cards whose last day was before ``before``: breakage.

    ``shown`` is what somebody saw and decided on, in minor units; ``today`` is the merchant's day.
    Said again it finds nothing left. Needs the merchant's scope. Raises ``GiftCardReason``,
    ``TooEarly`` or ``WriteOffMoved``, having written off nothing.
    """
    if not reason.strip():
        raise GiftCardReason
    if before > months_before(today, LEAST_MONTHS):
        raise TooEarly
    with transaction():
        gone = Expired(*call(WRITE_OFF, [merchant_id, mode, before, now])[0])
        if gone.amount != shown or not gone.amount:
            raise WriteOffMoved
        audit.record(
            actor=actor,
            action="gift_cards_written_off",
            object_type="merchant",
            object_id=merchant_id,
            merchant_id=merchant_id,
            mode=mode,
            data={"reason": reason.strip()[:200], "before": before.isoformat(), **gone._asdict()},
        )
    return gone


def revive_gift_card(
    *, card: GiftCard, reason: str, today: date, now: datetime, actor: Actor
) -> None:
    """Bring back on a card what was written off on it, for good will; it is good for a year more.

    Needs the merchant's scope. Raises ``GiftCardReason``, ``NotWrittenOff`` or, for a card that
    was replaced, ``GiftCardBlocked``.
    """
    if not reason.strip():
        raise GiftCardReason
    with transaction():
        later(
            REVIVE,
            [card.pk, card.merchant_id, card.mode, today + SPENDABLE_FOR, now],
            refusals={**GIFT_CARD_REFUSALS, "OK148": lambda _detail: NotWrittenOff()},
        )
        audit.record(
            actor=actor,
            action="gift_card_revived",
            object_type="gift_card",
            object_id=card.pk,
            merchant_id=card.merchant_id,
            mode=card.mode,
            data={"reason": reason.strip()[:200]},
        )


def months_before(day: date, months: int) -> date:
    """Return the day so many months earlier; one that its month does not have is the next first."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        return date(year, month + 2, 1)
