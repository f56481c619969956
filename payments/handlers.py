"""What follows: settlement on what reconciliation found or missed, phones on what is asked."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from django.urls import reverse

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import after_commit
from okplatform.kernel.events import Delivered, handles
from okplatform.web.streams import notify
from payments.actions.reopen_debt import reopen_debt
from payments.actions.settle_collection import settle_collection
from payments.actions.settle_payout import return_payout, settle_payout
from payments.events import (
    ConfirmationAsked,
    ConfirmationEnded,
    ExpectationFulfilled,
    ExpectationReturned,
)
from payments.models import ExpectationKind


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


@handles(ConfirmationAsked)
def ask_on_the_phone(deliveries: Sequence[Delivered[ConfirmationAsked]]) -> None:
    """Let the payers' open pages ask at once; a page that opens later asks by itself."""
    for event in (delivered.event for delivered in deliveries):
        said = {"url": reverse("payments:confirm", args=[event.confirmation])}
        after_commit(partial(notify, f"person:{event.person_id}", "confirmation", said))


@handles(ConfirmationEnded)
def tell_the_phone_that_it_is_over(deliveries: Sequence[Delivered[ConfirmationEnded]]) -> None:
    """Let the page that still asks say how it ended."""
    for event in (delivered.event for delivered in deliveries):
        said = {"confirmation": event.confirmation, "state": event.state}
        after_commit(partial(notify, f"person:{event.person_id}", "confirmation-over", said))
