"""Book a payment that a person approved at the bank, and do what it was for."""

from datetime import datetime

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction, transaction_required
from payments.actions.close_proofs import close_proofs
from payments.actions.expect import expect
from payments.actions.prove_ownership import prove_ownership
from payments.calendar import local_day, on_or_after
from payments.chart import (
    BANK_PAYMENTS_IN_TRANSIT,
    SHOPPER_PREPAID,
    SHOPPER_RECEIVABLE,
)
from payments.events.settlement import BankPaymentCompleted
from payments.ledger import AccountRef, post
from payments.models import (
    BankPayment,
    BankPaymentPurpose,
    Collection,
    CollectionItem,
    ExpectationKind,
    ProvedBy,
)
from payments.postings import (
    BANK_PAYMENT,
)
from payments.queries import left_in
from payments.settlement import move
from payments.states import BankPaymentState, CollectionState


def complete_bank_payment(
    bank_payment_id: int, *, status: str = "", now: datetime, actor: Actor
) -> BankPaymentState:
    """Book a payment that is on our account, expect its line, and do what it was for, once.

    Of a purchase the shop's side hears by the event, and says what becomes of the money.
    """
    mine = BankPayment.objects.filter(pk=bank_payment_id)
    with transaction():
        if finish(bank_payment_id, BankPaymentState.COMPLETED, status=status, now=now):
            payment = mine.select_related("bank_account").get()
            posting_id = _book(payment, now=now)
            if payment.purpose == BankPaymentPurpose.DEBT:
                _settle_debt(payment, posting_id, now=now)
            else:
                _prove(payment, now=now, actor=actor)
            completed = BankPaymentCompleted(
                bank_payment_id=payment.pk,
                purpose=payment.purpose,
                subject_id=payment.subject_id,
                amount=payment.amount,
            )
            tell(payment, completed, "bank_payment_completed", now=now, actor=actor)
    return BankPaymentState(mine.get().state)


@transaction_required
def finish(
    bank_payment_id: int,
    target: BankPaymentState,
    *,
    status: str = "",
    error: str = "",
    now: datetime,
) -> bool:
    """Say the last word; of several at once one does."""
    mine = BankPayment.objects.filter(pk=bank_payment_id)
    changes = {"status": status} if status else {}
    finished = move(
        mine, target, finished_at=now, next_poll_at=None, psu_ip=None, last_error=error, **changes
    )
    return finished == 1


@transaction_required
def tell(
    payment: BankPayment,
    event: BankPaymentCompleted,
    action: str,
    *,
    now: datetime,
    actor: Actor,
) -> None:
    """Write down and publish that a payment is over."""
    audit.record(
        actor=actor,
        action=action,
        object_type="bank_payment",
        object_id=payment.pk,
        mode=payment.mode,
        data={"status": payment.status, "amount": payment.amount},
    )
    events.publish(event, now=now, mode=payment.mode)


def _book(payment: BankPayment, *, now: datetime) -> int:
    # What is paid for a purchase is never a debt: nothing of it may come off what is collected.
    is_purchase = payment.purpose == BankPaymentPurpose.ONLINE
    held = SHOPPER_PREPAID if is_purchase else SHOPPER_RECEIVABLE
    owed = AccountRef(held.kind, payment.bank_account_id, payment.currency)
    coming = AccountRef(BANK_PAYMENTS_IN_TRANSIT.kind, payment.house_account_id, payment.currency)
    posting_id = post(
        kind=BANK_PAYMENT,
        reference=str(payment.pk),
        mode=payment.mode,
        entries=[(owed, payment.amount), (coming, -payment.amount)],
        now=now,
    )
    expect(
        mode=payment.mode,
        house_account_id=payment.house_account_id,
        kind=ExpectationKind.BANK_PAYMENT,
        subject_id=payment.pk,
        amount=payment.amount,
        currency=payment.currency,
        end_to_end_id=payment.end_to_end_id,
        reference=payment.end_to_end_id,
        iban=payment.bank_account.iban,
        due_on=on_or_after(local_day(now)),
        now=now,
    )
    return posting_id


def _prove(payment: BankPayment, *, now: datetime, actor: Actor) -> None:
    account_id = payment.bank_account_id
    if prove_ownership(bank_account_id=account_id, proved_by=ProvedBy.BANK, now=now, actor=actor):
        close_proofs(account_id, reason="replaced")


def _settle_debt(payment: BankPayment, posting_id: int, *, now: datetime) -> None:
    """Let what was paid take the debt's place in its collection.

    If that is with the bank again meanwhile, the payment waits among the shopper's bookings, and
    is taken off what is collected next; so is what was refunded while it was being paid.
    """
    # Held, so that nobody announces it again, or refunds, between this look and the move.
    Collection.objects.select_for_update(no_key=True).get(pk=payment.subject_id)
    if Collection.objects.filter(retry_of_id=payment.subject_id).exists():
        return
    if move(Collection.objects.filter(pk=payment.subject_id), CollectionState.PAID):
        _release_refunds(payment)
        CollectionItem.objects.create(
            posting_id=posting_id,
            bank_account_id=payment.bank_account_id,
            mode=payment.mode,
            amount=-payment.amount,
            booked_at=now,
            collection_id=payment.subject_id,
        )


def _release_refunds(payment: BankPayment) -> None:
    """Take out what was set off against the debt since the payment of it was opened.

    The payment is of the whole: these come off what is collected next instead.
    """
    paid_too_much = payment.amount - left_in(payment.subject_id)
    refunds = CollectionItem.objects.filter(collection_id=payment.subject_id, amount__lt=0)
    for refund in refunds.order_by("-pk"):
        if paid_too_much <= 0:
            return
        paid_too_much += refund.amount
        CollectionItem.objects.filter(pk=refund.pk).update(collection=None)
