import pytest

from tests.loyalty.bakery import Bakery
from tests.support.counter import Counter
from tests.support.world import World


@pytest.fixture
def bakery(world: World) -> Bakery:
    """Bakkerij Bol with its programme."""
    return Bakery(world)


@pytest.fixture
def counter(bakery: Bakery) -> Counter:
    """The bakery's till, live."""
    return Counter(bakery.world.till, bakery.world.till.key)
