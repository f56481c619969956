"""Find out where a payment stands: from our own statement, or from the bank."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from payments.actions.complete_bank_payment import complete_bank_payment
from payments.actions.initiate_bank_payment import initiate_bank_payment
from payments.actions.take_bank_answer import take_answer, take_no_answer
from payments.gateways import GatewayError
from payments.gateways.initiation import InitiationGateway
from payments.models import BankEntry, BankPayment, EntryState
from payments.settlement import move
from payments.states import BankPaymentState

GIVEN_UP_AFTER = timedelta(minutes=2)
"""A sender that has not come back by then has died, and nobody knows how far it came."""


def refresh_bank_payment(
    *, bank_payment_id: int, gateway: InitiationGateway, now: datetime, actor: Actor
) -> BankPaymentState:
    """Ask after a payment and return its state then; what is over is not asked after.

    A line on our own account proves it, whatever the bank's interface says or does not say. What
    the bank never answered about is asked for again, under the same request id.
    """
    mine = BankPayment.objects.filter(pk=bank_payment_id)
    with transaction():
        stale = mine.filter(state=BankPaymentState.SENDING, claimed_at__lte=now - GIVEN_UP_AFTER)
        move(stale, BankPaymentState.UNKNOWN)
    payment = mine.get()
    state = BankPaymentState(payment.state)
    if payment.is_final or state is BankPaymentState.SENDING:
        return state
    if lines_of(payment).filter(amount=payment.amount).exists():
        return complete_bank_payment(payment.pk, now=now, actor=actor)
    if not payment.payment_id:
        return initiate_bank_payment(
            bank_payment_id=payment.pk, gateway=gateway, now=now, actor=actor
        )
    try:
        status = gateway.status(payment.payment_id)
    except GatewayError as error:
        return take_no_answer(payment.pk, str(error), now=now)
    return take_answer(payment.pk, status, now=now, actor=actor)


def lines_of(payment: BankPayment) -> QuerySet[BankEntry]:
    """Return the lines in the work queue that name a payment."""
    return BankEntry.objects.filter(
        house_account_id=payment.house_account_id,
        end_to_end_id=payment.end_to_end_id,
        currency=payment.currency,
        state=EntryState.QUEUED,
    )
