"""``manage.py import_balances bakkerij-bol old.csv --points Saldo --card Kaart``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from loyalty.actions.open_balance_file import open_balance_file
from loyalty.actions.take_in_balances import ask_balances, take_in_balances
from loyalty.actions.try_balance_file import try_balance_file
from loyalty.balance_files import FIELDS
from loyalty.balance_words import fault, how_read
from loyalty.models import BalanceImport
from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.errors import Refusal
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.models import Merchant


class Command(BaseCommand):
    """Bring members and balances of another programme along."""

    help = "Takes in a CSV file of another programme: card numbers or addresses, with points."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say whose file it is, and what stands in which column."""
        parser.add_argument("merchant", help="the merchant's reference")
        parser.add_argument("file", type=Path, help="CSV with headings")
        for name in FIELDS:
            parser.add_argument(f"--{name}", help=f"the heading of its column with {name}")
        parser.add_argument("--dry-run", action="store_true", help="only say what would come in")

    @override
    def handle(self, *_args: Any, **said: Any) -> None:
        """Take it in; the lines that are wrong are named, and then nothing came in."""
        merchant = Merchant.objects.filter(reference=said["merchant"]).first()
        if merchant is None:
            message = f"There is no merchant {said['merchant']}."
            raise CommandError(message)
        try:
            file = self._tried(merchant, said)
            if said["dry_run"]:
                return
            ask_balances(merchant_id=merchant.pk, uuid=file.uuid, actor=SYSTEM)
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
        take_in_balances(file_id=file.pk, actor=SYSTEM, now=clock.now())
        with merchant_scope(merchant.pk):
            file.refresh_from_db()
        self.stdout.write(f"Taken in: {file.brought} members.")

    def _tried(self, merchant: Merchant, said: dict[str, Any]) -> BalanceImport:
        now = clock.now()
        file = open_balance_file(
            merchant_id=merchant.pk,
            mode=Mode.LIVE,
            name=said["file"].name,
            content=said["file"].read_bytes(),
            actor=SYSTEM,
            now=now,
        )
        chosen = {name: said[name] for name in FIELDS if said[name]}
        tried = try_balance_file(
            merchant_id=merchant.pk, uuid=file.uuid, columns=chosen or file.columns, now=now
        )
        report: dict[str, Any] = tried.report or {}
        self.stdout.write(how_read(report["encoding"], report["delimiter"]))
        self.stdout.write(f"{report['members']} members, {report['points']} points,")
        self.stdout.write(f"{report['already']} in already, {report['without_points']} without.")
        for one in report["faults"]:
            self.stderr.write(fault(*one))
        return tried
