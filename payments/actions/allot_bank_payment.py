"""Say what becomes of money that was paid at the bank for a purchase: its sale's, or back."""

from datetime import datetime

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction_required
from payments.actions.set_off import set_off
from payments.chart import (
    REFUNDS_PAYABLE,
    SHOPPER_PREPAID,
)
from payments.events.settlement import BankPaymentGivenBack
from payments.ledger import AccountRef, post
from payments.models import BankPayment, BankPaymentPurpose, Refund
from payments.postings import (
    BANK_PAYMENT_RELEASED,
)
from payments.settlement import next_id
from payments.states import BankPaymentState


@transaction_required
def allot(bank_payment_id: int, *, now: datetime) -> BankPayment | None:
    """Claim a completed payment of a purchase; None where that was done, or is not to be done.

    Of many at once one gets it. In the same transaction it is set aside for its sale
    (``authorise_paid``) or given back.
    """
    claimed = BankPayment.objects.filter(
        pk=bank_payment_id,
        purpose=BankPaymentPurpose.ONLINE,
        state=BankPaymentState.COMPLETED,
        allotted_at=None,
    ).update(allotted_at=now)
    if not claimed:
        return None
    return BankPayment.objects.select_related("bank_account").get(pk=bank_payment_id)


@transaction_required
def give_back(
    *, bank_payment_id: int, merchant_id: int, amount: int, now: datetime, actor: Actor
) -> None:
    """Owe the payer ``amount``, in minor units, of what was paid: no sale takes it.

    The next file for the bank takes it to the account that it came from (``order_refunds``). Where
    the bank had the payment back meanwhile, it lowers that debt instead. PostgreSQL refuses more
    than there is, and a second time. Needs the merchant's scope open.
    """
    # Held, so that the bank's return and this see each other.
    paid = BankPayment.objects.select_for_update(no_key=True).get(pk=bank_payment_id)
    refund_id = next_id("payments_refund")
    refund = Refund(
        pk=refund_id,
        bank_payment=paid,
        merchant_id=merchant_id,
        mode=paid.mode,
        bank_account_id=paid.bank_account_id,
        amount=amount,
        currency=paid.currency,
        refunded_at=now,
        end_to_end_id=f"OKR{refund_id}",
    )
    refund.save(force_insert=True)
    prepaid = AccountRef(SHOPPER_PREPAID.kind, paid.bank_account_id, paid.currency)
    owed = AccountRef(REFUNDS_PAYABLE.kind, paid.bank_account_id, paid.currency)
    post(
        kind=BANK_PAYMENT_RELEASED,
        reference=str(refund_id),
        mode=paid.mode,
        entries=[(prepaid, -amount), (owed, amount)],
        now=now,
    )
    _tell(refund, paid, now=now, actor=actor)
    if paid.returned_on is not None:
        set_off(refund=refund, collection_id=None, now=now, actor=actor)


@transaction_required
def _tell(refund: Refund, paid: BankPayment, *, now: datetime, actor: Actor) -> None:
    audit.record(
        actor=actor,
        action="bank_payment_given_back",
        object_type="bank_payment",
        object_id=paid.pk,
        merchant_id=refund.merchant_id,
        mode=paid.mode,
        data={"refund": refund.pk, "amount": refund.amount},
    )
    given_back = BankPaymentGivenBack(
        bank_payment_id=paid.pk,
        purpose=paid.purpose,
        subject_id=paid.subject_id,
        amount=refund.amount,
        refund_id=refund.pk,
    )
    events.publish(given_back, now=now, mode=paid.mode)
