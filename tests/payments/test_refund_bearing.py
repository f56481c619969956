"""Who bears a refund: the merchant, to its floor; of its stores the one that took it back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from okplatform.kernel.models import AuditEntry, Event
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Merchant
from payments.actions.open_merchant_accounts import open_merchant_accounts
from payments.actions.refund import RefundNotCovered
from payments.models import BankAccount, Collection, HouseAccount, Refund
from tests.payments.books import held, owed_by, owed_to, sell
from tests.payments.refunding import (
    among_stores,
    give_back,
    refunds,
)
from tests.payments.settling import (
    pay_out,
    payouts,
)
from tests.support.proofs import prove
from tests.support.world import NOW, World

OTHER_IBAN = "NL02ABNA0123456789"


def test_the_next_payout_is_less_by_it(world: World, sale: int) -> None:
    give_back(world.till, sale, 500)
    pay_out(NOW + timedelta(days=1))
    assert [payout.amount for payout in payouts()] == [1_340]
    assert held(owed_to(world.till)) == 0
    prove()


def test_what_was_paid_out_is_refused_without_credit(
    world: World, sale: int, account: BankAccount
) -> None:
    pay_out(NOW + timedelta(days=1))
    with pytest.raises(RefundNotCovered):
        give_back(world.till, sale, 500)
    assert refunds() == []
    assert held(owed_by(account)) == -1_840
    assert not AuditEntry.objects.filter(action="sale_refunded").exists()
    assert not Event.objects.filter(type="trade.sale_refunded").exists()
    prove()


def test_with_credit_it_goes_to_the_floor_and_the_next_sales_pay(
    world: World, sale: int, account: BankAccount
) -> None:
    pay_out(NOW + timedelta(days=1))
    Merchant.objects.filter(pk=world.till.merchant.pk).update(credit_floor=-500)
    open_merchant_accounts(merchant_id=world.till.merchant.pk, actor=SYSTEM)
    give_back(world.till, sale, 500)
    assert held(owed_to(world.till)) == -500
    with pytest.raises(RefundNotCovered):
        give_back(world.till, sale, 1)
    sell(world.till, account, 2_000)
    pay_out(NOW + timedelta(days=2))
    assert [payout.amount for payout in payouts()] == [1_840, 1_500]
    prove()


def test_the_store_that_took_it_back_bears_it(
    world: World, ours: HouseAccount, account: BankAccount
) -> None:
    sale = sell(world.haarlem, account, 1_840)
    give_back(world.leiden, sale, 500)
    assert held(among_stores(world.leiden)) == -500
    assert held(among_stores(world.haarlem)) == 500
    give_back(world.haarlem, sale, 300)
    assert held(among_stores(world.haarlem)) == 500
    prove()


def test_more_than_was_captured(world: World, sale: int, collected: Collection) -> None:
    give_back(world.till, sale, 1_840)
    (refund,) = refunds()
    refund.pk, refund.attempt, refund.retry_of_id = None, 2, refund.pk
    refund.end_to_end_id = "OKR-again"
    with pytest.raises(Exception, match="more than was captured"), transaction():
        refund.save(force_insert=True)


def test_a_move_that_is_none(sale: int, world: World) -> None:
    give_back(world.till, sale, 500)
    with (
        operator_scope("the test tries"),
        pytest.raises(IntegrityError, match="no move from set_off to waiting"),
        transaction(),
    ):
        Refund.objects.update(state="waiting")


def test_another_amount(sale: int, world: World) -> None:
    give_back(world.till, sale, 500)
    with (
        operator_scope("the test tries"),
        pytest.raises(IntegrityError, match="keeps its amount"),
        transaction(),
    ):
        Refund.objects.update(amount=1)
