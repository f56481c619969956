"""Sharing one set of embedded services between commands, servers and tests.

Everybody who needs PostgreSQL and Redis *joins*: the first to come starts a daemon that owns both,
the daemon stops them when the last has left, so each leaves the machine as it was found. Two locks
say it all, and the kernel frees both when their holder dies, however it dies:

- `services.lock` is held by the daemon for its whole life. Whoever can take it knows that there is
  no daemon, starts one and hands the lock over as an open file.
- `services.users` is held shared by every user. The daemon tries to take it exclusively: success
  means that nobody is left, and keeps newcomers waiting until the old daemon has gone.
"""

import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from okplatform.local.errors import LocalError, require_disk_space
from okplatform.local.layout import Layout, Urls
from okplatform.local.locks import open_lock, opened_lock, share, share_now, take
from okplatform.local.processes import wait_until
from okplatform.local.status import Status

JOIN_SECONDS = 90
LEAVE_SECONDS = 60


class Services:
    """A claim on the services under `base`: `with Services(base) as urls:`, or join and leave."""

    def __init__(self, base: Path, *, durable: bool = True) -> None:
        self._layout = Layout(base.resolve())
        self._durable = durable
        self._claim: int | None = None

    def __enter__(self) -> Urls:
        return self.join()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.leave()

    @property
    def urls(self) -> Urls:
        """Addresses of the services, whether they run or not."""
        return self._layout.urls

    @property
    def status(self) -> Status | None:
        """Process ids of the daemon and its servers; None when none runs, or none runs yet."""
        with opened_lock(self._layout.lock) as lock:
            return None if take(lock) else Status.read(lock)

    def join(self) -> Urls:
        """Claim the services, starting them where they do not run, and wait until they answer.

        Raises LocalError with one sentence for the reader.
        """
        self._layout.make_folders()
        require_disk_space(self._layout.base)
        self._claim = open_lock(self._layout.users)
        try:
            share(self._claim)
            self._await_answer()
        except BaseException:
            self.leave()
            raise
        return self.urls

    def ensure(self) -> bool:
        """Start the services again if their daemon was killed while we hold our claim; say so."""
        if self.status is not None:
            return False
        self._await_answer()
        return True

    def leave(self) -> None:
        """Give up the claim; the last to leave waits until the services have stopped."""
        if self._claim is None:
            return
        is_last = take(self._claim)
        os.close(self._claim)
        self._claim = None
        if is_last:
            wait_until(self._is_left_as_found, seconds=LEAVE_SECONDS)

    def _await_answer(self) -> None:
        started = False

        def has_answered() -> bool:
            nonlocal started
            with opened_lock(self._layout.lock) as lock:
                if not take(lock):
                    status = Status.read(lock)
                    return status is not None and status.is_current
                if started:
                    raise LocalError(self._last_words(lock))
                self._start_daemon(lock)
                started = True
            return False

        if not wait_until(has_answered, seconds=JOIN_SECONDS):
            raise LocalError(f"The embedded services do not answer: see {self._layout.daemon_log}.")

    def _last_words(self, lock: int) -> str:
        status = Status.read(lock)
        if status is not None and status.error:
            return status.error
        return f"The embedded services ended without a word: see {self._layout.daemon_log}."

    def _start_daemon(self, lock: int) -> None:
        os.ftruncate(lock, 0)
        module = [sys.executable, "-m", "okplatform.local.daemon"]
        durable = "durable" if self._durable else "fast"
        with self._layout.daemon_log.open("ab") as log:
            # --fork makes it nobody's child: it belongs to all users alike and leaves no zombie.
            subprocess.run(
                ["/usr/bin/setsid", "--fork", *module, self._layout.base, str(lock), durable],
                cwd=Path(__file__).parents[2],
                pass_fds=[lock],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=True,
            )

    def _is_left_as_found(self) -> bool:
        with opened_lock(self._layout.lock) as lock, opened_lock(self._layout.users) as users:
            if take(lock):
                return True
            # Other users share their lock; the daemon that is about to stop holds it alone.
            is_shared = not take(users) and share_now(users)
            return Status.read(lock) is not None and is_shared
