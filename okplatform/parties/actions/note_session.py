"""Keep that a person is signed in with a browser, and when it was last seen."""

from datetime import datetime

from django.contrib.sessions.models import Session

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.parties.models import BrowserSession


def note_session(
    *, person_id: int, session_key: str, browser: str, now: datetime, actor: Actor
) -> bool:
    """Note it; return whether that session still stands. One that was ended stays ended."""
    with transaction():
        # Locked, so that it cannot end halfway, and so that two requests at once make one row.
        sessions = Session.objects.select_for_update(no_key=True)
        if sessions.filter(session_key=session_key).first() is None:
            return False
        noted, is_new = BrowserSession.objects.get_or_create(
            session_key=session_key,
            defaults={
                "person_id": person_id,
                "browser": browser,
                "signed_in_at": now,
                "seen_at": now,
            },
        )
        if is_new:
            audit.record(
                actor=actor,
                action="session_opened",
                object_type="browser_session",
                object_id=str(noted.uuid),
            )
        else:
            # A clock that was set back makes nobody seen before they signed in.
            BrowserSession.objects.filter(pk=noted.pk, seen_at__lt=now).update(
                seen_at=now, browser=browser, person_id=person_id
            )
    return True
