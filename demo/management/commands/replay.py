"""``manage.py replay``: sell through the till API of the running server, to watch it live."""

import json
import threading
from argparse import ArgumentParser
from collections import defaultdict
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from demo import sample
from demo.guard import refuse_production
from demo.loading.households import load_households
from demo.loading.world import regulars
from demo.orders import orders_of
from demo.phones import Phone, enrol_phone
from demo.progress import Progress
from demo.replaying import KeyRefusedError, Outcome, Replay
from demo.world import JOURNEY, MERCHANTS
from okplatform.kernel import clock
from okplatform.kernel.modes import Mode
from okplatform.kernel.money import format_money
from okplatform.local.environment import LOCAL

# A till answers in a few milliseconds; this many keep up with any speed worth watching.
SALES_PER_TILL = 8
MOST_TILLS = 16
LOOK_SECONDS = 0.5


class Command(BaseCommand):
    """Send baskets at a chosen speed until they are all sold or Ctrl-C."""

    help = "Send the demo's baskets through the till API of the running server."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be chosen."""
        names = [facts.reference for facts in MERCHANTS]
        parser.add_argument("--speed", type=float, default=2, help="sales per second (default: 2)")
        parser.add_argument("--merchant", choices=names, default=JOURNEY)
        parser.add_argument("--baskets", type=int, default=1000, help="how many (default: 1000)")
        parser.add_argument("--phones", type=int, default=12, help="shoppers with OK (default: 12)")
        parser.add_argument("--base-url", help="default: the one in the demo's file")
        parser.add_argument(
            "--file", type=Path, default=LOCAL / "demo.json", help="what load_demo wrote"
        )

    @override
    def handle(self, *_args: Any, **options: Any) -> None:
        """Enrol phones, sell, say what came of it."""
        refuse_production()
        if options["speed"] <= 0:
            raise CommandError("The speed is a number of sales per second, above zero.")
        if not options["file"].exists():
            raise CommandError(f"{options['file']} is missing: run `manage.py load_demo` first.")
        world = json.loads(options["file"].read_text())
        facts = next(facts for facts in MERCHANTS if facts.reference == options["merchant"])
        phones = _enrol(options["phones"])
        replay = Replay(
            base_url=options["base_url"] or world["base_url"],
            keys=_keys_by_store(world["api_keys"], facts.reference),
            orders=islice(orders_of(facts, clock.now()), options["baskets"]),
            phones=phones,
            per_second=options["speed"],
        )
        try:
            self._watch(replay, options["baskets"])
        finally:
            for phone in phones:
                phone.retire(clock.now())
            self._sum_up(replay.outcome)
        if isinstance(replay.failure, KeyRefusedError):
            raise CommandError("The server does not know these keys: run `manage.py load_demo`.")
        if replay.failure:
            raise replay.failure

    def _watch(self, replay: Replay, baskets: int) -> None:
        tills = max(1, min(MOST_TILLS, round(replay.per_second / SALES_PER_TILL)))
        threads = [threading.Thread(target=replay.run, name=f"till-{n}") for n in range(tills)]
        progress = Progress(self.stdout, "sales", baskets)
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                while thread.is_alive():
                    thread.join(LOOK_SECONDS)
                    progress.add(replay.outcome.done - progress.done)
        except KeyboardInterrupt:
            self.stdout.write("\nStopping.")
        finally:
            replay.stopped.set()
            for thread in threads:
                thread.join()
        progress.finish()

    def _sum_up(self, outcome: Outcome) -> None:
        paid = ", ".join(f"{count} with {kind}" for kind, count in outcome.by_tender.most_common())
        turnover = format_money(outcome.turnover, "EUR", "en")
        self.stdout.write(f"{outcome.sold:,} sold for {turnover}: {paid or 'nothing'}")
        for code, count in outcome.refused.most_common():
            self.stdout.write(f"{count:,} refused as {code}: {outcome.sentences[code]}")


def _enrol(count: int) -> list[Phone]:
    people = load_households(regulars(sample.read_baskets())[:count])
    return [
        enrol_phone(person_id=person_id, mode=Mode.LIVE, now=clock.now())
        for person_id in people.values()
    ]


def _keys_by_store(keys: list[dict[str, Any]], merchant: str) -> dict[str, list[dict[str, Any]]]:
    stores = defaultdict(list)
    for key in keys:
        if key["merchant"] == merchant and key["mode"] == Mode.LIVE:
            stores[key["store"]].append(key)
    return stores
