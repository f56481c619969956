"""The sale under load, from HTTP to the handled event, beside PostgreSQL's own yardstick.

The server is the one that `make run` starts, in production settings, with worker and beat; the
tills are processes of their own. A sale counts once its events are handled: the rate is taken over
the time until the outbox is empty. Sale and yardstick take turns, because a shared machine's speed
moves within a minute.
"""

import functools
import json
import operator
import os
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management import call_command
from typing_extensions import override

from bench.running import free_port, with_path
from bench.seed import seed
from bench.tpcb import Run, yardstick
from okplatform.kernel import clock
from okplatform.kernel.databases import own_database
from okplatform.kernel.db import call
from okplatform.kernel.invariants import all_invariants
from okplatform.kernel.tenancy import operator_scope
from okplatform.local.stack import Stack

DATABASE = "ok_bench_sale"
REDIS_DATABASE = 9
PROCESSES = 2
WARM_UP_SECONDS = 4
DRAIN_SECONDS = 30
TURNS = 4
TPCB_SECONDS = 5


@dataclass(frozen=True)
class Phase:
    """What the tills saw in one phase; ``seconds`` until the outbox was empty."""

    latencies: list[float]
    refusals: Counter[str]
    seconds: float
    events_left: int

    @override
    def __str__(self) -> str:
        """Say it in a line."""
        refused = f", refused: {dict(self.refusals)}" if self.refusals else ""
        p99 = self.percentile(0.99) if self.latencies else "-"
        return f"{self.rate:.0f} sales/s, p99 {p99} ms{refused}"

    def __add__(self, other: "Phase") -> "Phase":
        """Return both as one."""
        return Phase(
            self.latencies + other.latencies,
            self.refusals + other.refusals,
            self.seconds + other.seconds,
            self.events_left + other.events_left,
        )

    @property
    def rate(self) -> float:
        """Return the sales per second whose events were handled."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """Return the latency in milliseconds that ``share`` of the sales stayed under."""
        ordered = sorted(self.latencies)
        return round(ordered[min(int(len(ordered) * share), len(ordered) - 1)], 1)


def bench_sale(*, seconds: int, devices: int, clients: int, say: Any) -> dict[str, Any]:
    """Measure and return the figures; ``say`` is told how far it is."""
    with own_database(DATABASE) as name, TemporaryDirectory() as folder, yardstick() as run_tpcb:
        call_command("collectstatic", interactive=False, verbosity=0)
        started = time.perf_counter()
        country = seed(devices=devices, now=clock.now())
        # As pgbench does with its own: what autovacuum would do meanwhile is not what is measured.
        call("VACUUM ANALYZE")
        say(f"seeded {devices} devices, 100 stores in {time.perf_counter() - started:.0f} s")
        port = free_port()
        with Stack(port=port, folder=Path(folder), environment=_environment(name)) as stack:
            stack.wait_until_ready()
            load = _Load(port=port, folder=Path(folder), country=country, clients=clients)
            load.run(seconds=WARM_UP_SECONDS, rate=0)
            peak, half, tpcb = _in_turns(load, run_tpcb, seconds=seconds, say=say)
            say(f"peak: {peak}")
            say(f"at half of it: {half}")
        verified = _verify(say)
    return {
        "sales_per_s": round(peak.rate, 1),
        "p50_ms": peak.percentile(0.5),
        "p99_ms": peak.percentile(0.99),
        "p99_half_ms": half.percentile(0.99),
        "tpcb_tps": round(tpcb, 1),
        "ratio": round(peak.rate / tpcb, 3),
        "clients": clients,
        "devices": devices,
        "events_left": peak.events_left + half.events_left,
        "refused": sum(peak.refusals.values()) + sum(half.refusals.values()),
        "verified": verified,
    }


def _in_turns(
    load: "_Load", run_tpcb: Run, *, seconds: int, say: Any
) -> tuple[Phase, Phase, float]:
    """Return the peak, half of it, and TPC-B's transactions per second before, between and after.

    They take turns, each of ``seconds`` in all, so that what else the machine does meets all three;
    the half of a turn is that of the peak it has just seen.
    """
    tpcb = [run_tpcb(clients=load.clients, seconds=TPCB_SECONDS)]
    peaks, halves = [], []
    for _ in range(TURNS):
        peaks.append(load.run(seconds=seconds // TURNS, rate=0))
        halves.append(load.run(seconds=seconds // TURNS, rate=peaks[-1].rate / 2))
        tpcb.append(run_tpcb(clients=load.clients, seconds=TPCB_SECONDS))
        say(f"TPC-B {tpcb[-2]:.0f}/s, {peaks[-1]}, at half {halves[-1]}, TPC-B {tpcb[-1]:.0f}/s")
    return functools.reduce(operator.add, peaks), functools.reduce(operator.add, halves), mean(tpcb)


class _Load:
    """Runs the load generator's processes, each with its own phones."""

    def __init__(self, *, port: int, folder: Path, country: dict[str, Any], clients: int) -> None:
        self.port, self.folder, self.country, self.clients = port, folder, country, clients
        self.runs = 0
        self.used = 0

    def run(self, *, seconds: int, rate: float) -> Phase:
        """Sell for ``seconds``, at ``rate`` per second or (0) as fast as it goes; then drain."""
        self.runs += 1
        plans = [self._plan(number, seconds, rate / PROCESSES) for number in range(PROCESSES)]
        running = [
            subprocess.Popen(  # noqa: S603 -- our own module
                [sys.executable, "-m", "bench.load", str(plan)],
                stdout=subprocess.PIPE,
                cwd=settings.BASE_DIR,
            )
            for plan in plans
        ]
        results = [json.loads(process.communicate()[0]) for process in running]
        drained = _wait_until_drained()
        refusals: Counter[str] = Counter()
        for result in results:
            refusals.update(result["refusals"])
        latencies = [one for result in results for one in result["latencies"]]
        began = min(result["started_at"] for result in results)
        self.used += self._handles_per_phone(len(latencies) + sum(refusals.values()))
        return Phase(latencies, refusals, drained - began, _events_left())

    def _plan(self, number: int, seconds: int, rate: float) -> Path:
        phones = [
            {**phone, "handles": phone["handles"][self.used :]}
            for phone in self.country["phones"][number::PROCESSES]
        ]
        plan = {
            **self.country,
            "phones": phones,
            "port": self.port,
            "seconds": seconds,
            "rate": rate,
            "clients": self.clients // PROCESSES,
            "seed": self.runs * 1_000 + number * 100,
        }
        path = self.folder / f"plan-{number}.json"
        path.write_text(json.dumps(plan))
        return path

    def _handles_per_phone(self, sales: int) -> int:
        """Return how far into every phone's stock the sales may have gone."""
        return sales // (len(self.country["phones"])) + 2


