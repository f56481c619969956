"""What follows: fees on a sale, settlement on what the bank did, phones on what is asked.

And which letters a collection leads to.
"""

from collections.abc import Sequence
from datetime import date
from functools import partial

from django.urls import reverse

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import after_commit
from okplatform.kernel.events import Delivered, handles
from okplatform.kernel.modes import Mode
from okplatform.trade.events import SaleClosed, SaleRefunded
from okplatform.trade.models import TenderKind
from okplatform.web.streams import notify
from payments.actions.accrue_fees import accrue_fees, accrue_refund_fees
from payments.actions.reopen_debt import reopen_debt
from payments.actions.return_bank_payment import return_bank_payment
from payments.actions.return_proof import return_proof
from payments.actions.settle_collection import settle_collection, unsettle_collection
from payments.actions.settle_invoice import return_invoice, settle_invoice, unsettle_invoice
from payments.actions.settle_payout import return_payout, settle_payout, unsettle_payout
from payments.actions.settle_refund import return_refund, settle_refund, unsettle_refund
from payments.actions.write_letters import write_dunning, write_notices
from payments.events.confirmations import ConfirmationAsked, ConfirmationEnded
from payments.events.expectations import (
    ExpectationFulfilled,
    ExpectationReopened,
    ExpectationReturned,
)
from payments.events.settlement import CollectionAnnounced, CollectionReturned
from payments.models import ExpectationKind
from payments.queries import waiting_confirmations
from payments.states import FollowUp
from wallet.actions.tell_people import Tell, tell_people
from wallet.models import PushKind


@handles(SaleClosed)
def let_fees_accrue(deliveries: Sequence[Delivered[SaleClosed]]) -> None:
    """Let the fees of what was paid with OK accrue, a batch in one statement."""
    paid = [
        delivered.event.sale_id
        for delivered in deliveries
        if delivered.event.mode == Mode.LIVE and TenderKind.OK in delivered.event.tenders
    ]
    accrue_fees(sale_ids=paid)


@handles(SaleRefunded)
def let_fees_of_refunds_accrue(deliveries: Sequence[Delivered[SaleRefunded]]) -> None:
    """Let what refunds cost accrue, and what they give back of their payments' fees."""
    refunded = [
        delivered.event.return_id
        for delivered in deliveries
        if delivered.event.mode == Mode.LIVE and TenderKind.OK in delivered.event.tenders
    ]
    accrue_refund_fees(return_ids=refunded)


@handles(ExpectationFulfilled)
def settle_what_came(deliveries: Sequence[Delivered[ExpectationFulfilled]]) -> None:
    """Settle the collections, payouts and refunds that the bank has booked."""
    now = clock.now()
    for event in (delivered.event for delivered in deliveries):
        day = date.fromisoformat(event.booked_on)
        if event.kind == ExpectationKind.COLLECTION:
            settle_collection(collection_id=event.subject_id, settled_on=day, now=now, actor=SYSTEM)
        elif event.kind == ExpectationKind.PAYOUT:
            settle_payout(payout_id=event.subject_id, paid_on=day, now=now, actor=SYSTEM)
        elif event.kind == ExpectationKind.INVOICE:
            settle_invoice(invoice_id=event.subject_id, paid_on=day, actor=SYSTEM)
        elif event.kind == ExpectationKind.REFUND:
            settle_refund(refund_id=event.subject_id, paid_on=day, now=now, actor=SYSTEM)


@handles(ExpectationReopened)
def await_again_what_came_for_another(
    deliveries: Sequence[Delivered[ExpectationReopened]],
) -> None:
    """Put back on its way, or open again, what another's bank line had settled."""
    now = clock.now()
    for event in (delivered.event for delivered in deliveries):
        if event.kind == ExpectationKind.COLLECTION:
            unsettle_collection(collection_id=event.subject_id, now=now, actor=SYSTEM)
        elif event.kind == ExpectationKind.PAYOUT:
            unsettle_payout(payout_id=event.subject_id, now=now, actor=SYSTEM)
        elif event.kind == ExpectationKind.INVOICE:
            unsettle_invoice(invoice_id=event.subject_id, actor=SYSTEM)
        elif event.kind == ExpectationKind.REFUND:
            unsettle_refund(refund_id=event.subject_id, now=now, actor=SYSTEM)


