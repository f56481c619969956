"""Killed at any point, OK loses no sale that a till was told of, and books none twice."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoDbBlocker

from bench import seed
from okplatform.kernel import clock
from okplatform.kernel.db import call
from okplatform.local.layout import DATABASE
from okplatform.local.processes import wait_until
from okplatform.local.servers import Servers
from okplatform.local.stack import Stack
from tests.concurrency.tills import Roll, selling
from tests.support.proofs import prove

pytestmark = [pytest.mark.long, pytest.mark.concurrency, pytest.mark.timeout(900)]

SALES = 2_000
# Between two blows, so that each falls in the midst of sales.
SALES_BETWEEN = 100
# So many that none comes to what its shopper would have to confirm.
PHONES = 400
DRAIN_SECONDS = 60

FOUND = """
SELECT sale.uuid::text, sale.state, sale.due, payment.amount,
       (SELECT count(*) FROM payments_posting posting
        WHERE posting.kind = 'sale_paid' AND posting.reference = sale.id::text)
FROM trade_sale sale LEFT JOIN payments_payment payment ON payment.sale_id = sale.id
WHERE sale.operator = 'bench'
"""


@pytest.fixture
def servers() -> Iterator[Servers]:
    """A PostgreSQL and a Redis that may be broken: as durable as in production."""
    with tempfile.TemporaryDirectory(prefix="ok-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL may run as another user
        with Servers(Path(folder)) as started:
            yield started


@pytest.fixture
def country(
    servers: Servers, monkeypatch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker
) -> Iterator[dict[str, Any]]:
    """Two chains of four tills and their shoppers; the test's own queries go there too."""
    monkeypatch.setattr(seed, "MERCHANTS", 2)
    monkeypatch.setattr(seed, "STORES_PER_MERCHANT", 4)
    monkeypatch.setattr(seed, "PAST_SALES_PER_MERCHANT", 50)
    usual = dict(connection.settings_dict)
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict |= {"NAME": DATABASE, "HOST": host_of(servers)}
        try:
            call_command("migrate", verbosity=0)
            yield seed.seed(devices=PHONES, now=clock.now())
        finally:
            connection.close()
            connection.settings_dict |= usual


def host_of(servers: Servers) -> str:
    """Return the folder of PostgreSQL's socket."""
    return unquote(servers.urls.database_url.rpartition("host=")[2])


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    return number


@pytest.fixture
def stack(servers: Servers, country: dict[str, Any], port: int, tmp_path: Path) -> Iterator[Stack]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "okplatform.settings.local",
        "DATABASE_URL": servers.urls.database_url,
        "REDIS_URL": servers.urls.redis_url,
        "STATIC_ROOT": str(tmp_path / "static"),
        "WORKER_CONCURRENCY": "1",
        "LOG_LEVEL": "WARNING",
    }
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(collect, cwd=settings.BASE_DIR, env=environment, check=True)
    with Stack(port=port, folder=tmp_path, environment=environment) as started:
        started.wait_until_ready()
        yield started


def blows(servers: Servers, stack: Stack) -> list[Callable[[], None]]:
    """Return everything that may break, in the order in which it will."""

    def kill(name: str) -> Callable[[], None]:
        def blow() -> None:
            stack.stop_one(name, with_signal=signal.SIGKILL)
            stack.start_one(name)

        return blow

    def crash_postgres() -> None:
        servers.stop_postgres_immediately()
        servers.start_postgres()

    return [kill("web"), crash_postgres, kill("worker"), servers.empty_redis, kill("beat")]


def test_killed_at_any_point_every_sale_a_till_was_told_of_is_there_once(
    servers: Servers, stack: Stack, country: dict[str, Any], port: int
) -> None:
    with selling(port=port, country=country, sales=SALES) as roll:
        in_turn = cycle(blows(servers, stack))
        for sold in range(SALES_BETWEEN, SALES, SALES_BETWEEN):
            roll.wait_for(sold)
            next(in_turn)()
        roll.wait_for(SALES)

    assert wait_until(is_drained, seconds=DRAIN_SECONDS)
    assert stack.ended() == []
    check_told(roll)
    stack.stop()
    prove()


def is_drained() -> bool:
    return call("SELECT count(*) FROM kernel_outboxitem") == [(0,)]


def check_told(roll: Roll) -> None:
    """Check that the tills felt the blows, and that the books hold what they were told."""
    assert roll.silences
    assert set(roll.refusals) >= {"sale_unknown"}
    assert {told["code"] for told in roll.failures} == {"internal_error"}
    # Who cannot know says so: ask. A verdict might be a wrong one.
    assert len({told["detail"] for told in roll.failures}) == 1
    assert not any("verdict" in told for told in roll.failures)
    told = {str(uuid): ("closed", due, due, 1) for uuid, due in roll.due.items()}
    rows = call(FOUND)
    found = {uuid: tuple(facts) for uuid, *facts in rows}
    assert len(told) == SALES
    assert sorted(told.keys() - found.keys()) == []
    assert sorted(found.keys() - told.keys()) == []
    assert [uuid for uuid in told if found[uuid] != told[uuid]] == []
    assert len(rows) == SALES
