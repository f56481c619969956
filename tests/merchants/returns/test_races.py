"""64 at once give back of one sale, each on a connection of its own: never more than it was."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from merchants.returns.asking import LineAsked, TenderAsked
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from payments.actions.order_refunds import order_refunds
from payments.actions.plan_collections import plan_collections
from payments.actions.send_collections import send_collections
from payments.models import BankAccount, Collection
from tests.merchants.returns.desk import money_back, returns
from tests.payments.books import bank_account, close, held, owed_by, owed_to, sell, take
from tests.payments.refunding import IN_TIME, coming_to, give_back
from tests.payments.settling import bank_books, collect, our_account, pay_out, sign
from tests.support.proofs import prove
from tests.support.races import AT_ONCE, all_at_once
from tests.support.world import NOW, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


@pytest.fixture
def account(world: World) -> BankAccount:
    our_account()
    account = bank_account(world.alice)
    sign(account)
    return account


def counted(act: Callable[[int], object]) -> dict[str, int]:
    def once(number: int) -> str:
        try:
            act(number)
        except Refusal as refusal:
            return refusal.code
        return "given"

    return dict(all_at_once(once))


def test_parts_of_one_sale_come_to_no_more_than_it_was(world: World, account: BankAccount) -> None:
    sale = sell(world.till, account, 1_000)
    assert counted(lambda _n: give_back(world.till, sale, 100)) == {
        "given": 10,
        "refund_above_sale": 54,
    }
    assert sum(one.amount for one in returns()) == sum(one.amount for one in money_back()) == 1_000
    assert held(owed_by(account)) == held(owed_to(world.till)) == 0
    prove()


def test_the_goods_of_one_line_come_back_once(world: World, account: BankAccount) -> None:
    sale = sell(world.till, account, 1_000)

    def bring(_number: int) -> None:
        give_back(world.till, sale, lines=[LineAsked(1, 1)])

    assert counted(bring) == {"given": 1, "more_than_sold": AT_ONCE - 1}
    prove()


def test_one_request_64_times_gives_back_once(world: World, account: BankAccount) -> None:
    sale, uuid = sell(world.till, account, 1_000), uuid4()
    assert counted(lambda _n: give_back(world.till, sale, 100, uuid=uuid)) == {"given": AT_ONCE}
    assert len(returns()) == len(money_back()) == 1
    assert held(owed_to(world.till)) == 900
    prove()


def test_one_number_for_two_sales_gives_back_once(world: World, account: BankAccount) -> None:
    sales = [sell(world.till, account, 1_000) for _ in range(2)]
    uuid = uuid4()
    said = counted(lambda number: give_back(world.till, sales[number % 2], 100, uuid=uuid))
    assert said == {"given": AT_ONCE // 2, "refund_uuid_used": AT_ONCE // 2}
    assert len(returns()) == 1
    prove()


def test_each_kind_of_tender_gives_back_no_more_than_it_paid(
    world: World, account: BankAccount
) -> None:
    till = world.till
    with transaction():
        sale = close(till, ("ok", 600), ("cash", 400))
        take(sale, till, account, 600)

    def give(number: int) -> None:
        kind = "cash" if number % 2 else "ok"
        give_back(till, sale, 100, tenders=[TenderAsked(kind)])

    said = counted(give)
    assert said.pop("given") == 10
    assert set(said) <= {"more_than_paid", "refund_above_sale"}
    assert sum(one.amount for one in money_back()) == 600
    prove()


def test_a_merchant_never_goes_below_its_floor(world: World, account: BankAccount) -> None:
    sales = [sell(world.till, account, 1_000) for _ in range(8)]
    pay_out(NOW.replace(day=18))
    sell(world.till, account, 500)
    said = counted(lambda number: give_back(world.till, sales[number % 8], 100))
    assert said == {"given": 5, "refund_not_covered": AT_ONCE - 5}
    assert held(owed_to(world.till)) == 0
    prove()


def test_refunds_and_the_collection_of_their_purchases_lose_nothing(
    world: World, account: BankAccount
) -> None:
    sales = [sell(world.till, account, 1_000) for _ in range(16)]

    def act(number: int) -> None:
        if number % 4 == 0:
            plan_collections(now=NOW, actor=SYSTEM)
            send_collections(now=NOW, actor=SYSTEM)
        else:
            give_back(world.till, sales[number % 16], 100)

    assert counted(act) == {"given": AT_ONCE}
    while plan_collections(now=NOW, actor=SYSTEM):
        send_collections(now=NOW, actor=SYSTEM)
    # Whatever was asked of the bank, and what comes back of it, is what was bought and kept.
    asked = sum(one.amount for one in Collection.objects.filter(state="sent"))
    assert asked - held(coming_to(account)) == 16_000 - 48 * 100
    assert held(owed_by(account)) == 0
    prove()


def test_a_refund_is_ordered_once(world: World, account: BankAccount) -> None:
    sale = sell(world.till, account, 1_000)
    bank_books(collect())
    give_back(world.till, sale, 300)
    ordered = all_at_once(lambda _n: str(len(order_refunds(now=IN_TIME, actor=SYSTEM))))
    assert ordered == {"1": 1, "0": AT_ONCE - 1}
    assert [one.state for one in money_back()] == ["ordered"]
    prove()
