"""Ask a bank for a payment, once; the same request may have to be sent again."""

from datetime import datetime

from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from payments.actions.take_bank_answer import take_answer, take_no_answer, take_refusal
from payments.gateways import GatewayError
from payments.gateways.initiation import InitiationGateway, InitiationRefusedError, Wanted
from payments.models import BankPayment
from payments.settlement import move
from payments.states import BankPaymentState


def initiate_bank_payment(
    *, bank_payment_id: int, gateway: InitiationGateway, now: datetime, actor: Actor
) -> BankPaymentState:
    """Ask the bank for an opened payment and return its state then.

    Whoever claims it asks. Without an answer it is ``unknown``, and asked for again under the same
    request id: of a request that the bank has, nobody could have approved anything, because nobody
    was told where. What is with the bank already stays as it is.
    """
    mine = BankPayment.objects.filter(pk=bank_payment_id)
    with transaction():
        claimed = move(mine.filter(payment_id=""), BankPaymentState.SENDING, claimed_at=now)
    payment = mine.select_related("house_account", "bank_account").get()
    if not claimed:
        return BankPaymentState(payment.state)
    try:
        initiated = gateway.initiate(_wanted(payment))
    except InitiationRefusedError as refused:
        return take_refusal(payment.pk, str(refused), now=now, actor=actor)
    except GatewayError as error:
        return take_no_answer(payment.pk, str(error), now=now)
    return take_answer(
        payment.pk,
        initiated.status,
        payment_id=initiated.payment_id,
        approval_url=initiated.approval_url,
        now=now,
        actor=actor,
    )


def _wanted(payment: BankPayment) -> Wanted:
    return Wanted(
        request_id=payment.request_id,
        end_to_end_id=payment.end_to_end_id,
        amount=payment.amount,
        debtor_iban=payment.bank_account.iban,
        creditor_iban=payment.house_account.iban,
        creditor_name=payment.house_account.holder,
        text=payment.text,
        psu_ip=payment.psu_ip or "",
        return_url=payment.return_url,
    )
