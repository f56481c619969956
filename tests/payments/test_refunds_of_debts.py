"""What comes back of a purchase that was not collected, and that is paid at once at the bank."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from okplatform.kernel import clock, relay
from payments.actions.pay_debt import NoDebt
from payments.actions.send_letter import is_needed, written
from payments.models import BankAccount, BankPayment, Collection, HouseAccount, Letter
from tests.payments.bank import line
from tests.payments.books import held, owed_by, sell
from tests.payments.door import Door, opened
from tests.payments.refunding import bank_pays, coming_to, give_back, order, refunds, states
from tests.payments.settling import DUE, bank_returns, bank_says, collect, plan, send
from tests.payments.test_bank_payments import approve, initiate, refresh, to_pay
from tests.support.proofs import prove
from tests.support.world import NOW, World

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=30)


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    yield from opened(tmp_path)


@pytest.fixture
def returned(sale: int) -> Collection:
    """The bread of € 18.40, which Alice had back from her bank."""
    collection = collect()
    bank_returns(collection, "MD06", same_day=True)
    relay.drain(now=clock.now())
    return collection


def go_to_bank(collection: Collection, door: Door) -> BankPayment:
    """Open a payment of the debt, as far as the bank's page."""
    payment = to_pay(collection)
    initiate(payment, door)
    return payment


def decide(payment: BankPayment, door: Door, decision: str = "approve") -> str:
    """Decide at the bank, and return where the payment stands then."""
    approve(payment, door, decision)
    door.step()
    return refresh(payment, door)


def state_of(collection: Collection) -> str:
    return Collection.objects.get(pk=collection.pk).state


def test_what_came_back_is_off_what_is_paid_and_asked_for(
    world: World, sale: int, returned: Collection, account: BankAccount, door: Door
) -> None:
    give_back(world.till, sale, 500)
    letter = Letter.objects.get(collection=returned, kind="reminder", number=1)
    assert "13,40" in written(letter)[0]
    payment = go_to_bank(returned, door)
    assert payment.amount == 1_340
    assert decide(payment, door) == "completed"
    assert (state_of(returned), held(owed_by(account))) == ("paid", 0)
    assert states() == ["set_off"]
    prove()


def test_where_all_of_it_came_back_nothing_is_paid_or_asked_for(
    world: World, sale: int, returned: Collection, door: Door
) -> None:
    give_back(world.till, sale, 1_840)
    with pytest.raises(NoDebt):
        go_to_bank(returned, door)
    letters = Letter.objects.filter(kind__in=("returned", "reminder"))
    assert [is_needed(letter) for letter in letters] == [False] * 4
    prove()


def test_what_comes_back_while_it_is_paid_is_off_the_next_collection(
    world: World, sale: int, returned: Collection, account: BankAccount, door: Door
) -> None:
    payment = go_to_bank(returned, door)
    give_back(world.till, sale, 500)
    assert decide(payment, door) == "completed"
    assert (state_of(returned), held(owed_by(account))) == ("paid", 500)
    assert plan() == 0
    sell(world.till, account, 800)
    assert plan() == 1
    assert Collection.objects.get(state="announced").amount == 300
    prove()


def test_where_the_payment_fails_the_debt_stays_lower(
    world: World, sale: int, returned: Collection, account: BankAccount, door: Door
) -> None:
    payment = go_to_bank(returned, door)
    give_back(world.till, sale, 500)
    assert decide(payment, door, "refuse") == "cancelled"
    assert (state_of(returned), held(owed_by(account))) == ("returned", -1_340)
    assert go_to_bank(returned, door).amount == 1_340
    prove()


def test_what_was_paid_at_once_goes_back_by_transfer_without_waiting(
    world: World,
    sale: int,
    returned: Collection,
    account: BankAccount,
    ours: HouseAccount,
    door: Door,
) -> None:
    payment = go_to_bank(returned, door)
    decide(payment, door)
    bank_says(ours, line(1_840, payment.end_to_end_id, booked_on=DUE))
    give_back(world.till, sale, 500)
    assert states() == ["waiting"]
    assert (held(owed_by(account)), held(coming_to(account))) == (0, 500)
    assert len(order(NOW)) == 1
    bank_pays(ours, refunds()[0])
    assert states() == ["paid"]
    prove()


def test_a_debt_that_is_announced_anew_for_less_is_not_paid_at_once(
    world: World, sale: int, account: BankAccount, door: Door
) -> None:
    bank_returns(collect(), "AM04", same_day=True)
    retry = Collection.objects.get(attempt=2)
    give_back(world.till, sale, 500)
    with pytest.raises(NoDebt):
        go_to_bank(retry, door)
    assert send(LATER) == []
    assert plan(LATER) == 1
    assert Collection.objects.get(state="announced").amount == 1_340
    prove()
