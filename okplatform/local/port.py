"""The right to serve OK on one port, and the memory of what served there."""

import contextlib
import json
import os
import signal
import socket
from collections.abc import Iterable
from pathlib import Path

from okplatform.local.errors import LocalError
from okplatform.local.locks import open_lock, take
from okplatform.local.processes import is_running, wait_until

HOST = "127.0.0.1"
# How long a program that has just ended may go on holding its port.
FREED_SECONDS = 1


class Port:
    """One port of localhost, claimed by one process through a lock file in `folder`.

    The file also names the process groups at work, so that a successor can end what a killed
    predecessor has left: web workers without their parent would go on holding the port.
    """

    def __init__(self, number: int, *, folder: Path) -> None:
        self.number = number
        self._file = folder / f"port-{number}.lock"
        self._lock: int | None = None

    def claim(self) -> None:
        """Make the port ours, once; raises LocalError when it serves somebody else."""
        if self._lock is not None:
            return
        lock = open_lock(self._file)
        if not take(lock):
            os.close(lock)
            raise LocalError(f"OK runs already, at http://localhost:{self.number}.")
        self._lock = lock
        _end_groups(self._file)
        if not wait_until(self._is_free, seconds=FREED_SECONDS):
            raise LocalError(
                f"Port {self.number} is taken by another program: "
                f"end that, or choose another port: PORT={self.number + 1} make run."
            )

    def remember(self, groups: Iterable[int]) -> None:
        """Note which process groups are at work."""
        self._file.write_text(json.dumps(list(groups)))

    def release(self) -> None:
        """Give the port up."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _is_free(self) -> bool:
        # A browser tries both addresses of localhost.
        for family, address in ((socket.AF_INET, HOST), (socket.AF_INET6, "::1")):
            with contextlib.suppress(OSError), socket.socket(family) as probe:
                probe.connect((address, self.number))
                return False
        return True


def free_port() -> int:
    """Return a port that is free now, for a program that is about to start."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _end_groups(file: Path) -> None:
    try:
        groups = set(json.loads(file.read_text()))
    except ValueError:
        return
    for entry in Path("/proc").glob("[0-9]*"):
        pid = int(entry.name)
        with contextlib.suppress(ProcessLookupError):
            if os.getpgid(pid) in groups and is_running(pid, words=["okplatform."]):
                os.kill(pid, signal.SIGKILL)
