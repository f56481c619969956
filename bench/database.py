"""A database of the bench's own, on the server that everything else here uses; gone afterwards."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from django.core.management import call_command
from django.db import connection, connections
from psycopg2 import extensions
from psycopg2.sql import SQL, Identifier

MAINTENANCE = "postgres"


@contextmanager
def own_database(name: str) -> Iterator[str]:
    """Make an empty, migrated database and let this process work in it; drop it in the end."""
    settings: dict[str, Any] = connection.settings_dict
    usual = settings["NAME"]
    with empty_database(name):
        connections.close_all()
        settings["NAME"] = name
        try:
            call_command("migrate", verbosity=0)
            yield name
        finally:
            connections.close_all()
            settings["NAME"] = usual


@contextmanager
def empty_database(name: str) -> Iterator[str]:
    """Make an empty database; drop it in the end."""
    _on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    _on_server("CREATE DATABASE {}", name)
    try:
        yield name
    finally:
        _on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _on_server(statement: str, name: str) -> None:
    """Run a statement about a database, which no transaction may hold."""
    with closing(_maintenance()) as server, server.cursor() as cursor:
        cursor.execute(SQL(statement).format(Identifier(name)))


def _maintenance() -> extensions.connection:
    parameters = {**connection.get_connection_params(), "dbname": MAINTENANCE}
    opened: extensions.connection = connection.get_new_connection(parameters)
    opened.set_isolation_level(extensions.ISOLATION_LEVEL_AUTOCOMMIT)
    return opened
