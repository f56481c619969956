"""``manage.py choose_plan bakkerij-bol groei --since 2027-01-01``: a merchant's plan."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.errors import Refusal
from okplatform.parties.models import Merchant
from payments.actions.choose_plan import choose_plan


class Command(BaseCommand):
    """Give a merchant a plan from a day on."""

    help = "Give a merchant a plan from a day on."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say who, what and when."""
        parser.add_argument("merchant", help="the merchant's reference")
        parser.add_argument("code", help="the plan's code")
        parser.add_argument("--since", type=date.fromisoformat, required=True, help="2027-01-01")

    @override
    def handle(self, *_args: Any, **said: Any) -> None:
        """Keep the choice; what cannot be is said in one sentence."""
        merchant = Merchant.objects.filter(reference=said["merchant"]).first()
        if merchant is None:
            message = f"There is no merchant {said['merchant']}."
            raise CommandError(message)
        try:
            choose_plan(
                merchant_id=merchant.pk,
                code=said["code"],
                since=said["since"],
                now=clock.now(),
                actor=SYSTEM,
            )
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
        self.stdout.write(f"{merchant.name} has {said['code']} from {said['since']} on.")
