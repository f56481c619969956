"""Bakkerij Bol's programme and the ways its tests sell."""

import pytest

from tests.loyalty.bakery import Bakery
from tests.support.world import World


@pytest.fixture
def bakery(world: World) -> Bakery:
    return Bakery(world)
