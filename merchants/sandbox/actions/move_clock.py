"""Move the time of a merchant's sandbox forward, and let come due what waited for it."""

from datetime import datetime, timedelta

from django.db.models import Q

from loyalty.actions.turn_test_lots import turn_test_lots
from merchants.checkout.actions.expire_payment import expire_payment
from merchants.checkout.online_states import HELD, OPEN
from merchants.magic import TEST
from merchants.models import OnlinePayment, Sandbox
from merchants.sandbox.refusals import ClockGoesBack, ClockTooFar
from merchants.webhooks.actions.hasten import hasten
from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.tenancy import merchant_scope
from payments.actions.expire_confirmations import expire_confirmations

FARTHEST = timedelta(days=5 * 365)
AT_ONCE = 500
SLACK = timedelta(minutes=1)
"""A call that is sent again names a time that has passed meanwhile: that is no way back."""


def move_clock(*, merchant_id: int, to: datetime, wall: datetime, actor: Actor) -> Sandbox:
    """Let it be ``to`` in the sandbox, at the moment ``wall`` of everybody's clock.

    What waits in test mode and is due by then happens now: points count or end, questions to phones
    and online payments end, webhooks are tried again. Said again with the same time it lets come
    due what has come since. Raises ``ClockGoesBack`` or ``ClockTooFar``.
    """
    ahead = to - wall
    if ahead > FARTHEST:
        raise ClockTooFar
    with transaction(), merchant_scope(merchant_id):
        box = hold_sandbox(merchant_id, wall=wall)
        moved = max(ahead, timedelta()) - box.ahead
        if ahead < timedelta() or moved < -SLACK:
            raise ClockGoesBack(now=(wall + box.ahead).isoformat())
        moved = max(moved, timedelta())
        if moved:
            box.ahead += moved
            box.changed_at = wall
            box.save(update_fields=["ahead", "changed_at"])
            hasten(merchant_id=merchant_id, by=moved)
            audit.record(
                actor=actor,
                action="sandbox_clock_moved",
                object_type="sandbox",
                object_id=str(box),
                merchant_id=merchant_id,
                mode=TEST,
                data={"seconds": int(moved.total_seconds())},
            )
    _come_due(merchant_id, now=wall + box.ahead, actor=actor)
    return box


def hold_sandbox(merchant_id: int, *, wall: datetime) -> Sandbox:
    """Take hold of the merchant's sandbox; it comes into being with its first change."""
    Sandbox.objects.bulk_create(
        [Sandbox(merchant_id=merchant_id, changed_at=wall)], ignore_conflicts=True
    )
    found: Sandbox = Sandbox.objects.select_for_update().get(pk=merchant_id)
    return found


def _come_due(merchant_id: int, *, now: datetime, actor: Actor) -> None:
    turn_test_lots(merchant_id=merchant_id, now=now)
    while expire_confirmations(now=now, actor=actor, test_of=merchant_id):
        pass
    due = Q(state__in=OPEN, expires_at__lte=now) | Q(state__in=HELD, capture_until__lte=now)
    with merchant_scope(merchant_id):
        for payment in OnlinePayment.objects.filter(due, mode=TEST).order_by("pk")[:AT_ONCE]:
            expire_payment(payment=payment, now=now, actor=actor)
