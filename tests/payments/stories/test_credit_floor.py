"""Bakkerij Bol was paid out everything, and then has to give € 30.00 back for a cake.

    a sale             what a merchant is owed   +100.00
    the payout         what a merchant is owed   -100.00   (the other side: OK's bank)
    money back         what a merchant is owed    -30.00

Below zero the bakery owes OK. How far that may go is its credit floor: nothing, unless agreed.
Here the other side of all three is Alice's account, for want of a bank in the chart so far.
"""

import pytest

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from okplatform.kernel.modes import Mode
from okplatform.parties.models import Merchant
from payments.actions.grant_credit import CreditInUse, grant_credit
from payments.ledger import BalanceTooLow, post
from payments.models import BankAccount
from tests.payments.books import held, owed_by, owed_to, sell
from tests.support.world import NOW, World


def give_back(world: World, account: BankAccount, amount: int, reference: str) -> None:
    with transaction():
        post(
            kind="given_back",
            reference=reference,
            mode=Mode.LIVE,
            entries=[(owed_to(world.till), -amount), (owed_by(account), amount)],
            now=NOW,
        )


def agree(world: World, floor: int) -> None:
    grant_credit(merchant_id=world.till.merchant.pk, credit=-floor, actor=SYSTEM)


def test_without_credit_a_merchant_cannot_go_below_zero(world: World, account: BankAccount) -> None:
    sell(world.till, account, 10_000)
    give_back(world, account, 10_000, "payout")

    with pytest.raises(BalanceTooLow):
        give_back(world, account, 1, "cake")
    assert held(owed_to(world.till)) == 0


def test_with_credit_it_can_until_its_floor(world: World, account: BankAccount) -> None:
    agree(world, floor=-3_000)
    sell(world.till, account, 10_000)
    give_back(world, account, 10_000, "payout")

    give_back(world, account, 3_000, "cake")
    assert held(owed_to(world.till)) == -3_000
    with pytest.raises(BalanceTooLow):
        give_back(world, account, 1, "crumb")
    assert held(owed_to(world.till)) == -3_000


def test_a_floor_agreed_before_the_first_sale_holds_from_it(
    world: World, account: BankAccount
) -> None:
    Merchant.objects.filter(pk=world.till.merchant.pk).update(credit_floor=-500)
    sell(world.till, account, 100)
    give_back(world, account, 600, "cake")
    assert held(owed_to(world.till)) == -500


def test_a_floor_rises_to_the_balance_and_no_higher(world: World, account: BankAccount) -> None:
    agree(world, floor=-3_000)
    give_back(world, account, 2_000, "cake")
    with pytest.raises(CreditInUse):
        agree(world, floor=-1_999)
    agree(world, floor=-2_000)

    with pytest.raises(BalanceTooLow):
        give_back(world, account, 1, "crumb")
    sell(world.till, account, 2_500)
    agree(world, floor=0)
    give_back(world, account, 500, "biscuit")
    assert held(owed_to(world.till)) == 0
