"""Let a paused scheme count again."""

from datetime import datetime

from loyalty.actions.pause_scheme import turn_scheme
from okplatform.kernel import db
from okplatform.kernel.audit import Actor
from okplatform.kernel.tenancy import merchant_scope


def resume_scheme(*, merchant_id: int, actor: Actor, now: datetime) -> None:
    """Let sales earn points and get the scheme's offers again, from the next quote on.

    Raises ``SchemeUnknown`` or ``SchemeNotInForce``.
    """
    with db.transaction(), merchant_scope(merchant_id):
        turn_scheme(merchant_id=merchant_id, paused_at=None, actor=actor, now=now)
