"""Say how far below zero a merchant's balance may go."""

from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.parties.models import Merchant


@db.transaction_required
def set_credit_floor(*, merchant_id: int, floor: int, actor: Actor) -> None:
    """Keep a merchant's credit floor, in minor units; 0 is not below zero at all.

    Part of ``payments.actions.grant_credit``, which holds the ledger to it. PostgreSQL refuses a
    floor above zero.
    """
    Merchant.objects.filter(pk=merchant_id).update(credit_floor=floor)
    audit.record(
        actor=actor,
        action="credit_floor_set",
        object_type="merchant",
        object_id=merchant_id,
        merchant_id=merchant_id,
        data={"floor": floor},
    )
