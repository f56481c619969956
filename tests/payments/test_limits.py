"""What may be spent, counted by the database in the call that takes it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import call, transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.models import AuditEntry
from okplatform.parties.models import Person
from payments import spending
from payments.actions.capture import ConfirmationNeededError, capture
from payments.actions.remove_bank_account import BankAccountUnknown, remove_bank_account
from payments.actions.set_limits import LimitOverMaximum, set_limits
from payments.models import AccountLimit, BankAccount, PersonLimit
from tests.payments.books import bank_account, breaches, close, held, owed_by
from tests.support.races import AT_ONCE, all_at_once
from tests.support.world import NOW, Place, World

OTHER_IBAN = "NL20INGB0001234567"


@pytest.fixture
def till(world: World) -> Place:
    return world.till


def pay(
    till: Place,
    account: BankAccount,
    amount: int,
    *,
    now: datetime = NOW,
    confirmed: bool = False,
) -> str:
    """Sell something for ``amount``; return "paid", or the code of what was said instead."""
    try:
        with transaction():
            sale_id = close(till, ("ok", amount))
            capture(
                sale_id=sale_id,
                merchant_id=till.merchant.pk,
                mode=account.mode,
                funding_ref=account.pk,
                amount=amount,
                currency="EUR",
                now=now,
                actor=SYSTEM,
                confirmed=confirmed,
            )
    except Refusal as refusal:
        return refusal.code
    except ConfirmationNeededError:
        return "confirm"
    return "paid"


def limit(account: BankAccount, *, daily: int, monthly: int = spending.MOST_MONTHLY) -> None:
    set_limits(
        person_id=account.person_id,
        bank_account_id=account.pk,
        daily=daily,
        monthly=monthly,
        now=NOW,
        actor=SYSTEM,
    )


def limit_person(person: Person, *, daily: int) -> None:
    set_limits(
        person_id=person.pk,
        bank_account_id=None,
        daily=daily,
        monthly=spending.MOST_MONTHLY,
        now=NOW,
        actor=SYSTEM,
    )


def test_fifty_euros_pass_and_a_cent_more_asks(till: Place, account: BankAccount) -> None:
    assert pay(till, account, 5_000) == "paid"
    assert pay(till, account, 5_001) == "confirm"
    assert held(owed_by(account)) == -5_000


def test_a_hundred_and_fifty_together_pass_and_a_cent_more_asks(
    till: Place, account: BankAccount
) -> None:
    assert [pay(till, account, 5_000) for _ in range(3)] == ["paid"] * 3
    assert pay(till, account, 1) == "confirm"
    assert AccountLimit.objects.get().unconfirmed == 15_000


def test_a_confirmed_payment_lets_the_count_begin_anew(till: Place, account: BankAccount) -> None:
    for _ in range(3):
        pay(till, account, 5_000)
    assert pay(till, account, 20_000, confirmed=True) == "paid"
    assert AccountLimit.objects.get().unconfirmed == 0
    assert pay(till, account, 5_000) == "paid"


def test_what_was_asked_and_not_paid_does_not_count(till: Place, account: BankAccount) -> None:
    pay(till, account, 5_000)
    for _ in range(5):
        assert pay(till, account, 12_000) == "confirm"
    row = AccountLimit.objects.get()
    assert (row.unconfirmed, row.day_spent, row.hour_payments) == (5_000, 5_000, 1)


def test_a_day_has_its_limit_and_a_yes_does_not_help(till: Place, account: BankAccount) -> None:
    limit(account, daily=8_000)
    assert pay(till, account, 5_000) == "paid"
    assert pay(till, account, 3_001, confirmed=True) == "daily_limit_reached"
    assert pay(till, account, 3_000) == "paid"
    assert pay(till, account, 1) == "daily_limit_reached"
    assert held(owed_by(account)) == -8_000


def test_a_day_begins_at_midnight_in_amsterdam(till: Place, account: BankAccount) -> None:
    limit(account, daily=100)
    before_midnight = datetime(2026, 11, 17, 22, 59, tzinfo=UTC)
    assert pay(till, account, 100, now=before_midnight) == "paid"
    assert pay(till, account, 1, now=before_midnight) == "daily_limit_reached"
    assert pay(till, account, 100, now=before_midnight + timedelta(minutes=2)) == "paid"


def test_a_payment_of_the_day_before_that_comes_late_does_not_empty_the_count(
    till: Place, account: BankAccount
) -> None:
    limit(account, daily=100)
    after_midnight = datetime(2026, 11, 17, 23, 1, tzinfo=UTC)
    assert pay(till, account, 100, now=after_midnight) == "paid"
    late = after_midnight - timedelta(minutes=2)
    assert pay(till, account, 1, now=late) == "daily_limit_reached"
    assert pay(till, account, 1, now=after_midnight) == "daily_limit_reached"


def test_a_month_has_its_limit_over_its_days(till: Place, account: BankAccount) -> None:
    limit(account, daily=100, monthly=250)
    days = [NOW + timedelta(days=number) for number in range(4)]
    said = [pay(till, account, 100, now=day) for day in days]
    assert said == ["paid", "paid", "monthly_limit_reached", "monthly_limit_reached"]
    assert pay(till, account, 50, now=days[3]) == "paid"
    assert pay(till, account, 100, now=NOW + timedelta(days=30)) == "paid"


def test_who_pays_too_often_waits_an_hour(till: Place, account: BankAccount) -> None:
    said = [pay(till, account, 1) for _ in range(spending.HOURLY_PAYMENTS + 1)]
    assert said == ["paid"] * spending.HOURLY_PAYMENTS + ["too_many_payments"]
    assert pay(till, account, 1, now=NOW + timedelta(minutes=59)) == "too_many_payments"
    assert pay(till, account, 1, now=NOW + timedelta(minutes=61)) == "paid"


def test_a_second_account_does_not_double_the_limit(
    till: Place, account: BankAccount, alice: Person
) -> None:
    assert pay(till, account, 60_000, confirmed=True) == "paid"
    second = bank_account(alice, OTHER_IBAN)
    assert pay(till, second, 40_001, confirmed=True) == "daily_limit_reached"
    assert pay(till, second, 40_000, confirmed=True) == "paid"
    assert pay(till, account, 1) == "daily_limit_reached"
    assert PersonLimit.objects.get().day_spent == 100_000


def test_nor_does_one_that_replaces_a_removed_one(
    till: Place, account: BankAccount, alice: Person
) -> None:
    assert pay(till, account, 100_000, confirmed=True) == "paid"
    remove_bank_account(
        person_id=alice.pk, bank_account_id=account.pk, now=NOW + timedelta(1), actor=SYSTEM
    )
    assert pay(till, bank_account(alice), 1) == "daily_limit_reached"


def test_a_person_may_limit_all_accounts_together(
    till: Place, account: BankAccount, alice: Person, bob: Person
) -> None:
    pay(till, account, 5_000)
    limit_person(alice, daily=6_000)
    assert pay(till, account, 1_001) == "daily_limit_reached"
    assert pay(till, account, 1_000) == "paid"
    assert pay(till, bank_account(bob), 5_000) == "paid"


def test_lower_than_what_was_spent_stops_the_next_payment(
    till: Place, account: BankAccount
) -> None:
    pay(till, account, 5_000)
    limit(account, daily=100)
    assert pay(till, account, 1) == "daily_limit_reached"


@pytest.mark.parametrize(
    ("daily", "monthly"),
    [
        (spending.MOST_DAILY + 1, 0),
        (0, spending.MOST_MONTHLY + 1),
        (-1, 0),
    ],
)
def test_nobody_goes_beyond_the_bounds(account: BankAccount, daily: int, monthly: int) -> None:
    with pytest.raises(LimitOverMaximum):
        limit(account, daily=daily, monthly=monthly)
    assert not AccountLimit.objects.exists()


def test_nobody_limits_anothers_account(account: BankAccount, bob: Person) -> None:
    with pytest.raises(BankAccountUnknown):
        set_limits(
            person_id=bob.pk,
            bank_account_id=account.pk,
            daily=0,
            monthly=0,
            now=NOW,
            actor=SYSTEM,
        )
    assert not AccountLimit.objects.exists()


def test_postgresql_holds_the_bounds_of_python(account: BankAccount, till: Place) -> None:
    pay(till, account, 1)
    row = AccountLimit.objects.get()
    assert (row.daily, row.monthly, row.hourly_payments) == (
        spending.DAILY,
        spending.MONTHLY,
        spending.HOURLY_PAYMENTS,
    )
    with pytest.raises(IntegrityError, match="account_limit_within_bounds"):
        AccountLimit.objects.update(daily=spending.MOST_DAILY + 1)


def test_changing_a_limit_is_written_down(account: BankAccount) -> None:
    limit(account, daily=100, monthly=200)
    said = AuditEntry.objects.get(action="limits_set")
    assert (said.object_type, said.data) == ("bank_account", {"daily": 100, "monthly": 200})


@pytest.mark.django_db(transaction=True)
def test_counting_moves_no_index_and_the_row_keeps_its_page(
    till: Place, account: BankAccount
) -> None:
    before = written()
    for _ in range(15):
        assert pay(till, account, 1) == "paid"
    updates, hot = (now - then for now, then in zip(written(), before, strict=True))
    # What the last one did may not be counted yet.
    assert updates == hot >= 14


def written() -> tuple[int, int]:
    """Return how often limits were updated since the database was made, and how often in place."""
    call("SELECT pg_stat_force_next_flush()")
    connection.close()
    ((updates, hot),) = call(
        "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables"
        " WHERE relname = 'payments_account_limit'"
    )
    return updates, hot


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_64_at_once_never_go_over_a_limit(till: Place, account: BankAccount) -> None:
    limit(account, daily=1_000)

    def buy(_number: int) -> str:
        return pay(till, account, 100)

    assert all_at_once(buy) == {"paid": 10, "daily_limit_reached": AT_ONCE - 10}
    assert held(owed_by(account)) == -1_000
    assert breaches() == {}


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_64_first_payments_over_two_accounts_open_each_row_once(
    till: Place, account: BankAccount, alice: Person
) -> None:
    accounts = [account, bank_account(alice, OTHER_IBAN)]

    def buy(number: int) -> str:
        return pay(till, accounts[number % 2], 5_000)

    said = all_at_once(buy)

    assert said == {"paid": 6, "confirm": AT_ONCE - 6}
    assert PersonLimit.objects.get().day_spent == 30_000
    assert breaches() == {}
