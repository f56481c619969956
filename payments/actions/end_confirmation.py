"""End what a payer was asked: taken, refused, or taken back."""

from datetime import datetime

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction_required
from payments.actions.spend_gift_card import release_gift_cards
from payments.events.confirmations import ConfirmationEnded
from payments.models import Confirmation
from payments.models.confirmation import WAITING
from payments.states import ConfirmationState, require


@transaction_required
def withdraw_confirmation(*, sale_id: int, now: datetime, actor: Actor) -> None:
    """Take back what a sale asks, if it asks anything; a yes no longer pays.

    The caller holds the sale's row.
    """
    waiting = waiting_for(sale_id)
    if waiting is not None:
        end(waiting, ConfirmationState.WITHDRAWN, now=now, actor=actor)


@transaction_required
def waiting_for(sale_id: int) -> Confirmation | None:
    """Take hold of what a sale waits for: asked, or answered and not yet acted on."""
    found = Confirmation.objects.select_for_update().filter(sale_id=sale_id, state__in=WAITING)
    return found.first()


@transaction_required
def hold_latest(sale_id: int) -> Confirmation | None:
    """Take hold of what a sale asked last, however it stands."""
    asked = Confirmation.objects.select_for_update().filter(sale_id=sale_id)
    return asked.order_by("-pk").first()


@transaction_required
def end(
    waiting: Confirmation,
    state: ConfirmationState,
    *,
    now: datetime,
    actor: Actor,
    refusal: str = "",
) -> None:
    """Move a question that this transaction holds to one of its ends, and tell of it."""
    require(ConfirmationState(waiting.state), state)
    waiting.state = state
    waiting.decided_at = now
    waiting.refusal = refusal
    waiting.save(update_fields=["state", "decided_at", "refusal"])
    if state != ConfirmationState.CAPTURED:
        release_gift_cards(sale_id=waiting.sale_id, now=now)
    record(waiting, f"confirmation_{state}", actor)
    events.publish(
        ConfirmationEnded(
            confirmation=str(waiting.uuid),
            person_id=waiting.person_id,
            sale_id=waiting.sale_id,
            state=state.value,
        ),
        now=now,
        merchant_id=waiting.merchant_id,
        mode=waiting.mode,
    )


def record(confirmation: Confirmation, action: str, actor: Actor) -> None:
    """Write down who moved a question."""
    audit.record(
        actor=actor,
        action=action,
        object_type="confirmation",
        object_id=str(confirmation.uuid),
        merchant_id=confirmation.merchant_id,
        mode=confirmation.mode,
        data={"sale": confirmation.sale_id, "amount": confirmation.amount},
    )
