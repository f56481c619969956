"""Let OK's own people leave a shopper who owes in peace until a day."""

from datetime import date, datetime, timedelta

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from payments.calendar import ZONE
from payments.queries import waiting_reminders

LONGEST = timedelta(days=182)
"""Half a year: a longer silence is a decision about the debt, not about its reminders."""


class NoReminderWaits(Refusal):
    """It was paid, is collected again, or has had its last reminder."""

    code = "no_reminder_waits"
    sentence = _("No reminder waits for this debt any more. Nothing was changed.")


class ReminderDayOutOfReach(Refusal):
    """It has gone by, or is too far ahead."""

    code = "reminder_day_out_of_reach"
    status = 422
    sentence = _("Choose a day after today, at most half a year ahead. Nothing was changed.")


def pause_reminders(
    *, collection_id: int, until: date, reason: str, now: datetime, actor: Actor
) -> None:
    """Send the next reminder of a returned collection on a day, and later ones as much later.

    An earlier day than it waits for ends a pause. What is owed stays owed. Raises
    ``NoReminderWaits`` or ``ReminderDayOutOfReach``.
    """
    if not timedelta() < until - now.astimezone(ZONE).date() <= LONGEST:
        raise ReminderDayOutOfReach
    with transaction():
        # Whoever sends one claims it in this row: it goes before this, or waits as this says.
        letters = list(waiting_reminders().filter(collection=collection_id).select_for_update())
        if not letters:
            raise NoReminderWaits
        later = until - letters[0].due_at.astimezone(ZONE).date()
        waiting = waiting_reminders().filter(pk__in=[letter.pk for letter in letters])
        waiting.update(due_at=F("due_at") + later)
        audit.record(
            actor=actor,
            action="reminders_paused",
            object_type="collection",
            object_id=collection_id,
            mode=letters[0].mode,
            data={"until": until.isoformat(), "reason": reason},
        )
