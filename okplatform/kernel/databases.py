"""A database of one's own, on the server that everything else here uses; gone afterwards."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from django.core.management import call_command
from django.db import connection, connections
from psycopg2 import extensions
from psycopg2.sql import SQL, Identifier

MAINTENANCE = "postgres"


@contextmanager
def own_database(name: str, *, like: str = "template1") -> Iterator[str]:
    """Make a migrated database and let this process work in it; drop it in the end.

    It starts as a copy of ``like``, a database in which nobody works now: an empty one unless said
    otherwise.
    """
    settings: dict[str, Any] = connection.settings_dict
    usual = settings["NAME"]
    with empty_database(name, like=like):
        connections.close_all()
        settings["NAME"] = name
        try:
            call_command("migrate", verbosity=0)
            yield name
        finally:
            connections.close_all()
            settings["NAME"] = usual


@contextmanager
def empty_database(name: str, *, like: str = "template1") -> Iterator[str]:
    """Make a database with nothing in it but what ``like`` has; drop it in the end."""
    _on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    _on_server("CREATE DATABASE {} TEMPLATE {}", name, like)
    try:
        yield name
    finally:
        _on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _on_server(statement: str, *names: str) -> None:
    """Run a statement about databases, which no transaction may hold."""
    with closing(_maintenance()) as server, server.cursor() as cursor:
        cursor.execute(SQL(statement).format(*map(Identifier, names)))


def _maintenance() -> extensions.connection:
    parameters = {**connection.get_connection_params(), "dbname": MAINTENANCE}
    opened: extensions.connection = connection.get_new_connection(parameters)
    opened.set_isolation_level(extensions.ISOLATION_LEVEL_AUTOCOMMIT)
    return opened
