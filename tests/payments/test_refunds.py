"""Money that goes back: off what is owed while it can, through the bank when it must, once."""

from datetime import date, timedelta

import pytest

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.models import Event
from payments.actions.retry_collection import NothingToRetry, retry_collection
from payments.actions.set_refund_terms import set_refund_terms
from payments.calendar import refund_from, settled_for_good
from payments.models import BankAccount, Collection, HouseAccount
from tests.payments.books import bank_account, held, owed_by, owed_to, sell
from tests.payments.refunding import (
    IN_TIME,
    bank_pays,
    coming_to,
    give_back,
    on_its_way,
    order,
    refunds,
    states,
)
from tests.payments.settling import (
    DUE,
    at_the_bank,
    bank_returns,
    collect,
    instruction,
    plan,
    send,
    sign,
)
from tests.support.proofs import prove
from tests.support.world import NOW, World

OTHER_IBAN = "NL02ABNA0123456789"


def renewed(collection: Collection) -> Collection:
    return Collection.objects.get(pk=collection.pk)


def test_it_lowers_what_is_collected(
    world: World, sale: int, account: BankAccount, ours: HouseAccount
) -> None:
    give_back(world.till, sale, 500)
    assert states() == ["set_off"]
    assert held(owed_by(account)) == -1_340
    assert held(owed_to(world.till)) == 1_340
    collection = collect()
    assert collection.amount == 1_340
    assert order(IN_TIME) == []
    prove()


def test_of_a_purchase_that_came_back_whole_nothing_is_collected(
    world: World, sale: int, account: BankAccount
) -> None:
    give_back(world.till, sale, 1_840)
    assert plan() == 0
    assert held(owed_by(account)) == 0
    prove()


def test_what_was_announced_is_announced_anew_for_less(
    world: World, sale: int, account: BankAccount
) -> None:
    plan()
    give_back(world.till, sale, 500)
    assert send() == []
    (announced,) = Collection.objects.all()
    assert announced.state == "cancelled"
    assert plan() == 1
    assert Collection.objects.get(state="announced").amount == 1_340
    assert len(send()) == 1
    assert held(owed_by(account)) == 0
    prove()


def test_what_others_announced_goes_on(world: World, sale: int) -> None:
    bobs = bank_account(world.bob, OTHER_IBAN)
    sign(bobs)
    sell(world.till, bobs, 700)
    plan()
    give_back(world.till, sale, 500)
    (file_id,) = send()
    assert Collection.objects.get(outgoing_file_id=file_id).bank_account == bobs
    prove()


def test_a_purchase_that_is_with_the_bank_is_not_lowered(
    world: World, sale: int, account: BankAccount
) -> None:
    collection = collect()
    give_back(world.till, sale, 500)
    assert states() == ["waiting"]
    assert held(owed_by(account)) == 0
    assert held(coming_to(account)) == 500
    assert renewed(collection).amount == 1_840
    prove()


def test_it_waits_until_the_bank_can_no_longer_return_the_collection(
    world: World, sale: int, collected: Collection, account: BankAccount
) -> None:
    give_back(world.till, sale, 500)
    assert refund_from(DUE) == date(2026, 11, 27)
    assert order(IN_TIME - timedelta(days=1)) == []
    assert states() == ["waiting"]
    (file_id,) = order(IN_TIME)
    assert order(IN_TIME) == []
    (refund,) = refunds()
    said = instruction(file_id)
    assert said.texts("IBAN")[-1] == account.iban
    assert said.texts("InstdAmt") == ["5.00"]
    assert said.texts("EndToEndId") == [refund.end_to_end_id]
    assert said.texts("Ustrd") == [f"OK {refund.end_to_end_id} Bakkerij Bol"]
    prove()


def test_the_bank_pays_it(
    world: World,
    sale: int,
    collected: Collection,
    ours: HouseAccount,
    account: BankAccount,
) -> None:
    give_back(world.till, sale, 500)
    order(IN_TIME)
    assert (held(coming_to(account)), held(on_its_way(ours))) == (0, 500)
    bank_pays(ours, refunds()[0])
    assert states() == ["paid"]
    assert held(on_its_way(ours)) == 0
    assert held(at_the_bank(ours)) == -1_340
    assert refunds()[0].paid_on == DUE
    assert Event.objects.filter(type="payments.refund_paid").count() == 1
    prove()


def test_a_merchant_that_takes_the_risk_pays_at_once(
    world: World, sale: int, collected: Collection
) -> None:
    set_refund_terms(merchant_id=world.till.merchant.pk, at_once=True, now=NOW, actor=SYSTEM)
    give_back(world.till, sale, 500)
    assert len(order(NOW + timedelta(days=3))) == 1
    prove()


def test_a_merchants_risk_is_not_anothers(world: World, sale: int, collected: Collection) -> None:
    set_refund_terms(merchant_id=world.kramer.merchant.pk, at_once=True, now=NOW, actor=SYSTEM)
    give_back(world.till, sale, 500)
    assert order(NOW + timedelta(days=3)) == []


def test_the_collection_comes_back_while_the_refund_waits(
    world: World, sale: int, collected: Collection, account: BankAccount
) -> None:
    give_back(world.till, sale, 500)
    bank_returns(collected, "AM04")
    assert states() == ["set_off"]
    assert held(coming_to(account)) == 0
    assert held(owed_by(account)) == -1_340
    retry = Collection.objects.get(retry_of=collected)
    assert (retry.amount, retry.attempt) == (1_340, 2)
    assert order(IN_TIME) == []
    prove()


def test_where_nothing_is_left_nothing_follows(
    world: World, sale: int, collected: Collection, account: BankAccount
) -> None:
    give_back(world.till, sale, 1_840)
    bank_returns(collected, "AM04")
    assert renewed(collected).follow_up == "refunded"
    assert held(owed_by(account)) == 0
    assert Collection.objects.count() == 1
    with pytest.raises(NothingToRetry):
        retry_collection(collection_id=collected.pk, now=NOW, actor=SYSTEM)
    prove()


def test_a_refund_of_what_came_back_lowers_the_next_attempt(
    world: World, sale: int, collected: Collection, account: BankAccount
) -> None:
    bank_returns(collected, "MD06")
    give_back(world.till, sale, 500)
    assert states() == ["set_off"]
    retry = retry_collection(collection_id=collected.pk, now=NOW, actor=SYSTEM)
    assert retry.amount == 1_340
    assert plan() == 0
    prove()


def test_a_refund_of_all_that_came_back_ends_it(
    world: World, sale: int, collected: Collection
) -> None:
    bank_returns(collected, "MD06")
    give_back(world.till, sale, 1_840)
    assert renewed(collected).follow_up == "refunded"
    sell(world.till, collected.bank_account, 300)
    assert plan() == 1
    assert Collection.objects.get(state="announced").amount == 300
    prove()


def test_one_that_went_out_before_is_not_taken_back(
    world: World, sale: int, collected: Collection, account: BankAccount
) -> None:
    give_back(world.till, sale, 500)
    order(IN_TIME)
    bank_returns(collected, "MD06")
    assert states() == ["ordered"]
    assert held(owed_by(account)) == -1_840
    prove()


@pytest.mark.parametrize("days", range(20))
def test_the_last_day_that_may_go_back_is_the_last_one(days: int) -> None:
    today = date(2026, 12, 20) + timedelta(days=days)
    last = settled_for_good(today)
    assert refund_from(last) <= today < refund_from(last + timedelta(days=1))
