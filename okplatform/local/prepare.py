"""Bringing the database, the demo world and the static files up to date before a start."""

import hashlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from okplatform.local.environment import LOCAL, ROOT
from okplatform.local.errors import LocalError, last_words
from okplatform.local.processes import spawn, stop

LOG = LOCAL / "prepare.log"
STOP_SECONDS = 10
COLLECTED = ROOT / "staticfiles"
STAMP = LOCAL / "static.sha256"


def prepare() -> None:
    """Migrate and collect static files; LocalError says what went wrong."""
    LOG.unlink(missing_ok=True)
    wanted = _static_fingerprint()
    is_collected = COLLECTED.is_dir() and STAMP.is_file() and STAMP.read_text() == wanted
    collecting = None if is_collected else _start("collectstatic", "--noinput", "-v0")
    # The checks are those of `make check`, and take a second.
    _finish(_start("migrate", "--noinput", "-v0", "--skip-checks"), name="migrate")
    if collecting is not None:
        _finish(collecting, name="collectstatic")
        STAMP.write_text(wanted)


def load_demo() -> None:
    """Load the demo world, or bring it up to the present; LocalError says what went wrong."""
    _finish(_start("load_demo", "--skip-checks"), name="load_demo")


def _start(*words: str) -> subprocess.Popen[bytes]:
    with LOG.open("ab") as log:
        return spawn(
            [sys.executable, ROOT / "manage.py", *words],
            death_signal=signal.SIGTERM,
            log=log,
            cwd=ROOT,
        )


def _finish(child: subprocess.Popen[bytes], *, name: str) -> None:
    try:
        code = child.wait()
    finally:
        stop(child, with_signal=signal.SIGTERM, seconds=STOP_SECONDS)
    if code != 0:
        said = last_words(LOG, marks=("Error", "error"))
        raise LocalError(f"`manage.py {name}` failed {said}")


def _static_fingerprint() -> str:
    """Return what changes whenever collectstatic would write something else."""
    digest = hashlib.sha256()
    for path in _static_sources():
        found = path.stat()
        digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _static_sources() -> Iterator[Path]:
    yield ROOT / "package-lock.json"
    yield ROOT / "requirements" / "base.txt"
    yield from sorted((ROOT / "static").rglob("*"))