def _environment(database: str) -> dict[str, str]:
    """Return the children's environment: production settings, the bench's own databases."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "okplatform.settings.production",
        "DATABASE_URL": with_path(os.environ["DATABASE_URL"], database),
        "REDIS_URL": os.environ["REDIS_URL"].partition("?")[0] + f"?db={REDIS_DATABASE}",
        "OK_API_CALLS_PER_MINUTE": "1000000",
        "BASE_URL": "https://localhost",
        "LOG_LEVEL": "WARNING",
        "EMAIL_URL": "smtp://localhost:25",
        "DEFAULT_FROM_EMAIL": "OK <ok@example.nl>",
        "OK_CREDITOR_ID": settings.OK_CREDITOR_ID,
        "OK_BANK_FOLDER": settings.OK_BANK_FOLDER,
        **{
            name: getattr(settings, name) for name in dir(settings) if name.startswith("OK_SELLER_")
        },
    }


def _events_left() -> int:
    return int(call("SELECT count(*) FROM kernel_outboxitem")[0][0])


def _wait_until_drained() -> float:
    """Return the moment the outbox was found empty; give up after a while."""
    deadline = time.time() + DRAIN_SECONDS
    while _events_left() and time.time() < deadline:
        time.sleep(0.02)  # noqa: TID251 -- polled with a deadline
    return time.time()


def _verify(say: Any) -> bool:
    with operator_scope("verify the bench"):
        proofs = {invariant.name: invariant.prove() for invariant in all_invariants()}
    for name, proof in proofs.items():
        if proof.breaches:
            say(f"BROKEN {name}: {proof.breaches[:3]}")
    return not any(proof.breaches for proof in proofs.values())
