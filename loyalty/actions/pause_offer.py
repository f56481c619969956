"""Stop giving an offer, for now."""

from datetime import datetime

from loyalty.actions.refusals import OfferUnknown
from loyalty.actions.rulebook import raise_version
from loyalty.models import Offer, OfferState
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.tenancy import merchant_scope


def pause_offer(*, merchant_id: int, offer_id: int, actor: Actor, now: datetime) -> None:
    """Give the offer no more from the next quote on. Raises ``OfferUnknown``."""
    with db.transaction(), merchant_scope(merchant_id):
        turn(merchant_id=merchant_id, offer_id=offer_id, to=OfferState.PAUSED, actor=actor, now=now)


@db.transaction_required
def turn(*, merchant_id: int, offer_id: int, to: OfferState, actor: Actor, now: datetime) -> None:
    """Bring an offer into a state; one that is in it already stays as it is."""
    version = raise_version(merchant_id=merchant_id, now=now)
    offers = Offer.objects.filter(pk=offer_id)
    if offers.exclude(state=to).update(state=to, changed_at=now):
        audit.record(
            actor=actor,
            action=f"offer_{to.value}",
            object_type="offer",
            object_id=offer_id,
            merchant_id=merchant_id,
            data={"version": version},
        )
    elif not offers.exists():
        raise OfferUnknown
