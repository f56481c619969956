"""What every test stands on: a real PostgreSQL and a real Redis, shared by all of one run."""

import gc
from collections.abc import Iterator

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as property_tests
from pytest_django import DjangoDbBlocker

from okplatform.local.environment import LOCAL
from okplatform.local.errors import LocalError
from okplatform.local.services import Services
from tests.support.network_guard import outside_stays_outside
from tests.support.template import migrated

__all__ = ["outside_stays_outside"]

pytest_plugins = ["tests.support.fixtures", "tests.support.flush"]

_services = Services(LOCAL / "test", durable=False)

# A machine that is busy with something else is no fault of the code.
property_tests.register_profile("ok", deadline=None, suppress_health_check=[HealthCheck.too_slow])
property_tests.load_profile("ok")


def pytest_sessionstart() -> None:
    try:
        _services.join()
    except LocalError as error:
        pytest.exit(str(error), returncode=1)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what is given the most time, so that nobody waits for it in the end."""
    items.sort(key=_given, reverse=True)


def _given(item: pytest.Item) -> float:
    mark = item.get_closest_marker("timeout")
    return float(mark.args[0]) if mark else 0.0


def pytest_collection_finish() -> None:
    """Leave what stands now alone: to walk through thousands of tests for garbage takes a tenth."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    _services.leave()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Make the tests' database a copy of the template."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated()


@pytest.fixture(scope="session")
def redis_client() -> Iterator[redis.Redis]:
    client = redis.Redis.from_url(settings.REDIS_URL)
    yield client
    client.close()


@pytest.fixture(autouse=True)
def redis_starts_empty(redis_client: redis.Redis) -> None:
    redis_client.flushdb()


@pytest.fixture(autouse=True)
def nobody_has_spoken_yet() -> None:
    """Let go of the language that an earlier request left with this thread."""
    translation.deactivate()
