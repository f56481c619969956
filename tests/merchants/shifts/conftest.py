import pytest

from okplatform.parties.models import Person
from tests.loyalty.bakery import Bakery
from tests.support.counter import Counter, join, with_bank_account
from tests.support.phone import Phone
from tests.support.world import World


@pytest.fixture
def counter(world: World) -> Counter:
    """Bakkerij Bol's till."""
    return Counter(world.till, world.till.key)


@pytest.fixture
def phone(alice: Person) -> Phone:
    """Alice's phone; she is no member."""
    return with_bank_account(alice)


@pytest.fixture
def member(alice: Person, bakery: Bakery) -> Phone:
    """Alice's phone; she saves points at the bakery."""
    join(alice, bakery.programme_id)
    return with_bank_account(alice)
