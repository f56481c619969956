"""Measure: ``manage.py bench ledger``, ``sale``, ``reconcile``, ``loyalty``, ``pages``.

Last comes JSON.
"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from bench.ledger import bench_ledger
from bench.reconcile import bench_reconcile
from bench.sale import bench_sale


class Command(BaseCommand):
    """Measure OK beside PostgreSQL's own yardstick, in databases of its own."""

    help = "Measure the budgets of OK beside TPC-B, in databases of its own."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to measure, each with its own options and its function."""
        what = parser.add_subparsers(dest="what", required=True)

        ledger = what.add_parser("ledger", help="postings on one hot merchant")
        ledger.add_argument("--seconds", type=int, default=3, help="of each turn")
        ledger.add_argument("--clients", type=int, default=16, help="as a web process has")
        ledger.set_defaults(measure=bench_ledger, takes=("seconds", "clients"))

        sale = what.add_parser("sale", help="complete sales over HTTP")
        sale.add_argument("--seconds", type=int, default=20, help="of each phase")
        sale.add_argument("--clients", type=int, default=100, help="a till in each store")
        sale.add_argument("--devices", type=int, default=10_000)
        sale.set_defaults(measure=bench_sale, takes=("seconds", "clients", "devices"))

        reconcile = what.add_parser("reconcile", help="a dirty bank statement whose truth is known")
        reconcile.add_argument("--entries", type=int, default=100_000)
        reconcile.set_defaults(measure=bench_reconcile, takes=("entries",))

        loyalty = what.add_parser("loyalty", help="every basket of Complete Journey, priced")
        loyalty.add_argument("--baskets", type=int, default=0, help="how many; 0 is all")
        loyalty.set_defaults(measure=_bench_loyalty, takes=("baskets",))

        pages = what.add_parser("pages", help="the shopper's pages as Lighthouse sees them")
        pages.add_argument("--times", type=int, default=3, help="of which the median counts")
        pages.set_defaults(measure=_bench_pages, takes=("times",))

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        """Measure, print the figures, and fail when the books do not hold."""
        chosen = {name: options[name] for name in options["takes"]}
        figures = options["measure"](say=self.stdout.write, **chosen)
        self.stdout.write(json.dumps(figures))
        if not figures["verified"]:
            raise CommandError("What was measured does not hold: see above.")


def _bench_pages(**chosen: Any) -> dict[str, Any]:
    """Measure pages; only this one needs what tests need."""
    from bench.pages import bench_pages  # noqa: PLC0415 -- Playwright is not there for `make run`

    return bench_pages(**chosen)


def _bench_loyalty(**chosen: Any) -> dict[str, Any]:
    """Measure the engine; only this one needs the data, which `make run` does without."""
    from bench.loyalty import bench_loyalty  # noqa: PLC0415 -- numpy and pyarrow are no requirement

    return bench_loyalty(**chosen)
