"""Give back on gift cards what they had paid for a sale."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import later, transaction_required
from okplatform.kernel.errors import Refusal
from payments.calendar import local_day
from payments.gift_cards import GIFT_CARD_REFUSALS

REFUND = "payments_gift_card_refund(%s, %s, %s, %s, %s, %s)"
SPENDABLE_FOR = timedelta(days=365)
"""How long what comes back on a card that had expired, or soon would, can still be spent."""


class GiftCardPaidLess(Refusal):
    """No gift card paid so much of this sale."""

    code = "gift_card_paid_less"
    sentence = _("No gift card paid that much of this sale. Nothing was given back.")


@transaction_required
def refund_gift_cards(
    *,
    return_id: int,
    sale_id: int,
    merchant_id: int,
    mode: str,
    store_id: int,
    amount: int,
    now: datetime,
    actor: Actor,
) -> None:
    """Put ``amount``, in minor units, back on the cards that paid this sale.

    A part of recording what came back. A card that was replaced gets it on its successor. The end
    of the transaction raises ``GiftCardPaidLess``.
    """
    later(
        REFUND,
        [sale_id, return_id, amount, store_id, local_day(now) + SPENDABLE_FOR, now],
        refusals={**GIFT_CARD_REFUSALS, "OK147": lambda _detail: GiftCardPaidLess()},
    )
    audit.record(
        actor=actor,
        action="gift_card_refunded",
        object_type="sale",
        object_id=sale_id,
        merchant_id=merchant_id,
        mode=mode,
        data={"amount": amount, "return": return_id},
    )
