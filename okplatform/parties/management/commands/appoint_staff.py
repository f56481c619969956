"""Open the office of OK to somebody: ``manage.py appoint_staff <e-mail address>``."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.appoint_staff import PersonUnknown, appoint_staff, dismiss_staff


class Command(BaseCommand):
    """Appoint or dismiss one of OK's own people."""

    help = "Let a person who has a sign-in into the office of OK, or no longer."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say whom, and whether in or out."""
        parser.add_argument("email", help="with which the person signs in")
        parser.add_argument("--dismiss", action="store_true", help="close the office to them")

    @override
    def handle(self, *args: Any, email: str, dismiss: bool, **options: Any) -> None:
        """Appoint or dismiss, and say so."""
        act = dismiss_staff if dismiss else appoint_staff
        try:
            act(email=email, actor=SYSTEM)
        except PersonUnknown as refusal:
            raise CommandError(refusal.detail) from refusal
        self.stdout.write(f"The office is {'closed' if dismiss else 'open'} to {email}.")
