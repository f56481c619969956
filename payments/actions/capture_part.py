"""Capture a part of what is set aside for a sale."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import later, transaction_required
from okplatform.kernel.errors import Refusal
from okplatform.kernel.later import Later
from payments.actions.capture import AmountNotPositive
from payments.ledger import LEDGER_REFUSALS


class AuthorisationEnded(Refusal):
    """All of it was captured or released."""

    code = "authorisation_ended"
    sentence = _("Nothing is set aside for this any more. Nothing was captured.")


@transaction_required
def capture_part(
    *, sale_id: int, merchant_id: int, mode: str, amount: int, now: datetime, actor: Actor
) -> Later[int]:
    """Capture a part of what is set aside for a sale; the value will be the part's number.

    Raises ``AmountNotPositive``, and the end of the transaction ``AuthorisationEnded`` for more
    than is left, having booked nothing.
    """
    if amount <= 0:
        raise AmountNotPositive
    number: Later[int] = later(
        "payments_capture_part(%s, %s, %s)",
        [sale_id, amount, now],
        refusals={**LEDGER_REFUSALS, "OK121": lambda _detail: AuthorisationEnded()},
    )
    audit.record(
        actor=actor,
        action="payment_captured",
        object_type="sale",
        object_id=sale_id,
        merchant_id=merchant_id,
        mode=mode,
        data={"amount": amount, "part": True},
    )
    return number
