"""What every test stands on: a real PostgreSQL and a real Redis, shared by all of one run."""

from collections.abc import Iterator

import pytest
import redis
from django.conf import settings
from django.utils import translation

from okplatform.local.environment import LOCAL
from okplatform.local.errors import LocalError
from okplatform.local.services import Services
from tests.support.network_guard import outside_stays_outside

__all__ = ["outside_stays_outside"]

pytest_plugins = ["tests.support.fixtures", "tests.support.flush"]

_services = Services(LOCAL / "test", durable=False)


def pytest_sessionstart() -> None:
    try:
        _services.join()
    except LocalError as error:
        pytest.exit(str(error), returncode=1)


def pytest_sessionfinish() -> None:
    _services.leave()


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
