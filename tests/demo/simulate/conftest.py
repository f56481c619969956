"""A database for each simulation, copied from one that was migrated once."""

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from okplatform.kernel.databases import own_database, template_database


@pytest.fixture(scope="session")
def template(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    usual = connection.settings_dict["NAME"]
    with django_db_blocker.unblock(), template_database(f"{usual}_template") as name:
        yield name


@pytest.fixture
def empty(template: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Our tables, and nothing in them."""
    with django_db_blocker.unblock(), own_database(f"{template}_copy", like=template):
        yield
