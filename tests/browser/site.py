"""OK as `make run` starts it, in a world of its own: database, Redis database, mail folder."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from pathlib import Path

from django.conf import settings

from okplatform.kernel.databases import empty_database
from okplatform.local.environment import ROOT
from okplatform.local.locks import opened_lock, take
from okplatform.local.processes import wait_until
from okplatform.local.slots import SLOTS
from okplatform.local.stack import Stack
from tests.payments.door import SEAL, Door

# Short enough for a test that waits for it, long enough for a phone on a busy machine.
CONFIRMATION_SECONDS = 25
COLLECTING_SECONDS = 120
CODE = re.compile(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Site:
    """A running site; `database` is the name of its database in the tests' cluster."""

    base_url: str
    database: str
    mail: Path
    redis_database: int

    def letters(self, address: str) -> list[Message]:
        """Return the letters to `address`, oldest first."""
        found = [message_from_bytes(path.read_bytes()) for path in sorted(self.mail.glob("*"))]
        return [letter for letter in found if letter["To"] == address]

    def code_sent_to(self, address: str) -> str:
        """Return the code in the newest letter to `address`."""
        text = self.letters(address)[-1].get_payload(decode=True)
        assert isinstance(text, bytes)
        found = CODE.search(text.decode())
        assert found, "the letter holds no code"
        return found[0]


@contextmanager
def running_site(*, worker: int, folder: Path, static: Path, template: str) -> Iterator[Site]:
    """Start web, worker and beat, and stop them after; the database is a copy of `template`."""
    run = int(os.environ["OK_TEST_RUN"])
    database = f"ok_browser_{run}_{worker}"
    port = _free_port()
    site = Site(
        base_url=f"http://localhost:{port}",
        database=database,
        mail=folder / "mail",
        # The tests' own processes take a run's first Redis databases, their sites its last.
        redis_database=(run + 1) * SLOTS - 1 - worker,
    )
    counter = folder / "counter"
    counter.mkdir()
    # Of the bank only its counter, where people pay at once; tests speak for the rest of it.
    with empty_database(database, like=template), Door(counter) as door:
        environment = {
            **_environment(site, folder),
            **SEAL,
            "OK_PIS_URL": door.url,
            "STATIC_ROOT": str(static),
        }
        _collect_once(static, environment)
        with Stack(port=port, folder=folder, environment=environment) as stack:
            stack.wait_until_ready()
            yield site


def _environment(site: Site, folder: Path) -> dict[str, str]:
    """Return the environment of `make run`, pointed at the tests' services."""
    redis = os.environ["REDIS_URL"].partition("?")[0]
    database = re.sub(r"///\w+\?", f"///{site.database}?", os.environ["DATABASE_URL"])
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "okplatform.settings.local",
        "DATABASE_URL": database,
        "REDIS_URL": f"{redis}?db={site.redis_database}",
        "BASE_URL": site.base_url,
        "EMAIL_URL": f"filemail:///{site.mail}",
        "OK_BANK_FOLDER": str(folder / "bank"),
        "WORKER_CONCURRENCY": "1",
        "OK_CONFIRMATION_SECONDS": str(CONFIRMATION_SECONDS),
        # Tests stand in for the browsers' push services.
        "OK_PUSH_LOOPBACK": "true",
        # Kept by the test process too, so that both read the same sessions and codes.
        "DJANGO_SECRET_KEY": settings.SECRET_KEY,
    }


def _collect_once(static: Path, environment: Mapping[str, str]) -> None:
    """Collect the static files, unless another process of this run has done so."""
    static.mkdir(exist_ok=True)
    collected = static / "collected"
    with opened_lock(static / "lock") as lock:
        assert wait_until(lambda: take(lock), seconds=COLLECTING_SECONDS)
        if not collected.exists():
            command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
            subprocess.run(command, cwd=ROOT, env=environment, check=True)
            collected.touch()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
