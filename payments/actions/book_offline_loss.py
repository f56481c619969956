"""Book what a till without a network gave away and nobody pays: its merchant's loss."""

from datetime import datetime

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction_required
from payments.actions.capture import CurrencyNotPayable
from payments.chart import EUR, OFFLINE_LOSSES, OFFLINE_UNPAID
from payments.ledger import AccountRef, post
from payments.postings import OFFLINE_LOSS


@transaction_required
def book_offline_loss(
    *,
    sale_id: int,
    merchant_id: int,
    mode: str,
    amount: int,
    currency: str,
    reason: str,
    now: datetime,
    actor: Actor,
) -> None:
    """Count ``amount``, in minor units, among the merchant's losses; no money moves.

    Raises ``CurrencyNotPayable`` for another currency than euros. Said again, it books nothing.
    """
    if currency != EUR:
        raise CurrencyNotPayable
    post(
        kind=OFFLINE_LOSS,
        reference=str(sale_id),
        mode=mode,
        entries=[
            (AccountRef(OFFLINE_LOSSES.kind, merchant_id, EUR), -amount),
            (AccountRef(OFFLINE_UNPAID.kind, merchant_id, EUR), amount),
        ],
        now=now,
    )
    audit.record(
        actor=actor,
        action="offline_loss_booked",
        object_type="sale",
        object_id=sale_id,
        merchant_id=merchant_id,
        mode=mode,
        data={"amount": amount, "currency": currency, "reason": reason},
    )
