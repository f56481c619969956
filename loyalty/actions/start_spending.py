"""Bring spending terms into force when their time has come, or let them not begin."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from loyalty.actions.put_spending import SpendingPromise, count
from loyalty.actions.rulebook import raise_version
from loyalty.models import SpendingVersion
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import merchant_scope


class SpendingNotScheduled(Refusal):
    """No terms wait for their time."""

    code = "spending_not_scheduled"
    sentence = _("Nothing is waiting to start. It may have started just now.")


def start_spending(*, merchant_id: int, actor: Actor, now: datetime) -> bool:
    """Bring the terms that are due into force; return whether there were any."""
    with db.transaction(), merchant_scope(merchant_id):
        due = SpendingVersion.objects.filter(started_at=None, starts_at__lte=now)
        if not due.exists():
            return False
        # Whoever comes second waits here, and then finds nothing.
        version = raise_version(merchant_id=merchant_id, now=now)
        waiting = due.first()
        if waiting is None or not due.filter(pk=waiting.pk).update(started_at=now):
            return False
        count(merchant_id=merchant_id, promise=SpendingPromise(**waiting.terms), now=now)
        audit.record(
            actor=actor,
            action="spending_started",
            object_type="spending",
            object_id=merchant_id,
            merchant_id=merchant_id,
            data={"version": version, **waiting.terms},
        )
        return True


def unschedule_spending(*, merchant_id: int, actor: Actor) -> None:
    """Let terms that wait not begin; those in force stay. Raises ``SpendingNotScheduled``."""
    with db.transaction(), merchant_scope(merchant_id):
        if not drop_waiting(merchant_id=merchant_id, actor=actor):
            raise SpendingNotScheduled


@db.transaction_required
def drop_waiting(*, merchant_id: int, actor: Actor, starts_at: datetime | None = None) -> bool:
    """Take terms away that wait (for that moment); return whether there were any."""
    waiting = SpendingVersion.objects.filter(merchant_id=merchant_id, started_at=None)
    if starts_at is not None:
        waiting = waiting.filter(starts_at=starts_at)
    gone, _rows = waiting.delete()
    if gone:
        audit.record(
            actor=actor,
            action="spending_unscheduled",
            object_type="spending",
            object_id=merchant_id,
            merchant_id=merchant_id,
        )
    return bool(gone)
