import pytest

from okplatform.parties.models import Person
from payments.models import BankAccount
from tests.payments.books import bank_account


@pytest.fixture
def account(alice: Person) -> BankAccount:
    """Alice's bank account."""
    return bank_account(alice)
