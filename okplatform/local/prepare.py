"""Bringing the database, the demo world and the static files up to date before a start.

Django takes a second and a half to find that nothing is to be done, so fingerprints of what it
would look at tell when not to ask.
"""

import contextlib
import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import psycopg2

from okplatform.local.environment import LOCAL, ROOT
from okplatform.local.errors import LocalError, last_words
from okplatform.local.processes import spawn, stop

LOG = LOCAL / "prepare.log"
STOP_SECONDS = 10
LOCKS = (ROOT / "package-lock.json", ROOT / "requirements" / "base.txt")
COLLECTED = ROOT / "staticfiles"
COLLECTED_STAMP = LOCAL / "collected.sha256"
MIGRATED_STAMP = LOCAL / "migrated.sha256"


def prepare() -> None:
    """Migrate and collect static files where needed; LocalError says what went wrong."""
    LOG.unlink(missing_ok=True)
    wanted = _fingerprint((ROOT / "static").rglob("*"))
    is_collected = COLLECTED.is_dir() and _says(COLLECTED_STAMP, wanted)
    collecting = None if is_collected else _start("collectstatic", "--noinput", "-v0")
    migrate()
    if collecting is not None:
        _finish(collecting, name="collectstatic")
        COLLECTED_STAMP.write_text(wanted)


def migrate() -> None:
    """Bring the database up to date where needed; LocalError says what went wrong."""
    if not _says(MIGRATED_STAMP, _migrations()):
        # The checks are those of `make check`, and take a second.
        _finish(_start("migrate", "--noinput", "-v0", "--skip-checks"), name="migrate")
        MIGRATED_STAMP.write_text(_migrations())


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


def _migrations() -> str:
    """Return the fingerprint of the migrations there are and of those this database has had."""
    folders = [*ROOT.glob("[a-z]*/migrations"), *ROOT.glob("okplatform/*/migrations")]
    files = [path for folder in folders for path in folder.rglob("*")]
    sources = [path for path in files if path.suffix in {".py", ".sql"}]
    return _fingerprint(sources, also=_applied_migrations())


def _applied_migrations() -> str:
    try:
        database = psycopg2.connect(os.environ["DATABASE_URL"])
        with contextlib.closing(database), database.cursor() as cursor:
            cursor.execute("SELECT app, name, applied FROM django_migrations ORDER BY id")
            return repr(cursor.fetchall())
    except psycopg2.errors.UndefinedTable:
        return "none"
    except psycopg2.OperationalError as error:
        said = str(error).strip().splitlines()[0]
        raise LocalError(f"The database of DATABASE_URL cannot be reached: {said}.") from error


def _fingerprint(sources: Iterable[Path], *, also: str = "") -> str:
    digest = hashlib.sha256(also.encode())
    for path in sorted([*LOCKS, *sources]):
        found = path.stat()
        digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _says(stamp: Path, fingerprint: str) -> bool:
    return stamp.is_file() and stamp.read_text() == fingerprint
