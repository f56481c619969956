"""End what nobody answered in time."""

from datetime import datetime

from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import operator_scope
from payments.actions.end_confirmation import end
from payments.models import Confirmation
from payments.states import ConfirmationState

AT_ONCE = 200


def expire_confirmations(*, now: datetime, actor: Actor, test_of: int | None = None) -> int:
    """End the questions whose deadline has passed, the oldest first; return how many.

    ``test_of`` is a merchant of whom only test sales are meant: its sandbox has a time of its own.
    One that somebody holds (an answer of this very moment) is left to the next sweep.
    """
    with transaction(), operator_scope("sweep of deadlines"):
        late = Confirmation.objects.filter(state=ConfirmationState.ASKED, deadline__lte=now)
        if test_of is not None:
            late = late.filter(merchant_id=test_of, mode=Mode.TEST)
        held = list(late.select_for_update(skip_locked=True).order_by("deadline")[:AT_ONCE])
        for asked in held:
            end(asked, ConfirmationState.EXPIRED, now=now, actor=actor)
    return len(held)