@handles(ExpectationReturned)
def take_back_what_was_returned(deliveries: Sequence[Delivered[ExpectationReturned]]) -> None:
    """Owe again what the bank took back from us, or gave us back."""
    now = clock.now()
    for event in (delivered.event for delivered in deliveries):
        day = date.fromisoformat(event.booked_on)
        if event.kind == ExpectationKind.COLLECTION:
            reopen_debt(
                collection_id=event.subject_id,
                reason=event.reason,
                returned_on=day,
                now=now,
                actor=SYSTEM,
            )
        elif event.kind == ExpectationKind.PAYOUT:
            return_payout(
                payout_id=event.subject_id,
                reason=event.reason,
                returned_on=day,
                now=now,
                actor=SYSTEM,
            )
        elif event.kind == ExpectationKind.INVOICE:
            return_invoice(invoice_id=event.subject_id, reason=event.reason, actor=SYSTEM)
        elif event.kind == ExpectationKind.REFUND:
            return_refund(
                refund_id=event.subject_id,
                reason=event.reason,
                returned_on=day,
                now=now,
                actor=SYSTEM,
            )
        elif event.kind == ExpectationKind.BANK_PAYMENT:
            return_bank_payment(
                bank_payment_id=event.subject_id, returned_on=day, now=now, actor=SYSTEM
            )
        elif event.kind == ExpectationKind.PROOF:
            return_proof(
                proof_id=event.subject_id,
                reason=event.reason,
                returned_on=day,
                now=now,
                actor=SYSTEM,
            )


@handles(ConfirmationAsked)
def ask_on_the_phone(deliveries: Sequence[Delivered[ConfirmationAsked]]) -> None:
    """Let the payers' open pages ask at once, and their phones; what opens later asks by itself."""
    for event in (delivered.event for delivered in deliveries):
        said = {"url": reverse("payments:confirm", args=[event.confirmation])}
        after_commit(partial(notify, f"person:{event.person_id}", "confirmation", said))
    asked = waiting_confirmations([delivered.event.confirmation for delivered in deliveries])
    tell_people(
        said=[
            Tell(
                person_id=one.person_id,
                kind=PushKind.PAYMENT,
                about=str(one.uuid),
                url=reverse("payments:confirm", args=[one.uuid]),
                facts={
                    "shop": one.merchant.name,
                    "amount": one.amount,
                    "currency": one.currency,
                },
                ends_at=one.deadline,
            )
            for one in asked
        ],
        now=clock.now(),
    )


@handles(ConfirmationEnded)
def tell_the_phone_that_it_is_over(deliveries: Sequence[Delivered[ConfirmationEnded]]) -> None:
    """Let the page that still asks say how it ended."""
    for event in (delivered.event for delivered in deliveries):
        said = {"confirmation": event.confirmation, "state": event.state}
        after_commit(partial(notify, f"person:{event.person_id}", "confirmation-over", said))


@handles(CollectionAnnounced)
def announce_by_letter(deliveries: Sequence[Delivered[CollectionAnnounced]]) -> None:
    """Write to shoppers before we collect; a second attempt says that it is one."""
    now = clock.now()
    for delivered in deliveries:
        write_notices(
            collections=[delivered.event.collection_id], mode=delivered.mode or "", now=now
        )


@handles(CollectionReturned)
def ask_by_letter(deliveries: Sequence[Delivered[CollectionReturned]]) -> None:
    """Write to shoppers who owe what came back.

    Of what is tried again they hear anyway; of what was refunded since, nothing is owed.
    """
    now = clock.now()
    for delivered in deliveries:
        if delivered.event.follow_up not in (FollowUp.RETRY, FollowUp.REFUNDED):
            write_dunning(
                collection_id=delivered.event.collection_id, mode=delivered.mode or "", now=now
            )
