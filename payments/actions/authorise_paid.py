"""Set money aside for a sale that its shopper has paid already, at the bank."""

from datetime import datetime

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import later, transaction_required
from payments.actions.capture import CAPTURE_REFUSALS
from payments.models import BankPayment

AUTHORISE_PAID = "payments_authorise_paid(%s, %s, %s, %s)"


@transaction_required
def authorise_paid(
    *, sale_id: int, merchant_id: int, bank_payment: BankPayment, now: datetime, actor: Actor
) -> None:
    """Set all of a payment that ``allot`` has just claimed aside for an open sale.

    Nothing is lent: no limit counts it, and the account need not be signed for. What is captured
    comes out of what was paid, and what is released goes back (``end_authorisation``). The end of
    the transaction raises ``SalePaidAlready``.
    """
    later(AUTHORISE_PAID, [sale_id, merchant_id, bank_payment.pk, now], refusals=CAPTURE_REFUSALS)
    audit.record(
        actor=actor,
        action="payment_authorised",
        object_type="sale",
        object_id=sale_id,
        merchant_id=merchant_id,
        mode=bank_payment.mode,
        data={
            "amount": bank_payment.amount,
            "currency": bank_payment.currency,
            "bank_account": bank_payment.bank_account_id,
            "bank_payment": bank_payment.pk,
        },
    )
