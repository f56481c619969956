import pytest

from okplatform.parties.models import Person
from tests.loyalty.bakery import Bakery
from tests.merchants.returns.desk import Desk
from tests.support.counter import join, with_bank_account
from tests.support.phone import Phone


@pytest.fixture
def phone(alice: Person) -> Phone:
    """Alice's phone; she is no member."""
    return with_bank_account(alice)


@pytest.fixture
def member(alice: Person, bakery: Bakery) -> Phone:
    """Alice's phone; she saves points at the bakery."""
    join(alice, bakery.programme_id)
    return with_bank_account(alice)


@pytest.fixture
def desk(bakery: Bakery) -> Desk:
    """The bakery's till, which may give back."""
    return Desk(bakery.world.till)
