"""``manage.py credit_invoice 2026-00017 --reason "…"``: take an invoice back."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.errors import Refusal
from payments.actions.credit_invoice import credit_invoice


class Command(BaseCommand):
    """Credit an invoice, whole."""

    help = "Take an invoice back by a credit note; the merchant reads the reason on it."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say which and why."""
        parser.add_argument("number", help="the invoice's number")
        parser.add_argument("--reason", required=True, help="stands on the credit note")

    @override
    def handle(self, *_args: Any, **said: Any) -> None:
        """Credit it, and say by what; what cannot be is said in one sentence."""
        try:
            note = credit_invoice(
                number=said["number"], reason=said["reason"], now=clock.now(), actor=SYSTEM
            )
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
        self.stdout.write(f"Invoice {said['number']} is credited by {note}.")
