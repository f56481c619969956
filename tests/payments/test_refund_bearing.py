"""Who bears a refund: the merchant, to its floor; of its stores the one that took it back."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from okplatform.kernel.db import transaction
from okplatform.kernel.models import AuditEntry, Event
from okplatform.kernel.tenancy import operator_scope
from payments.actions.refund import RefundNotCovered
from payments.chart import MERCHANT_PAYABLE
from payments.models import Account, BankAccount, Collection, HouseAccount, Refund
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
from tests.support.world import NOW, Place, World

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
    call_command("grant_credit", world.till.merchant.reference, "5.00")
    give_back(world.till, sale, 500)
    assert held(owed_to(world.till)) == -500
    with pytest.raises(RefundNotCovered):
        give_back(world.till, sale, 1)
    sell(world.till, account, 2_000)
    pay_out(NOW + timedelta(days=2))
    assert [payout.amount for payout in payouts()] == [1_840, 1_500]
    prove()


def test_credit_that_is_used_is_not_taken_away(
    world: World, sale: int, account: BankAccount
) -> None:
    merchant = world.till.merchant
    pay_out(NOW + timedelta(days=1))
    call_command("grant_credit", merchant.reference, "5")
    give_back(world.till, sale, 300)
    with pytest.raises(CommandError, match="meer van zijn krediet gebruikt"):
        call_command("grant_credit", merchant.reference, "2.99")
    merchant.refresh_from_db()
    assert merchant.credit_floor == -500
    assert set(floors_of(world.till)) == {-500}
    call_command("grant_credit", merchant.reference, "3")
    assert set(floors_of(world.till)) == {-300}
    with pytest.raises(RefundNotCovered):
        give_back(world.till, sale, 1)
    prove()


@pytest.mark.parametrize("said", ["-1", "0.001", "a lot", "1e9", "NaN"])
def test_what_is_no_amount_grants_nothing(world: World, said: str) -> None:
    with pytest.raises(CommandError, match="is no amount in euros"):
        call_command("grant_credit", world.till.merchant.reference, f" {said}")
    with pytest.raises(CommandError, match="There is no merchant nobody"):
        call_command("grant_credit", "nobody", "5")
    assert not AuditEntry.objects.filter(action="credit_floor_set").exists()


def floors_of(place: Place) -> list[int | None]:
    """Return how low the merchant's accounts may go, live and test."""
    found = Account.objects.filter(kind=MERCHANT_PAYABLE.kind, owner_id=place.merchant.pk)
    return list(found.values_list("floor", flat=True))


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
