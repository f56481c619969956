"""Keep what a person wants to hear of, and when."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import time
from zoneinfo import available_timezones

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import person_scope
from wallet.models import PushSettings
from wallet.models.push import CHOSEN, MOST_DAYS_BEFORE


class NotificationsMalformed(Refusal):
    """A kind or a time zone that nobody knows, or days out of range."""

    code = "notifications_malformed"
    status = 422
    sentence = _("Choose from what the page offers. Nothing was changed.")


class QuietHoursNotWhole(Refusal):
    """They begin and do not end, or end when they begin."""

    code = "quiet_hours_not_whole"
    status = 422
    sentence = _("Give quiet hours a beginning and another end. Nothing was changed.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What ``PushSettings`` keeps."""

    kinds: Collection[str]
    quiet_from: time | None
    quiet_until: time | None
    timezone: str
    days_before: int
    shows_details: bool


def set_notifications(*, person_id: int, wishes: Wishes, actor: Actor) -> None:
    """Keep these wishes, in force for all that is not on its way yet.

    Raises ``NotificationsMalformed`` or ``QuietHoursNotWhole``; then nothing is changed.
    """
    known = set(wishes.kinds) <= set(CHOSEN) and wishes.timezone in available_timezones()
    if not known or not 1 <= wishes.days_before <= MOST_DAYS_BEFORE:
        raise NotificationsMalformed
    if (wishes.quiet_from is None) != (wishes.quiet_until is None):
        raise QuietHoursNotWhole
    if wishes.quiet_from is not None and wishes.quiet_from == wishes.quiet_until:
        raise QuietHoursNotWhole
    kept = {**asdict(wishes), "kinds": [kind for kind in CHOSEN if kind in wishes.kinds]}
    with person_scope(person_id), transaction():
        PushSettings.objects.update_or_create(person_id=person_id, defaults=kept)
        audit.record(
            actor=actor, action="notifications_set", object_type="person", object_id=person_id
        )
