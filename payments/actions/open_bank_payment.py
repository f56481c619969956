"""Write down a payment that a person will approve at the bank, before the bank hears of it."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction_required
from okplatform.kernel.errors import Refusal
from payments.chart import EUR
from payments.models import BankAccount, BankPayment, BankPaymentPurpose
from payments.models.bank_payment import FINAL
from payments.settlement import next_id, settling_accounts


class BankPaymentImpossible(Refusal):
    """OK has no account in this mode that it could be paid to."""

    code = "bank_payment_impossible"
    status = 503
    sentence = _("This cannot be paid at your bank now. Try again later.")


@transaction_required
def open_bank_payment(
    *,
    account: BankAccount,
    purpose: BankPaymentPurpose,
    subject_id: int,
    amount: int,
    text: str,
    request_id: UUID,
    return_url: str,
    psu_ip: str,
    now: datetime,
    actor: Actor,
) -> BankPayment:
    """Return the payment that is open for this subject, or open one of ``amount`` cents.

    A part of the action that knows the reason, and holds a lock on the subject. ``request_id`` is
    its name for the bank and on our pages; the bank sends the person to ``return_url`` afterwards.
    The next step is ``initiate_bank_payment``. Raises ``BankPaymentImpossible``.
    """
    opened = BankPayment.objects.filter(purpose=purpose, subject_id=subject_id)
    found = opened.exclude(state__in=FINAL).first()
    if found is not None:
        return found
    ours = settling_accounts().filter(mode=account.mode).first()
    if ours is None:
        raise BankPaymentImpossible
    payment_id = next_id("payments_bank_payment")
    payment = BankPayment.objects.create(
        pk=payment_id,
        mode=account.mode,
        house_account=ours,
        bank_account=account,
        purpose=purpose,
        subject_id=subject_id,
        amount=amount,
        currency=EUR,
        text=text,
        end_to_end_id=f"OKB{payment_id}",
        request_id=request_id,
        return_url=return_url,
        psu_ip=psu_ip,
        created_at=now,
        next_poll_at=now,
    )
    _write_down(payment, actor)
    return payment


def _write_down(payment: BankPayment, actor: Actor) -> None:
    audit.record(
        actor=actor,
        action="bank_payment_opened",
        object_type="bank_payment",
        object_id=payment.pk,
        mode=payment.mode,
        data={
            "purpose": payment.purpose,
            "subject": payment.subject_id,
            "amount": payment.amount,
        },
    )
