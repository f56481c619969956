"""``manage.py grant_credit bakkerij-bol 500``: how far below zero a merchant may go."""

from argparse import ArgumentParser, ArgumentTypeError
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.errors import Refusal
from okplatform.parties.models import Merchant
from payments.actions.grant_credit import grant_credit
from payments.bookkeeping.decimals import decimal

CENTS = 100
MOST_EUROS = 1_000_000


def cents(said: str) -> int:
    """Read euros with at most two decimals, as cents."""
    try:
        amount = Decimal(said) * CENTS
    except InvalidOperation:
        amount = Decimal("NaN")
    if not (amount.is_finite() and amount == int(amount) and 0 <= amount <= MOST_EUROS * CENTS):
        message = f"{said} is no amount in euros from 0 to {MOST_EUROS}, such as 500 or 99.95."
        raise ArgumentTypeError(message)
    return int(amount)


class Command(BaseCommand):
    """Grant credit, or take it away."""

    help = "How far below zero a refund may take a merchant's balance; 0 is not at all."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say who, and how much."""
        parser.add_argument("merchant", help="the merchant's reference")
        parser.add_argument("credit", type=cents, help="euros, such as 500 or 99.95")

    @override
    def handle(self, *_args: Any, **said: Any) -> None:
        """Grant it; what cannot be is said in one sentence."""
        merchant = Merchant.objects.filter(reference=said["merchant"]).first()
        if merchant is None:
            message = f"There is no merchant {said['merchant']}."
            raise CommandError(message)
        try:
            grant_credit(merchant_id=merchant.pk, credit=said["credit"], actor=SYSTEM)
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
        self.stdout.write(f"{merchant.name} may go € {decimal(said['credit'])} below zero.")
