"""Let a merchant's refunds go at once, or wait for the bank's days."""

from datetime import datetime

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.tenancy import merchant_scope
from payments.models import RefundTerms


def set_refund_terms(*, merchant_id: int, at_once: bool, now: datetime, actor: Actor) -> None:
    """Keep whether refunds of collected purchases go out before the bank's return days are over."""
    with merchant_scope(merchant_id), transaction():
        RefundTerms.objects.update_or_create(
            merchant_id=merchant_id, defaults={"at_once": at_once, "changed_at": now}
        )
        audit.record(
            actor=actor,
            action="refund_terms_set",
            object_type="merchant",
            object_id=merchant_id,
            merchant_id=merchant_id,
            data={"at_once": at_once},
        )
