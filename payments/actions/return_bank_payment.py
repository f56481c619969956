"""Owe again what a person had paid at the bank, and the bank took back."""

from datetime import date, datetime

from django.db.models import Q

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction_required
from okplatform.kernel.tenancy import operator_scope
from payments.actions.set_off import set_off
from payments.chart import (
    BANK_PAYMENTS_IN_TRANSIT,
    SHOPPER_RECEIVABLE,
)
from payments.ledger import AccountRef, post
from payments.models import Authorisation, BankPayment, Refund
from payments.postings import (
    BANK_PAYMENT_RETURNED,
)
from payments.states import BankPaymentState, RefundState


@transaction_required
def return_bank_payment(
    *, bank_payment_id: int, returned_on: date, now: datetime, actor: Actor
) -> None:
    """Book that a completed payment went back: it is collected with what comes next.

    An instant payment is final; this is for the recall that its payer's bank and we agreed to.
    What was to go back to the shopper of a purchase paid so is taken off that debt instead. Done
    again it changes nothing.
    """
    mine = BankPayment.objects.filter(
        pk=bank_payment_id, state=BankPaymentState.COMPLETED, returned_on=None
    )
    if not mine.update(returned_on=returned_on):
        return
    payment = BankPayment.objects.get(pk=bank_payment_id)
    owed = AccountRef(SHOPPER_RECEIVABLE.kind, payment.bank_account_id, payment.currency)
    coming = AccountRef(BANK_PAYMENTS_IN_TRANSIT.kind, payment.house_account_id, payment.currency)
    post(
        kind=BANK_PAYMENT_RETURNED,
        reference=str(payment.pk),
        mode=payment.mode,
        entries=[(owed, -payment.amount), (coming, payment.amount)],
        now=now,
    )
    for refund in _waiting_refunds(payment):
        set_off(refund=refund, collection_id=None, now=now, actor=actor)
    audit.record(
        actor=actor,
        action="bank_payment_returned",
        object_type="bank_payment",
        object_id=payment.pk,
        mode=payment.mode,
        data={"returned_on": returned_on.isoformat()},
    )


def _waiting_refunds(payment: BankPayment) -> list[Refund]:
    """Return what waits to go back of a purchase, held until the end."""
    with operator_scope("settlement"):
        sale = Authorisation.objects.filter(bank_payment=payment).values("pk")
        waiting = Refund.objects.filter(
            Q(bank_payment=payment) | Q(payment__in=sale), state=RefundState.WAITING
        )
        return list(waiting.select_for_update(no_key=True, of=("self",)).order_by("pk"))
