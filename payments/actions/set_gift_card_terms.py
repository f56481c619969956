"""Let a merchant sell gift cards, or stop, and say how long they are good."""

from datetime import datetime

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.tenancy import merchant_scope
from payments.models import GiftCardTerms


def set_gift_card_terms(
    *, merchant_id: int, is_selling: bool, valid_months: int | None, now: datetime, actor: Actor
) -> None:
    """Keep it for cards that are sold from now on; ``valid_months`` None is for ever.

    Cards that were sold stay good as they are, also where no more are sold.
    """
    kept = {"is_selling": is_selling, "valid_months": valid_months}
    with merchant_scope(merchant_id), transaction():
        GiftCardTerms.objects.update_or_create(
            merchant_id=merchant_id, defaults={**kept, "changed_at": now}
        )
        audit.record(
            actor=actor,
            action="gift_card_terms_set",
            object_type="merchant",
            object_id=merchant_id,
            merchant_id=merchant_id,
            data=kept,
        )
