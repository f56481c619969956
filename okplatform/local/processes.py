"""Starting and ending child processes so that none is ever left behind.

A child is told by the kernel when its parent dies (`setpriv --pdeathsig`), so not even `kill -9` of
the parent leaves one running.
"""

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic, sleep
from typing import IO

from okplatform.local.errors import LocalError

POLL_SECONDS = 0.01
# The C library asks for pages of 2 MB (glibc 2.35 and later; others ignore it): a core that many
# processes share forgets where their memory lies many times a sale, and of large pages are few.
LARGE_PAGES = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}


def spawn(
    command: Sequence[str | Path],
    *,
    death_signal: signal.Signals,
    log: IO[bytes] | None = None,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    prefix: Sequence[str] = (),
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that Ctrl-C reaches only the parent.

    The kernel sends it `death_signal` when the *thread* that called this dies: call it from the
    main one.
    """
    told = ["setpriv", "--pdeathsig", death_signal.name.removeprefix("SIG")]
    try:
        return subprocess.Popen(
            [*prefix, *told, *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log and subprocess.STDOUT,
            cwd=cwd,
            env=environment,
            start_new_session=True,
        )
    except FileNotFoundError as error:
        raise LocalError(
            f"{error.filename} is missing: on Debian, apt-get install util-linux."
        ) from error


def wait_until(ready: Callable[[], bool], *, seconds: float) -> bool:
    """Poll until `ready()` is true; false when it was not within `seconds`."""
    deadline = monotonic() + seconds
    while not ready():
        if monotonic() > deadline:
            return False
        sleep(POLL_SECONDS)
    return True


def stop(child: subprocess.Popen[bytes], *, with_signal: signal.Signals, seconds: float) -> None:
    """Ask a child to end, and kill it when it has not within `seconds`."""
    child.send_signal(with_signal)
    wait_or_kill(child, seconds=seconds)


def wait_or_kill(child: subprocess.Popen[bytes], *, seconds: float) -> None:
    """Wait for a child that was asked to end, and kill it when it has not within `seconds`."""
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def is_running(pid: int, *, words: Sequence[str]) -> bool:
    """Say whether `pid` lives and its command line holds all `words`; a reused number does not."""
    try:
        command_line = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return all(word.encode() in command_line for word in words)


def end_orphan(pid: int, *, words: Sequence[str], with_signal: signal.Signals) -> None:
    """End a server that outlived the daemon that owned it, and wait until it is gone."""

    def gone() -> bool:
        return not is_running(pid, words=words)

    for each, seconds in ((with_signal, 30), (signal.SIGKILL, 5)):
        if gone():
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, each)
        if wait_until(gone, seconds=seconds):
            return
    raise LocalError(
        f"Process {pid} ({words[0]}) of an earlier start does not end: end it and start again."
    )
