"""A database for each simulation, copied from one that was migrated once."""

import os
from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from okplatform.kernel.databases import own_database, template_database


@pytest.fixture(scope="session")
def template(worker_id: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    run = f"simulate_{os.environ['OK_TEST_RUN']}_{worker_id}"
    with django_db_blocker.unblock(), template_database(run) as name:
        yield name


@pytest.fixture
def empty(template: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Our tables, and nothing in them."""
    with django_db_blocker.unblock(), own_database(f"{template}_copy", like=template):
        yield
