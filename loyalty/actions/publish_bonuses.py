"""Give a programme its bonuses."""

from datetime import datetime

from loyalty.actions.publish_tiers import NoProgramme
from loyalty.actions.rulebook import raise_version
from loyalty.bonuses import Bonuses
from loyalty.models import Programme
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.tenancy import merchant_scope


def publish_bonuses(*, merchant_id: int, bonuses: Bonuses, actor: Actor, now: datetime) -> None:
    """Put these in force from the next quote on; zero points is none. Raises ``NoProgramme``."""
    with db.transaction(), merchant_scope(merchant_id):
        version = raise_version(merchant_id=merchant_id, now=now)
        programme = Programme.objects.select_for_update().first()
        if programme is None:
            raise NoProgramme
        programme.bonuses = bonuses.as_json()
        programme.save(update_fields=["bonuses"])
        audit.record(
            actor=actor,
            action="bonuses_published",
            object_type="programme",
            object_id=programme.pk,
            merchant_id=merchant_id,
            data={"version": version, **bonuses.as_json()},
        )
