"""Taking the OK part of a sale, and the sentences for the cashier when it cannot be taken."""

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from okplatform.kernel.db import TransactionError, transaction
from okplatform.kernel.models import AuditEntry
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from payments.actions.capture import (
    AmountNotPositive,
    BankAccountNotReady,
    BankAccountRemoved,
    CurrencyNotPayable,
    SalePaidAlready,
)
from payments.models import BankAccount, Entry, Payment
from tests.payments.books import bank_account, close, held, owed_by, owed_to, sell, take
from tests.support.accounts import proved
from tests.support.world import Place, World


@pytest.fixture
def till(world: World) -> Place:
    return world.till


def nothing_is_booked(till: Place, account: BankAccount) -> bool:
    with operator_scope("the test looks"):
        paid = Payment.objects.exists()
    return not paid and not Entry.objects.exists() and held(owed_to(till)) == 0


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_and_less_cannot_be_taken(till: Place, account: BankAccount, amount: int) -> None:
    with pytest.raises(AmountNotPositive), transaction():
        take(close(till, ("cash", 100)), till, account, amount)
    assert nothing_is_booked(till, account)


def test_other_money_than_euros_cannot_be_taken(till: Place, account: BankAccount) -> None:
    with pytest.raises(CurrencyNotPayable), transaction():
        take(close(till, ("ok", 100)), till, account, 100, currency="USD")
    assert nothing_is_booked(till, account)


def test_a_bank_account_nobody_has_pays_nothing(till: Place, account: BankAccount) -> None:
    account.pk += 1
    with pytest.raises(BankAccountRemoved), transaction():
        take(close(till, ("ok", 100)), till, account, 100)
    assert nothing_is_booked(till, account)


def test_a_test_bank_account_pays_no_live_sale(till: Place, world: World) -> None:
    rehearsal = bank_account(world.tessa)
    with pytest.raises(BankAccountRemoved), transaction():
        take(close(till, ("ok", 100)), till, rehearsal, 100)
    assert nothing_is_booked(till, rehearsal)


def test_a_test_sale_is_booked_among_tests(till: Place, world: World) -> None:
    rehearsal = bank_account(world.tessa)
    with transaction():
        sale_id = close(till, ("ok", 100), mode=Mode.TEST)
        take(sale_id, till, rehearsal, 100, mode=Mode.TEST)
    assert held(owed_by(rehearsal), mode=Mode.TEST) == -100
    assert held(owed_to(till)) == 0


def test_a_live_payment_of_a_test_sale_is_refused_by_the_database(
    till: Place, account: BankAccount
) -> None:
    with (
        pytest.raises(IntegrityError, match="payment_sale_of_same_merchant_and_mode"),
        transaction(),
    ):
        take(close(till, ("ok", 100), mode=Mode.TEST), till, account, 100)
    assert nothing_is_booked(till, account)


def test_another_merchants_sale_is_refused_by_the_database(
    till: Place, world: World, account: BankAccount
) -> None:
    gouda = world.gouda
    with (
        pytest.raises(IntegrityError, match="payment_sale_of_same_merchant_and_mode"),
        transaction(),
    ):
        take(close(gouda, ("ok", 100)), till, account, 100)


def test_taking_it_is_one_call_that_travels_with_the_sale(
    till: Place, account: BankAccount
) -> None:
    with CaptureQueriesContext(connection) as asked:
        sell(till, account, 100)
    (statement,) = [query["sql"] for query in asked if "payments_" in query["sql"]]
    assert "trade_record_closed(" in statement
    assert "payments_capture(" in statement


def test_an_account_that_is_not_signed_for_pays_nothing(till: Place, bob: Person) -> None:
    unsigned = proved(bob)
    with pytest.raises(BankAccountNotReady), transaction():
        take(close(till, ("ok", 1_840)), till, unsigned, 1_840)
    assert nothing_is_booked(till, unsigned)


def test_a_sale_is_paid_once(till: Place, account: BankAccount, bob: Person) -> None:
    other = bank_account(bob)
    sale_id = sell(till, account, 1_840)
    for payer in (account, other):
        with pytest.raises(SalePaidAlready), transaction():
            take(sale_id, till, payer, 1_840)
    assert held(owed_to(till)) == 1_840
    assert held(owed_by(other)) == 0


def test_a_payment_never_changes(till: Place, account: BankAccount) -> None:
    sell(till, account, 1_840)
    with operator_scope("the test tries"), pytest.raises(IntegrityError, match="never changed"):
        Payment.objects.update(amount=1)


def test_a_capture_is_part_of_the_sales_own_transaction(till: Place, account: BankAccount) -> None:
    with pytest.raises(TransactionError):
        take(1, till, account, 100)


def test_it_is_written_down_who_took_what_from_where(till: Place, account: BankAccount) -> None:
    sale_id = sell(till, account, 1_840)
    line = AuditEntry.objects.get(action="payment_captured")
    assert (line.object_type, line.object_id) == ("sale", str(sale_id))
    assert (line.actor_kind, line.merchant_id, line.mode) == ("system", till.merchant.pk, "live")
    assert line.data == {"amount": 1_840, "currency": "EUR", "bank_account": account.pk}


@pytest.mark.parametrize(
    "refusal",
    [
        AmountNotPositive,
        CurrencyNotPayable,
        BankAccountRemoved,
        BankAccountNotReady,
        SalePaidAlready,
    ],
)
def test_each_refusal_tells_the_cashier_what_to_do(refusal: type[AmountNotPositive]) -> None:
    assert refusal().detail.endswith(".")
