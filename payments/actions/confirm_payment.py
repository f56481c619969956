"""A payer says yes: by PIN or passkey, in time, and once."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import durable, transaction, transaction_required
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import person_scope
from payments.actions.end_confirmation import record
from payments.events.confirmations import ConfirmationGiven
from payments.models import Confirmation
from payments.settlement import move
from payments.states import ConfirmationState
from wallet.actions.confirm_presence import PasskeyAnswer, confirm_presence


class ConfirmationOver(Refusal):
    """It was answered, stopped, or too late."""

    code = "confirmation_over"
    sentence = _("This question is over. Nothing was paid by this answer.")


class ConfirmationUnknown(Refusal):
    """Nobody asked this person that."""

    code = "confirmation_unknown"
    status = 404
    sentence = _("There is nothing to confirm.")


@durable
def confirm_payment(
    *,
    person_id: int,
    confirmation: UUID,
    now: datetime,
    actor: Actor,
    pin: str | None = None,
    passkey: PasskeyAnswer | None = None,
) -> None:
    """Authorise what ``confirmation`` asks of this person.

    Who asked takes the payment, on the event. Of 64 at once one moves it. Raises
    ``ConfirmationUnknown``, ``ConfirmationOver`` (also after the deadline), and what
    ``confirm_presence`` refuses; a wrong PIN leaves the question open.
    """
    check_open(person_id=person_id, confirmation=confirmation, now=now)
    by = confirm_presence(person_id=person_id, pin=pin, passkey=passkey, now=now, actor=actor)
    with transaction(), person_scope(person_id):
        authorise(confirmation=confirmation, by=by, now=now, actor=actor)


def check_open(*, person_id: int, confirmation: UUID, now: datetime) -> Confirmation:
    """Return a question that may still be answered; raises what ``confirm_payment`` does."""
    with person_scope(person_id):
        found: Confirmation | None = Confirmation.objects.filter(uuid=confirmation).first()
    if found is None:
        raise ConfirmationUnknown
    if found.state != ConfirmationState.ASKED or found.deadline <= now:
        raise ConfirmationOver
    return found


@transaction_required
def authorise(*, confirmation: UUID, by: str, now: datetime, actor: Actor) -> None:
    """Move the question to its yes and tell who asked; raises ``ConfirmationOver``.

    Needs the scope of its person or merchant open.
    """
    open_still = Confirmation.objects.filter(uuid=confirmation, deadline__gt=now)
    if not move(open_still, ConfirmationState.AUTHORISED, decided_at=now, confirmed_by=by):
        raise ConfirmationOver
    given = Confirmation.objects.get(uuid=confirmation)
    record(given, "confirmation_given", actor)
    events.publish(
        ConfirmationGiven(
            confirmation=str(given.uuid), person_id=given.person_id, sale_id=given.sale_id
        ),
        now=now,
        merchant_id=given.merchant_id,
        mode=given.mode,
    )
