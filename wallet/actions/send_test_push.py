"""Send somebody a notification because they want to see whether it arrives."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from wallet.actions.tell_people import Tell, tell_people
from wallet.models import PushKind
from wallet.push_schedule import TEST_LASTS


class NoPushPhone(Refusal):
    """Nobody would see it, or the last test went a moment ago."""

    code = "no_push_phone"
    sentence = _("Turn notifications on first, or wait a minute after the last test.")


def send_test_push(*, person_id: int, url: str, now: datetime, actor: Actor) -> None:
    """Send one that opens ``url``, at most one a minute; raises ``NoPushPhone``."""
    minute = now.replace(second=0, microsecond=0)
    said = Tell(
        person_id=person_id,
        kind=PushKind.TEST,
        about=minute.isoformat(),
        url=url,
        ends_at=now + TEST_LASTS,
    )
    with transaction():
        if not tell_people(said=[said], now=now):
            raise NoPushPhone
        audit.record(
            actor=actor, action="push_test_sent", object_type="person", object_id=person_id
        )
