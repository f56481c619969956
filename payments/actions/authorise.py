"""Set the OK part of a sale aside, to be captured later."""

from datetime import datetime

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import later, transaction_required
from payments.actions.capture import CAPTURE_REFUSALS, AmountNotPositive, CurrencyNotPayable
from payments.chart import EUR

AUTHORISE = "payments_authorise(%s, %s, %s, %s, %s, %s, %s)"


@transaction_required
def authorise(
    *,
    sale_id: int,
    merchant_id: int,
    mode: str,
    funding_ref: int,
    amount: int,
    currency: str,
    now: datetime,
    actor: Actor,
) -> None:
    """Set ``amount``, in minor units, of the bank account ``funding_ref`` aside for an open sale.

    The payer has just confirmed this very amount. It counts against their limits from now on, also
    if it is released one day; nothing is owed yet, so nothing is booked. Raises what ``capture``
    raises, at the same moments.
    """
    if amount <= 0:
        raise AmountNotPositive
    if currency != EUR:
        raise CurrencyNotPayable
    later(
        AUTHORISE,
        [sale_id, merchant_id, mode, funding_ref, amount, currency, now],
        refusals=CAPTURE_REFUSALS,
    )
    audit.record(
        actor=actor,
        action="payment_authorised",
        object_type="sale",
        object_id=sale_id,
        merchant_id=merchant_id,
        mode=mode,
        data={"amount": amount, "currency": currency, "bank_account": funding_ref},
    )
