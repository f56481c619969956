"""One database with our tables, of which every other database of the tests is a copy.

To migrate takes half a minute of a core, to copy half a second. The template stays in the tests'
own cluster, named after what was migrated: the next run finds it, a new migration makes it anew.
"""

import hashlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, connections
from psycopg2 import extensions
from psycopg2.sql import SQL, Identifier

from okplatform.kernel.databases import own_database

FAMILY = "ok_template_"
KINDS = {".py", ".sql"}
REQUIREMENTS = "requirements/base.txt"
"""Django and allauth bring migrations of their own; this file names their versions."""


def migrated() -> str:
    """Return the name of a database with our tables and no rows; nobody may work in it."""
    name = FAMILY + _fingerprint(settings.BASE_DIR)
    with _server() as server, server.cursor() as cursor:
        # Whoever comes second waits here until the first has made it.
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [FAMILY])
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [FAMILY])
        there = {found for (found,) in cursor.fetchall()}
        if name not in there:
            for outdated in there:
                cursor.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(outdated)))
            _make(name, cursor)
    return name


def _make(name: str, cursor: extensions.cursor) -> None:
    """Migrate under another name: one that was killed halfway is never taken for the template."""
    with own_database(f"{FAMILY}unfinished") as unfinished:
        connections.close_all()
        words = SQL("ALTER DATABASE {} RENAME TO {}")
        cursor.execute(words.format(Identifier(unfinished), Identifier(name)))


def _fingerprint(root: Path) -> str:
    folders = [*root.glob("*/migrations"), *root.glob("*/*/migrations")]
    files = [file for folder in folders for file in folder.rglob("*") if file.suffix in KINDS]
    told = hashlib.sha256()
    for file in sorted([*files, root / REQUIREMENTS]):
        told.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes())
    return told.hexdigest()[:16]


@contextmanager
def _server() -> Iterator[extensions.connection]:
    parameters = {**connection.get_connection_params(), "dbname": "postgres"}
    with closing(connection.get_new_connection(parameters)) as server:
        server.set_isolation_level(extensions.ISOLATION_LEVEL_AUTOCOMMIT)
        yield server
