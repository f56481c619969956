"""A database of one's own: there while it is used, and nobody else's meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection

from okplatform.kernel.databases import empty_database

pytestmark = pytest.mark.django_db
TOGETHER = 4


def _exists(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def test_it_is_there_while_it_is_used() -> None:
    name = f"ok_own_{uuid4().hex}"
    with empty_database(name):
        assert _exists(name)
    assert not _exists(name)


@pytest.mark.concurrency
def test_who_wants_the_same_name_waits_until_it_is_free() -> None:
    """Two benches at once dropped each other's database in the middle of the work."""
    name = f"ok_own_{uuid4().hex}"
    inside: list[int] = []

    def use(number: int) -> list[int]:
        with empty_database(name):
            inside.append(number)
            alone = [*inside]
            assert _exists(name)
            connection.close()
            inside.remove(number)
        return alone

    with ThreadPoolExecutor(TOGETHER) as pool:
        seen = list(pool.map(use, range(TOGETHER)))
    assert seen == [[number] for number in range(TOGETHER)]
    assert not _exists(name)
