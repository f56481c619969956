"""64 at once, each on a connection of its own, while the balances are being folded."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.db import connection

from okplatform.kernel.db import transaction
from okplatform.kernel.modes import Mode
from payments.actions.capture import SalePaidAlready
from payments.actions.fold_balances import fold_balances
from payments.ledger import BalanceTooLow, post
from payments.models import Account, BankAccount, Posting
from tests.payments.books import Points, breaches, close, held, owed_by, owed_to, pays_often, take
from tests.support.world import NOW, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

AT_ONCE = 64
alice, bob = Points(member=7), Points(member=8)


def all_at_once(act: Callable[[int], object]) -> Counter[object]:
    """Run ``act`` with 0 to 63 at the same moment while folding; count what each said."""
    ready, done = Barrier(AT_ONCE), Event()

    def run(number: int) -> object:
        connection.ensure_connection()
        ready.wait(timeout=30)
        try:
            return act(number)
        except (BalanceTooLow, SalePaidAlready) as refusal:
            return refusal.code
        finally:
            connection.close()

    def fold() -> None:
        while not done.is_set():
            fold_balances()
        connection.close()

    with ThreadPoolExecutor(AT_ONCE + 1) as pool:
        folding = pool.submit(fold)
        try:
            said = Counter(pool.map(run, range(AT_ONCE)))
        finally:
            done.set()
        folding.result()
    return said


def test_of_64_debits_exactly_the_affordable_ones_win() -> None:
    alice.book("sale-1", 40)

    said = all_at_once(lambda number: bool(alice.book(f"loaf-{number}", -1, kind="points_spent")))

    assert said == {True: 40, "balance_too_low": 24}
    assert held(alice.had) == 0
    assert breaches() == {}


def test_debits_and_credits_at_once_never_go_below_the_floor() -> None:
    alice.book("sale-1", 10)

    def spend_or_earn(number: int) -> str:
        points = 1 if number % 2 else -2
        alice.book(f"{number}", points, kind="any")
        return "booked"

    said = all_at_once(spend_or_earn)

    refused = said["balance_too_low"]
    assert held(alice.had) == 10 + 32 - 2 * (32 - refused) >= 0
    assert breaches() == {}


def test_one_posting_64_times_is_booked_once() -> None:
    said = all_at_once(lambda _number: alice.book("sale-1", 18))

    assert len(said) == 1
    assert Posting.objects.count() == 1
    assert held(alice.had) == 18
    assert breaches() == {}


def test_two_accounts_debited_in_either_order_do_not_wait_for_each_other() -> None:
    alice.book("sale-1", 100)
    bob.book("sale-2", 100)

    def swap(number: int) -> bool:
        first, second = (alice, bob) if number % 2 else (bob, alice)
        with transaction():
            return bool(
                post(
                    kind="swap",
                    reference=str(number),
                    mode=Mode.LIVE,
                    entries=[(first.had, -1), (second.had, -1), (first.issued, 2)],
                    now=NOW,
                )
            )

    assert all_at_once(swap) == {True: AT_ONCE}
    assert (held(alice.had), held(bob.had)) == (36, 36)
    assert breaches() == {}


def test_the_first_sales_of_a_merchant_open_one_account(world: World, account: BankAccount) -> None:
    till = world.till
    pays_often(account)

    def sell(_number: int) -> str:
        with transaction():
            take(close(till, ("ok", 100)), till, account, 100)
        return "sold"

    assert all_at_once(sell) == {"sold": AT_ONCE}
    assert Account.objects.filter(kind="merchant_payable").count() == 1
    assert (held(owed_to(till)), held(owed_by(account))) == (6_400, -6_400)
    assert breaches() == {}


def test_one_sale_64_times_is_paid_once(world: World, account: BankAccount) -> None:
    till = world.till
    with transaction():
        sale_id = close(till, ("ok", 100))

    def pay(_number: int) -> str:
        with transaction():
            take(sale_id, till, account, 100)
        return "paid"

    assert all_at_once(pay) == {"paid": 1, "sale_paid_already": 63}
    assert held(owed_to(till)) == 100
    assert breaches() == {}
