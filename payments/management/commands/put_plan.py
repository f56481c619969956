"""``manage.py put_plan groei --since 2027-01-01 …``: what a plan costs from a day on."""

from argparse import ArgumentParser
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.errors import Refusal
from payments.actions.put_plan import Prices, put_plan
from payments.bookkeeping.fees import Rate

HUNDREDTHS_OF_A_CENT, BASIS_POINTS = 4, 2
"""How many decimals euros have in our units, and percentages."""


class Command(BaseCommand):
    """Give a plan a price from a day on."""

    help = "Say what a plan costs from a day on. Amounts in euros, VAT not included."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what a price is made of."""
        parser.add_argument("code", help="the plan's code, new or known")
        parser.add_argument("--since", type=date.fromisoformat, required=True, help="2027-01-01")
        parser.add_argument("--name-nl", required=True)
        parser.add_argument("--name-en", required=True)
        parser.add_argument("--monthly", type=Decimal, default=Decimal(0), help="euros a month")
        for channel in ("in-store", "online"):
            parser.add_argument(
                f"--{channel}",
                nargs=2,
                type=Decimal,
                required=True,
                metavar=("EUROS", "PERCENT"),
                help="per payment: 0.05 0.25 is € 0.05 and 0.25 %%",
            )
        parser.add_argument("--refund", type=Decimal, default=Decimal(0), help="euros per refund")
        parser.add_argument("--default", action="store_true", help="for who chose no plan")
        parser.add_argument(
            "--returns-fees", action="store_true", help="refunds give their part of the fee back"
        )

    @override
    def handle(self, *_args: Any, **said: Any) -> None:
        """Keep the price; what cannot be is said in one sentence."""
        try:
            put_plan(
                code=said["code"],
                name={"nl": said["name_nl"], "en": said["name_en"]},
                since=said["since"],
                prices=Prices(
                    monthly=_whole(said["monthly"], HUNDREDTHS_OF_A_CENT),
                    in_store=_rate(said["in_store"]),
                    online=_rate(said["online"]),
                    refund=_whole(said["refund"], HUNDREDTHS_OF_A_CENT),
                    returns_fees=said["returns_fees"],
                ),
                is_default=said["default"],
                now=clock.now(),
                actor=SYSTEM,
            )
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
        self.stdout.write(f"{said['code']} has a new price from {said['since']} on.")


def _rate(said: tuple[Decimal, Decimal]) -> Rate:
    fixed, percentage = said
    return Rate(_whole(fixed, HUNDREDTHS_OF_A_CENT), _whole(percentage, BASIS_POINTS))


def _whole(amount: Decimal, places: int) -> int:
    """Return an amount in whole small units; refuse what is finer, or below zero."""
    units = amount.scaleb(places)
    if units != int(units) or units < 0:
        message = f"{amount} is below zero, or has more than {places} decimals"
        raise CommandError(message)
    return int(units)
