"""Say yes or no where the phone of the robot's test person would."""

from collections.abc import Collection
from datetime import datetime

from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import person_scope
from payments.actions.confirm_payment import authorise
from payments.actions.end_confirmation import end
from payments.models import Confirmation
from payments.states import ConfirmationState


def answer_for_shopper(
    *, person_id: int, uuids: Collection[str], is_yes: bool, now: datetime, actor: Actor
) -> bool:
    """Answer what one of these sales asks this test person; return False where none does."""
    with person_scope(person_id), transaction():
        asked = (
            Confirmation.objects.select_for_update(of=("self",))
            .filter(
                person_id=person_id,
                mode=Mode.TEST,
                state=ConfirmationState.ASKED,
                sale__uuid__in=uuids,
            )
            .first()
        )
        if asked is None:
            return False
        if is_yes:
            authorise(confirmation=asked.uuid, by="test", now=now, actor=actor)
        else:
            end(asked, ConfirmationState.DECLINED, now=now, actor=actor)
    return True
