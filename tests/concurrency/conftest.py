"""A whole OK with servers of its own, which a test may break, and a country that shops there."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
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
from okplatform.local.layout import DATABASE
from okplatform.local.servers import Servers
from okplatform.local.stack import Stack

# So many that none comes to what its shopper would have to confirm.
PHONES = 1_000


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
    """Two chains of ten tills and their shoppers; the test's own queries go there too."""
    monkeypatch.setattr(seed, "MERCHANTS", 2)
    monkeypatch.setattr(seed, "STORES_PER_MERCHANT", 10)
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
