"""Bakkerij Bol's programme and the ways its tests sell."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.loyalty.bakery import Bakery
from tests.loyalty.sharing import Dairy
from tests.loyalty.spending import open_spending
from tests.support.push_service import PushService, pushing
from tests.support.world import World


@pytest.fixture
def bakery(world: World) -> Bakery:
    return Bakery(world)


@pytest.fixture
def push_service(settings: Settings) -> Iterator[PushService]:
    """What takes notifications for browsers, on this machine."""
    settings.OK_PUSH_LOOPBACK = True
    with pushing() as service:
        yield service


@pytest.fixture
def dairy(world: World) -> Dairy:
    """The cheese shop, where points can be spent."""
    dairy = Dairy(world)
    open_spending(dairy)
    return dairy
