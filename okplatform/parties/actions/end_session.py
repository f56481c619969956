"""End a person's sign-in in one browser, in all others, or in those of one phone: at once.

The next request of such a browser is that of a stranger.
"""

from uuid import UUID

from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction, transaction_required
from okplatform.kernel.errors import Refusal
from okplatform.parties.models import BrowserSession


class SessionUnknown(Refusal):
    """This person is signed in nowhere by that name; perhaps it ended already."""

    code = "session_unknown"
    status = 404
    sentence = _("You are not signed in there any more.")


def end_session(*, person_id: int, session_uuid: UUID, actor: Actor) -> None:
    """End one; raises ``SessionUnknown``."""
    with transaction():
        found = BrowserSession.objects.filter(person_id=person_id, uuid=session_uuid)
        if not end(found, actor=actor):
            raise SessionUnknown


def end_other_sessions(*, person_id: int, session_key: str, actor: Actor) -> int:
    """End all but that of ``session_key``; return how many ended."""
    with transaction():
        others = BrowserSession.objects.filter(person_id=person_id)
        return end(others.exclude(session_key=session_key), actor=actor)


@transaction_required
def end_sessions_of_device(*, person_id: int, device: UUID, actor: Actor) -> int:
    """End those of a phone, as a part of blocking it; return how many ended."""
    return end(BrowserSession.objects.filter(person_id=person_id, device=device), actor=actor)


@transaction_required
def end(found: QuerySet[BrowserSession], *, actor: Actor) -> int:
    """End what was found, as a part of a larger action; return how many ended."""
    ending = list(found.order_by("id").values_list("session_key", "uuid"))
    # PostgreSQL takes our rows with them.
    Session.objects.filter(session_key__in=[key for key, _uuid in ending]).delete()
    for _key, session_uuid in ending:
        audit.record(
            actor=actor,
            action="session_ended",
            object_type="browser_session",
            object_id=str(session_uuid),
        )
    return len(ending)
