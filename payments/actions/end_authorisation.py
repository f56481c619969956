"""End an authorisation: what was captured stays, the rest is released."""

from datetime import datetime

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import later, transaction_required
from okplatform.kernel.later import Later
from payments.actions.capture_part import AuthorisationEnded


@transaction_required
def end_authorisation(
    *, sale_id: int, merchant_id: int, mode: str, now: datetime, actor: Actor
) -> Later[int]:
    """Release what was not captured; the value will be what was, now the sale's payment.

    The end of the transaction raises ``AuthorisationEnded`` for one that has ended.
    """
    captured: Later[int] = later(
        "payments_end_authorisation(%s, %s)",
        [sale_id, now],
        refusals={"OK122": lambda _detail: AuthorisationEnded()},
    )
    audit.record(
        actor=actor,
        action="authorisation_ended",
        object_type="sale",
        object_id=sale_id,
        merchant_id=merchant_id,
        mode=mode,
    )
    return captured
