import pytest

from tests.loyalty.bakery import Bakery
from tests.merchants.training.trainee import Trainee
from tests.support.world import World


@pytest.fixture
def trainee(world: World, bakery: Bakery) -> Trainee:
    """Sam at Bakkerij Bol's till, which has a programme, in training."""
    assert bakery.programme_id
    return Trainee(world.sam, world.till)
