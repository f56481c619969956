"""Alice buys for € 18.40, then takes the bank account off her list.

    what a shopper owes   Alice's bank account   -18.40

Nothing is booked by removing it: the € 18.40 is still collected. But nothing new comes on it.
"""

import pytest

from okplatform.kernel.audit import SYSTEM
from okplatform.parties.models import Person
from payments.actions.capture import BankAccountRemoved
from payments.actions.remove_bank_account import remove_bank_account
from payments.models import BankAccount
from tests.payments.books import held, owed_by, owed_to, sell
from tests.support.proofs import prove
from tests.support.world import NOW, World


def test_what_was_bought_is_still_owed_and_nothing_new_comes(
    world: World, alice: Person, account: BankAccount
) -> None:
    sell(world.till, account, 1_840)
    remove_bank_account(person_id=alice.pk, bank_account_id=account.pk, now=NOW, actor=SYSTEM)

    with pytest.raises(BankAccountRemoved):
        sell(world.till, account, 260)

    assert held(owed_by(account)) == -1_840
    assert held(owed_to(world.till)) == 1_840
    prove()
