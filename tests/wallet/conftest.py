from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from okplatform.parties.models import Merchant, Person, Store
from tests.support.phone import Phone
from tests.support.push_service import PushService, pushing
from tests.support.world import World


@pytest.fixture
def now() -> datetime:
    """Five seconds into a step of the code."""
    return datetime(2026, 11, 21, 12, 0, 5, tzinfo=UTC)


@pytest.fixture
def tessa(world: World) -> Person:
    """Tessa is a test person."""
    return world.tessa


@pytest.fixture
def bakery(world: World) -> Merchant:
    return world.bol.merchant


@pytest.fixture
def bookshop(world: World) -> Merchant:
    return world.kramer.merchant


@pytest.fixture
def utrecht(world: World) -> Store:
    """The bakery's store."""
    return world.till.store


@pytest.fixture
def phone(alice: Person, now: datetime) -> Phone:
    """Alice's phone."""
    return Phone.of(alice, now=now)


@pytest.fixture
def push_service(settings: Settings) -> Iterator[PushService]:
    """What takes notifications for browsers, on this machine."""
    settings.OK_PUSH_LOOPBACK = True
    with pushing() as service:
        yield service
