"""A payer says no."""

from datetime import datetime
from uuid import UUID

from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.tenancy import person_scope
from payments.actions.confirm_payment import ConfirmationOver, ConfirmationUnknown
from payments.actions.end_confirmation import end
from payments.models import Confirmation
from payments.states import ConfirmationState


def decline_payment(*, person_id: int, confirmation: UUID, now: datetime, actor: Actor) -> None:
    """End what was asked of this person with a no; saying no twice is fine.

    A no needs no PIN: it takes nothing. Raises ``ConfirmationUnknown``, or ``ConfirmationOver`` for
    a question that ended otherwise.
    """
    with transaction(), person_scope(person_id):
        mine = Confirmation.objects.filter(uuid=confirmation)
        asked = mine.select_for_update().first()
        if asked is None:
            raise ConfirmationUnknown
        if asked.state == ConfirmationState.DECLINED:
            return
        if asked.state != ConfirmationState.ASKED:
            raise ConfirmationOver
        end(asked, ConfirmationState.DECLINED, now=now, actor=actor)
