"""Web, workers, beat: OK as `make run` runs it, and as benches and crash tests want it.

    with Stack(port=8000, folder=LOCAL) as stack:
        stack.wait_until_ready()
        stack.ended()

The children take DATABASE_URL, REDIS_URL, DJANGO_SETTINGS_MODULE and secrets from `environment`.
"""

import contextlib
import http.client
import os
import shutil
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from okplatform.local.errors import LocalError, last_words
from okplatform.local.port import HOST, Port
from okplatform.local.processes import LARGE_PAGES, spawn, wait_or_kill, wait_until

if TYPE_CHECKING:
    import subprocess

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 60
STOP_SECONDS = 10
# An open live stream would keep a web worker from ending; after this it is ended.
STREAM_SECONDS = 2


def web_workers() -> int:
    """Return how many processes answer requests: one for two cores, PostgreSQL has the other."""
    return max(1, (os.cpu_count() or 1) // 2)


class Stack:
    """The programs, each in a process group of its own, logging to `folder`/<name>.log."""

    def __init__(
        self,
        *,
        port: int,
        folder: Path,
        environment: Mapping[str, str] | None = None,
        bank: Path | None = None,
        bank_port: int = 0,
    ) -> None:
        """Start nothing yet; with ``bank``, the sandbox bank lives there and meets OK.

        It answers at ``bank_port``; 0 is nowhere.
        """
        self._port = Port(port, folder=folder)
        self._folder = folder
        self._bank_folder = bank
        self._bank_port = bank_port
        self._environment = dict(os.environ if environment is None else environment)
        # Where the processes add up what Prometheus asks any one of them.
        self._metrics = folder / f"metrics-{port}"
        self._environment["PROMETHEUS_MULTIPROC_DIR"] = str(self._metrics)
        # They load every page only to check it, which `make check` has done.
        self._environment["CELERY_SKIP_CHECKS"] = "1"
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def pids(self) -> dict[str, int]:
        """Process id of each program, which is also the number of its process group."""
        return {name: child.pid for name, child in self._children.items()}

    def start(self) -> None:
        """Start them all, without waiting for them; raises LocalError when the port is taken."""
        self.claim()
        shutil.rmtree(self._metrics, ignore_errors=True)
        self._metrics.mkdir()
        for name in self._names():
            self.log(name).write_bytes(b"")
            self.start_one(name)

    def claim(self) -> None:
        """Make sure of the port early; start() does it if need be."""
        self._port.claim()

    def start_one(self, name: str) -> None:
        """Start one program, again or for the first time."""
        with self.log(name).open("ab") as log:
            self._children[name] = spawn(
                self._command(name),
                death_signal=signal.SIGTERM,
                log=log,
                cwd=ROOT,
                environment=LARGE_PAGES | self._environment,
            )
        self._port.remember(self.pids.values())

    def wait_until_ready(self) -> None:
        """Wait until the web answers; raises LocalError when it does not."""
        if not wait_until(self._has_answered, seconds=READY_SECONDS):
            raise LocalError(f"The web server does not answer {self.last_words('web')}")

    def ended(self) -> list[str]:
        """Return the names of the programs that have ended although nobody stopped them."""
        return [name for name, child in self._children.items() if child.poll() is not None]

    def stop(self) -> None:
        """Stop them all in order, and whatever they started."""
        for child in self._children.values():
            child.terminate()
        for name in list(self._children):
            self._see_out(name)
        self._port.release()

    def stop_one(self, name: str, *, with_signal: signal.Signals = signal.SIGTERM) -> None:
        """Stop one program and whatever it started."""
        self._children[name].send_signal(with_signal)
        self._see_out(name)

    def log(self, name: str) -> Path:
        """Return where a program logs."""
        return self._folder / f"{name}.log"

    def last_words(self, name: str) -> str:
        """Return, to end a sentence with, why a program probably ended."""
        return last_words(self.log(name), marks=("Error", "error", "refuse", "does not"))

    def _see_out(self, name: str) -> None:
        child = self._children.pop(name)
        wait_or_kill(child, seconds=STOP_SECONDS)
        # A program that was killed leaves its own children, which would go on holding the port.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)

    def _has_answered(self) -> bool:
        if "web" in self.ended():
            raise LocalError(f"The web server ended {self.last_words('web')}")
        connection = http.client.HTTPConnection(HOST, self._port.number, timeout=READY_SECONDS)
        with contextlib.suppress(OSError), contextlib.closing(connection):
            connection.request("GET", "/health/live")
            return connection.getresponse().status < http.client.INTERNAL_SERVER_ERROR
        return False

    def _command(self, name: str) -> list[str | Path]:
        commands = {
            "web": self._web,
            "worker": self._worker,
            "webhooks": self._webhooks,
            "beat": self._beat,
            "bank": self._bank,
        }
        return [sys.executable, "-m", *commands[name]()]

    def _names(self) -> tuple[str, ...]:
        ours = ("web", "worker", "webhooks", "beat")
        return ours if self._bank_folder is None else (*ours, "bank")

    def _bank(self) -> list[str | Path]:
        folder = self._bank_folder or self._folder
        return [
            "demo.bank",
            f"--folder={folder / 'sandbox'}",
            f"--shared={folder / 'live'}",
            *([f"--port={self._bank_port}"] if self._bank_port else []),
        ]

    def _web(self) -> list[str | Path]:
        return [
            "granian",
            "--interface=asginl",
            f"--host={HOST}",
            f"--port={self._port.number}",
            f"--workers={self._environment.get('WEB_WORKERS', web_workers())}",
            "--no-ws",
            "--respawn-failed-workers",
            "--respawn-interval=0.5",
            f"--workers-kill-timeout={STREAM_SECONDS}",
            "--log-level=warning",
            "okplatform.asgi:application",
        ]

    def _worker(self) -> list[str | Path]:
        return self._celery(f"--concurrency={self._environment.get('WORKER_CONCURRENCY', '2')}")

    def _webhooks(self) -> list[str | Path]:
        """Return the worker that merchants' servers may keep waiting."""
        threads = self._environment.get("WEBHOOK_CONCURRENCY", "8")
        return self._celery("--queues=webhooks", "--pool=threads", f"--concurrency={threads}")

    @staticmethod
    def _celery(*options: str) -> list[str | Path]:
        return [
            "celery",
            "--app=okplatform.celery",
            "worker",
            *options,
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",
            "--loglevel=warning",
        ]

    def _beat(self) -> list[str | Path]:
        return [
            "celery",
            "--app=okplatform.celery",
            "beat",
            f"--schedule={self._folder / f'beat-{self._port.number}'}",
            "--pidfile=",
            "--loglevel=warning",
        ]
