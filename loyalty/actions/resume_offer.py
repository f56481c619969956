"""Give a paused offer again."""

from datetime import datetime

from loyalty.actions.pause_offer import turn
from loyalty.models import OfferState
from okplatform.kernel import db
from okplatform.kernel.audit import Actor
from okplatform.kernel.tenancy import merchant_scope


def resume_offer(*, merchant_id: int, offer_id: int, actor: Actor, now: datetime) -> None:
    """Give the offer again from the next quote on. Raises ``OfferUnknown``."""
    with db.transaction(), merchant_scope(merchant_id):
        turn(merchant_id=merchant_id, offer_id=offer_id, to=OfferState.ACTIVE, actor=actor, now=now)
