"""What tests of notifications share: sending as the worker would, and looking."""

from datetime import datetime
from typing import Any

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from wallet.actions.send_push import send_push
from wallet.actions.set_notifications import Wishes, set_notifications
from wallet.actions.tell_people import Tell, tell_people
from wallet.models import PushDelivery, PushNotice, PushSettings, PushSubscription
from wallet.push_schedule import LASTS
from wallet.queries import due_pushes, push_settings_of


def send_due(now: datetime) -> list[str | None]:
    """Send what is due, each once, and return what became of it."""
    return [
        send_push(delivery_id=one, now=now, actor=SYSTEM) for one in due_pushes(now=now, most=1000)
    ]


def tell(person: Person, now: datetime, *, kind: str = "card", about: str = "1") -> int:
    """Have somebody told something."""
    said = Tell(
        person_id=person.pk,
        kind=kind,
        about=about,
        url="/wallet/cards/",
        facts={"name": "Bonuskaart", "on": "2026-11-30", "what": "phone"},
        ends_at=now + LASTS,
    )
    with transaction():
        return tell_people(said=[said], now=now)


def wish(person: Person, **changes: Any) -> None:
    """Change some of what a person wants to hear of."""
    now = push_settings_of(person.pk)
    fields = ("kinds", "quiet_from", "quiet_until", "timezone", "days_before", "shows_details")
    kept = {name: getattr(now, name) for name in fields}
    set_notifications(person_id=person.pk, wishes=Wishes(**{**kept, **changes}), actor=SYSTEM)


def wake(person: Person) -> None:
    """Take the quiet hours away, so that a test may run at night."""
    wish(person, quiet_from=None, quiet_until=None)


def phones() -> list[PushSubscription]:
    with operator_scope("the test looks"):
        return list(PushSubscription.objects.select_related("session").order_by("id"))


def notices() -> list[PushNotice]:
    with operator_scope("the test looks"):
        return list(PushNotice.objects.order_by("id"))


def deliveries() -> list[PushDelivery]:
    with operator_scope("the test looks"):
        return list(PushDelivery.objects.order_by("id"))


def settings_kept() -> list[PushSettings]:
    with operator_scope("the test looks"):
        return list(PushSettings.objects.order_by("person"))
