"""``manage.py simulate``: seeded days with faults, proved after every step; last line JSON."""

import json
import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from demo.guard import refuse_production
from demo.simulate.simulation import simulate
from okplatform.kernel.databases import own_database


class Command(BaseCommand):
    """Simulate days of one seed, in a database of its own that is gone afterwards."""

    help = "Simulate days of people, tills, the bank, clocks and faults, and prove every step."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the seed and how many days."""
        parser.add_argument("--seed", type=int, default=1, help="draws everything that happens")
        parser.add_argument("--days", type=int, default=15, help="how many days (default: 15)")

    @override
    def handle(self, *_args: Any, **options: Any) -> None:
        """Simulate, say how it ended, and fail when something did not hold."""
        refuse_production()
        if options["days"] < 1 or options["seed"] < 0:
            raise CommandError("Days are at least 1, and a seed is not below 0.")
        with own_database(f"ok_simulate_{os.getpid()}"):
            result = simulate(seed=options["seed"], days=options["days"])
        if result.broken:
            self.stdout.write(f"seed {result.seed} breaks at {result.broken}")
        self.stdout.write(f"end {result.end}")
        self.stdout.write(json.dumps(result.figures()))
        if not result.ok:
            message = f"Repeat it: manage.py simulate --seed {result.seed} --days {result.days}"
            raise CommandError(message)
