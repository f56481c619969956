"""Forget the sessions whose time is over."""

from datetime import datetime

from django.contrib.sessions.models import Session

from okplatform.kernel.db import transaction


def forget_sessions(*, now: datetime) -> int:
    """Delete them, and with them what was kept of the browser; return how many there were."""
    with transaction():
        return Session.objects.filter(expire_date__lt=now).delete()[0]
