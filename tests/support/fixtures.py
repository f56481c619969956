"""The world as fixtures: a test names whom it is about."""

import pytest

from okplatform.parties.models import Person
from tests.support.world import World


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def alice(world: World) -> Person:
    return world.alice


@pytest.fixture
def bob(world: World) -> Person:
    return world.bob


@pytest.fixture
def charlie(world: World) -> Person:
    return world.charlie


@pytest.fixture
def sam(world: World) -> Person:
    return world.sam


@pytest.fixture
def olga(world: World) -> Person:
    return world.olga
