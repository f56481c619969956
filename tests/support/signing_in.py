"""Signing in without the form, as somebody who has just done so, or did it a while ago."""

import time
from datetime import timedelta
from typing import Any

from django.test import Client

from okplatform.parties.models import Person

WHILE = timedelta(minutes=6)
"""Longer than a proof counts."""


def shown(person: Person, *, ago: timedelta = timedelta()) -> dict[str, Any]:
    """Return what a session holds of somebody who showed who they are, in allauth's words."""
    record = {
        "method": "sign_in",
        "at": time.time() - ago.total_seconds(),
        "reauthenticated": True,
    }
    return {
        "account_authentication_methods": [record],
        "account_authentication_methods_user": str(person.pk),
    }


def sign_in(client: Client, person: Person, *, ago: timedelta = timedelta()) -> Client:
    """Sign somebody in; return their browser."""
    client.force_login(person)
    session = client.session
    session.update(shown(person, ago=ago))
    session.save()
    return client
