import pytest

from okplatform.parties.models import Person
from payments.models import BankAccount, Collection, HouseAccount
from tests.payments.books import bank_account, sell
from tests.payments.settling import bank_books, collect, our_account, sign
from tests.support.world import World


@pytest.fixture
def account(alice: Person) -> BankAccount:
    """Alice's bank account."""
    return bank_account(alice)


@pytest.fixture
def ours(world: World) -> HouseAccount:
    """OK's own account."""
    return our_account()


@pytest.fixture
def sale(world: World, ours: HouseAccount, account: BankAccount) -> int:
    """Alice has signed, and buys bread for € 18.40; its id."""
    sign(account)
    return sell(world.till, account, 1_840)


@pytest.fixture
def collected(sale: int) -> Collection:
    """That bread, had from the bank."""
    collection = collect()
    bank_books(collection)
    return collection
