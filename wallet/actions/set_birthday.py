"""Let a person tell their birthday, without the year."""

from calendar import monthrange
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from wallet.models import Birthday

A_LEAP_YEAR = 2024


class NoSuchDay(Refusal):
    """No year has this day, or half of it is missing."""

    code = "no_such_day"
    status = 422
    sentence = _("There is no such day. Choose a day and a month, or leave both empty.")


def set_birthday(
    *, person_id: int, day: int | None, month: int | None, now: datetime, actor: Actor
) -> None:
    """Replace the day that was told before; both empty forgets it.

    The same day told again stays as long known as it was. Raises ``NoSuchDay``. The audit says that
    it changed, not what.
    """
    if (day is None) != (month is None):
        raise NoSuchDay
    if day and month and not 1 <= day <= monthrange(A_LEAP_YEAR, month)[1]:
        raise NoSuchDay
    with transaction():
        told = Birthday.objects.filter(person_id=person_id)
        if day is None or month is None:
            told.delete()
        elif not told.filter(day=day, month=month).exists():
            Birthday.objects.update_or_create(
                person_id=person_id, defaults={"day": day, "month": month, "told_at": now}
            )
        audit.record(actor=actor, action="birthday_set", object_type="person", object_id=person_id)
