"""``manage.py import_complete_journey``: all of the Complete Journey data, through COPY."""

from argparse import ArgumentParser
from time import monotonic
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from demo import tables
from demo.guard import refuse_production
from demo.loading import hurry, without_collector
from demo.loading.journey import (
    Totals,
    get_ready,
    missing_sales,
    totals_of_books,
    totals_of_data,
)
from demo.loading.past import known_sales, write_past
from demo.progress import Progress
from demo.world import COMPLETE_JOURNEY_OWNER, PASSWORD
from okplatform.kernel import clock
from okplatform.kernel.money import format_money


class Command(BaseCommand):
    """Import what is missing, then compare the books with the data: exit 1 if a cent is lost."""

    help = "Import the Complete Journey data as a merchant of its own (needs requirements/dev.txt)."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be chosen."""
        parser.add_argument(
            "--store",
            type=int,
            action="append",
            help="only this store of the data; may be given more than once (default: all 457)",
        )
        parser.add_argument(
            "--connections", type=int, default=2, help="write over this many connections at once"
        )

    @override
    def handle(self, *_args: Any, **options: Any) -> None:
        """Read, import, compare."""
        refuse_production()
        hurry()
        began = monotonic()
        try:
            lines = tables.read_lines()
        except tables.DataMissingError as error:
            raise CommandError(str(error)) from error
        products = tables.read_products(lines)
        stores = options["store"] or np.unique(lines.store).tolist()
        self._say(f"{len(lines):,} lines read", began)
        ready = get_ready(lines, products, stores)
        self._say("stores, articles and households are there", began)
        expected = totals_of_data(lines, stores)
        before = totals_of_books(ready.merchant_id, options["store"])
        progress = Progress(self.stdout, "sales", expected.sales - before.sales)
        with without_collector():
            write_past(
                merchant_id=ready.merchant_id,
                sales=missing_sales(lines, stores, ready.counter, known_sales(ready.merchant_id)),
                now=clock.now(),
                connections=options["connections"],
                on_written=progress.add,
            )
        progress.finish()
        self._compare(expected, totals_of_books(ready.merchant_id, options["store"]))
        self._say(f"sign in as {COMPLETE_JOURNEY_OWNER.email}, {PASSWORD}", began)

    def _compare(self, data: Totals, books: Totals) -> None:
        for whose, totals in (("data", data), ("books", books)):
            amounts = [
                f"{name} {format_money(getattr(totals, name), 'EUR', 'en')}"
                for name in ("gross", "discount", "paid")
            ]
            self.stdout.write(f"the {whose:<5} {totals.sales:,} sales, {', '.join(amounts)}")
        if data != books:
            raise CommandError("The books are not the data: see the two lines above.")

    def _say(self, what: str, began: float) -> None:
        self.stdout.write(f"{monotonic() - began:6.1f} s  {what}")
