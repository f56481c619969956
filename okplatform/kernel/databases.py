"""A database of one's own, on the server that everything else here uses; gone afterwards."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from django.core.management import call_command
from django.db import connection, connections
from psycopg2 import extensions
from psycopg2.sql import SQL, Identifier

MAINTENANCE = "postgres"
EMPTY = "template1"


@contextmanager
def own_database(name: str, *, like: str | None = None) -> Iterator[str]:
    """Make a database with our tables and let this process work in it; drop it in the end.

    It is a copy of ``like``, which nobody may be working in, or migrated here and now, which takes
    longer.
    """
    with empty_database(name, like=like or EMPTY), _working_in(name):
        if like is None:
            call_command("migrate", verbosity=0)
        yield name


@contextmanager
def empty_database(name: str, *, like: str = EMPTY) -> Iterator[str]:
    """Make a database with nothing in it but what ``like`` has; drop it in the end.

    Who wants one of the same name meanwhile waits. What a killed run left behind is dropped first.
    """
    with _alone_with(name):
        _on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        _on_server("CREATE DATABASE {} TEMPLATE {}", name, like)
        try:
            yield name
        finally:
            _on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


@contextmanager
def _alone_with(name: str) -> Iterator[None]:
    """Hold a name for as long as this session lasts, however it ends."""
    with closing(_maintenance()) as server:
        with server.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [name])
        yield


@contextmanager
def _working_in(name: str) -> Iterator[None]:
    settings: dict[str, Any] = connection.settings_dict
    usual = settings["NAME"]
    connections.close_all()
    settings["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        settings["NAME"] = usual


def _on_server(statement: str, *names: str) -> None:
    """Run a statement about databases, which no transaction may hold."""
    with closing(_maintenance()) as server, server.cursor() as cursor:
        cursor.execute(SQL(statement).format(*map(Identifier, names)))


def _maintenance() -> extensions.connection:
    parameters = {**connection.get_connection_params(), "dbname": MAINTENANCE}
    opened: extensions.connection = connection.get_new_connection(parameters)
    opened.set_isolation_level(extensions.ISOLATION_LEVEL_AUTOCOMMIT)
    return opened
