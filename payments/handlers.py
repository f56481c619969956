"""What settlement does when reconciliation has found, or missed again, what it expected.

And which letters a collection leads to.
"""

from collections.abc import Sequence
from datetime import date

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.events import Delivered, handles
from payments.actions.reopen_debt import reopen_debt
from payments.actions.return_bank_payment import return_bank_payment
from payments.actions.return_proof import return_proof
from payments.actions.settle_collection import settle_collection
from payments.actions.settle_payout import return_payout, settle_payout
from payments.actions.write_letters import write_dunning, write_notices
from payments.events import ExpectationFulfilled, ExpectationReturned
from payments.models import ExpectationKind
from payments.settlement_events import CollectionAnnounced, CollectionReturned
from payments.states import FollowUp


@handles(ExpectationFulfilled)
def settle_what_came(deliveries: Sequence[Delivered[ExpectationFulfilled]]) -> None:
    """Settle the collections and payouts that the bank has booked."""
    now = clock.now()
    for event in (delivered.event for delivered in deliveries):
        day = date.fromisoformat(event.booked_on)
        if event.kind == ExpectationKind.COLLECTION:
            settle_collection(collection_id=event.subject_id, settled_on=day, now=now, actor=SYSTEM)
        elif event.kind == ExpectationKind.PAYOUT:
            settle_payout(payout_id=event.subject_id, paid_on=day, now=now, actor=SYSTEM)


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
    """Write to shoppers whose collection came back; of one that is tried again they hear anyway."""
    now = clock.now()
    for delivered in deliveries:
        if delivered.event.follow_up != FollowUp.RETRY:
            write_dunning(
                collection_id=delivered.event.collection_id, mode=delivered.mode or "", now=now
            )
