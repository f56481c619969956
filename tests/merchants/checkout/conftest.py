import pytest

from okplatform.parties.models import Person
from tests.loyalty.bakery import Bakery
from tests.support.counter import Counter, join, with_bank_account
from tests.support.phone import Phone
from tests.support.world import World


@pytest.fixture
def bakery(world: World) -> Bakery:
    """Bakkerij Bol with its programme."""
    return Bakery(world)


@pytest.fixture
def counter(bakery: Bakery) -> Counter:
    """The bakery's till, live."""
    return Counter(bakery.world.till, bakery.world.till.key)


@pytest.fixture
def phone(alice: Person) -> Phone:
    """Alice's phone; she is no member."""
    return with_bank_account(alice)


@pytest.fixture
def member(alice: Person, bakery: Bakery) -> Phone:
    """Alice's phone; she saves points at the bakery."""
    join(alice, bakery.programme_id)
    return with_bank_account(alice)
