"""What every test stands on: a real PostgreSQL and a real Redis, shared by all of one run."""

import pytest

from okplatform.local.environment import LOCAL
from okplatform.local.errors import LocalError
from okplatform.local.services import Services
from tests.support.network_guard import outside_stays_outside

__all__ = ["outside_stays_outside"]

pytest_plugins = ["tests.support.fixtures"]

_services = Services(LOCAL / "test", durable=False)


def pytest_sessionstart() -> None:
    try:
        _services.join()
    except LocalError as error:
        pytest.exit(str(error), returncode=1)


def pytest_sessionfinish() -> None:
    _services.leave()
