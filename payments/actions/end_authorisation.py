"""End an authorisation: what was captured stays, the rest is released."""

from datetime import datetime

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, later, transaction_required
from okplatform.kernel.later import Later
from payments.actions.allot_bank_payment import give_back
from payments.actions.capture_part import AuthorisationEnded

PAID_BEFORE = """
SELECT bank_payment_id, amount - captured FROM payments_authorisation
WHERE sale_id = %s AND bank_payment_id IS NOT NULL AND captured < amount
"""


@transaction_required
def end_authorisation(
    *, sale_id: int, merchant_id: int, mode: str, now: datetime, actor: Actor
) -> Later[int]:
    """Release what was not captured; the value will be what was, now the sale's payment.

    What was paid at the bank before, and is released, goes back there. The end of the transaction
    raises ``AuthorisationEnded`` for one that has ended.
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
    for bank_payment_id, released in call(PAID_BEFORE, [sale_id]):
        give_back(
            bank_payment_id=bank_payment_id,
            merchant_id=merchant_id,
            amount=released,
            now=now,
            actor=actor,
        )
    return captured
