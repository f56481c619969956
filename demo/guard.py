"""The demo stays out of production: its passwords are no secret."""

from django.conf import settings
from django.core.management.base import CommandError


def refuse_production() -> None:
    """Raise CommandError where cookies travel over HTTPS only, so where real people sign in."""
    if settings.SESSION_COOKIE_SECURE:
        raise CommandError(
            "This looks like production: the demo's sign-ins are public, so it is not loaded here."
        )
