"""Keep that a person signed in with a browser that they had never signed in with, and tell it."""

from datetime import datetime

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.parties.events import NewBrowserUsed
from okplatform.parties.models import Person


def note_new_browser(*, person_id: int, browser: str, now: datetime, actor: Actor) -> None:
    """Note it, once per sign-in."""
    with transaction():
        # Locked, so that what is told of one person keeps its order.
        Person.objects.select_for_update(no_key=True).only("pk").get(pk=person_id)
        audit.record(
            actor=actor, action="new_browser_used", object_type="person", object_id=person_id
        )
        events.publish(NewBrowserUsed(person_id=person_id, browser=browser), now=now)
