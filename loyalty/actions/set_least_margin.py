"""Say how much margin offers have to leave on what the merchant knows the cost of."""

from datetime import datetime

from loyalty.actions.rulebook import raise_version
from loyalty.models import LeastMargin
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.tenancy import merchant_scope


def set_least_margin(
    *, merchant_id: int, margin_bp: int | None, actor: Actor, now: datetime
) -> None:
    """Let offers leave so much of each price, in basis points; None lets them leave nothing.

    In force from the next quote on.
    """
    with db.transaction(), merchant_scope(merchant_id):
        version = raise_version(merchant_id=merchant_id, now=now)
        if margin_bp is None:
            LeastMargin.objects.filter(merchant_id=merchant_id).delete()
        else:
            LeastMargin.objects.update_or_create(
                merchant_id=merchant_id, defaults={"margin_bp": margin_bp}
            )
        audit.record(
            actor=actor,
            action="least_margin_set",
            object_type="rulebook",
            object_id=merchant_id,
            merchant_id=merchant_id,
            data={"version": version, "margin_bp": margin_bp},
        )


@db.transaction_required
def follow_costs(*, merchant_id: int, now: datetime) -> None:
    """Let the next quote go by other costs, where the merchant has a least margin."""
    with merchant_scope(merchant_id):
        if LeastMargin.objects.exists():
            raise_version(merchant_id=merchant_id, now=now)
