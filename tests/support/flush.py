"""Between tests on real connections Django empties all tables, also those that refuse it."""

from collections.abc import Iterable, Iterator

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations

_flush = DatabaseOperations.execute_sql_flush


def _flush_without_triggers(self: DatabaseOperations, sql_list: Iterable[str]) -> None:
    with self.connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            _flush(self, sql_list)
        finally:
            cursor.execute("RESET session_replication_role")


@pytest.fixture(scope="session", autouse=True)
def flush_empties_the_ledger() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", _flush_without_triggers)
        yield
