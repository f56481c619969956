"""Ask a payer to say yes on the phone."""

from datetime import datetime, timedelta

from django.conf import settings

from okplatform.kernel import events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction_required
from payments.actions.end_confirmation import end, record, waiting_for
from payments.events.confirmations import ConfirmationAsked
from payments.models import Confirmation
from payments.states import ConfirmationState


@transaction_required
def ask_confirmation(
    *,
    sale_id: int,
    merchant_id: int,
    mode: str,
    person_id: int,
    funding_ref: int,
    amount: int,
    currency: str,
    now: datetime,
    actor: Actor,
    tip: int = 0,
    minimum_age: int = 0,
    patience: timedelta | None = None,
) -> Confirmation:
    """Ask ``person_id`` whether a sale may take ``amount`` from the bank account ``funding_ref``.

    The caller holds the sale's row. The same question again is the one that waits already, with its
    first deadline; another amount or account takes that one back. ``tip`` is what of the sale is
    one, ``minimum_age`` how old they say to be with their yes. ``patience`` is how long a yes
    counts, where that is not as long as ever (``OK_CONFIRMATION_SECONDS``).
    """
    waiting = waiting_for(sale_id)
    if waiting is not None:
        known = (waiting.amount, waiting.bank_account_id, waiting.tip, waiting.minimum_age)
        if known == (amount, funding_ref, tip, minimum_age):
            return waiting
        end(waiting, ConfirmationState.WITHDRAWN, now=now, actor=actor)
    asked = Confirmation.objects.create(
        sale_id=sale_id,
        merchant_id=merchant_id,
        mode=mode,
        person_id=person_id,
        bank_account_id=funding_ref,
        amount=amount,
        currency=currency,
        tip=tip,
        minimum_age=minimum_age,
        asked_at=now,
        deadline=now + (patience or timedelta(seconds=settings.OK_CONFIRMATION_SECONDS)),
    )
    record(asked, "confirmation_asked", actor)
    events.publish(
        ConfirmationAsked(confirmation=str(asked.uuid), person_id=person_id, sale_id=sale_id),
        now=now,
        merchant_id=merchant_id,
        mode=mode,
    )
    return asked
