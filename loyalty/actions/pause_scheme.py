"""Stop a scheme for now."""

from datetime import datetime

from loyalty.actions.pause_offer import turn
from loyalty.actions.rulebook import raise_version
from loyalty.actions.scheme_refusals import SchemeNotInForce
from loyalty.actions.scheme_versions import locked
from loyalty.events import SchemePaused, SchemeResumed
from loyalty.models import OfferState, Programme, SchemeOffer, SchemeVersion
from okplatform.kernel import audit, db, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.tenancy import merchant_scope


def pause_scheme(*, merchant_id: int, actor: Actor, now: datetime) -> None:
    """Let sales earn no points and get none of the scheme's offers from the next quote on.

    Points that members have stay theirs. Paused already, it stays so. Raises ``SchemeUnknown`` or
    ``SchemeNotInForce``.
    """
    with db.transaction(), merchant_scope(merchant_id):
        turn_scheme(merchant_id=merchant_id, paused_at=now, actor=actor, now=now)


@db.transaction_required
def turn_scheme(
    *, merchant_id: int, paused_at: datetime | None, actor: Actor, now: datetime
) -> None:
    """Pause the scheme in force, or let it count again where ``paused_at`` is None."""
    scheme = locked(merchant_id)
    if scheme.in_force is None:
        raise SchemeNotInForce
    raise_version(merchant_id=merchant_id, now=now)
    programmes = Programme.objects.filter(
        merchant_id=merchant_id, paused_at__isnull=paused_at is not None
    )
    if not programmes.update(paused_at=paused_at):
        return
    to = OfferState.PAUSED if paused_at else OfferState.ACTIVE
    content = SchemeVersion.objects.get(number=scheme.in_force).content
    slots = [offer["slot"] for offer in content["offers"]]
    for offer_id in SchemeOffer.objects.filter(slot__in=slots).values_list("offer_id", flat=True):
        turn(merchant_id=merchant_id, offer_id=offer_id, to=to, actor=actor, now=now)
    event = SchemePaused if paused_at else SchemeResumed
    audit.record(
        actor=actor,
        action="scheme_paused" if paused_at else "scheme_resumed",
        object_type="scheme",
        object_id=merchant_id,
        merchant_id=merchant_id,
        data={"version": scheme.in_force},
    )
    happened = event(merchant_id=merchant_id, version=scheme.in_force)
    events.publish(happened, now=now, merchant_id=merchant_id)
