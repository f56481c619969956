"""Stop a till vendor's keys for a merchant."""

from datetime import datetime

from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.models import PartnerGrant


def withdraw_partner(*, partner_id: int, merchant_id: int, actor: Actor, now: datetime) -> None:
    """Withdraw the grant: from this moment the partner's keys are refused. Twice is once."""
    with db.transaction(), merchant_scope(merchant_id):
        if PartnerGrant.objects.filter(partner_id=partner_id, withdrawn_at=None).update(
            withdrawn_at=now
        ):
            audit.record(
                actor=actor,
                action="partner_withdrawn",
                object_type="partner",
                object_id=partner_id,
                merchant_id=merchant_id,
            )
