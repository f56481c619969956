"""Take back that a version will begin."""

from datetime import datetime

from loyalty.actions.scheme_refusals import SchemeNotScheduled
from loyalty.actions.scheme_versions import locked
from loyalty.actions.start_spending import drop_waiting
from loyalty.events import SchemeUnscheduled
from loyalty.models import Scheme
from okplatform.kernel import audit, db, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.tenancy import merchant_scope


def unschedule_scheme(*, merchant_id: int, actor: Actor, now: datetime) -> None:
    """Let the version that waits not begin; what is in force stays.

    Spending terms that were to begin with it do not begin either. The version stays in the list.
    Raises ``SchemeUnknown`` or ``SchemeNotScheduled``.
    """
    with db.transaction(), merchant_scope(merchant_id):
        scheme = locked(merchant_id)
        if scheme.scheduled is None:
            raise SchemeNotScheduled
        Scheme.objects.filter(pk=scheme.pk).update(scheduled=None, starts_at=None)
        drop_waiting(merchant_id=merchant_id, actor=actor, starts_at=scheme.starts_at)
        audit.record(
            actor=actor,
            action="scheme_unscheduled",
            object_type="scheme",
            object_id=merchant_id,
            merchant_id=merchant_id,
            data={"version": scheme.scheduled},
        )
        happened = SchemeUnscheduled(merchant_id=merchant_id, version=scheme.scheduled)
        events.publish(happened, now=now, merchant_id=merchant_id)
