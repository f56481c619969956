"""Payments approved at the bank: a proof, a debt; through a bank that answers, or does not."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.models import Event
from okplatform.parties.models import Person
from payments.actions.initiate_bank_payment import initiate_bank_payment
from payments.actions.pay_debt import NoDebt, pay_debt
from payments.actions.prove_at_bank import prove_at_bank
from payments.actions.refresh_bank_payment import GIVEN_UP_AFTER, refresh_bank_payment
from payments.actions.request_proof import ProvedAlready
from payments.actions.retry_collection import NothingToRetry, retry_collection
from payments.chart import BANK_PAYMENTS_IN_TRANSIT, EUR
from payments.ledger import AccountRef
from payments.models import BankAccount, BankPayment, Collection, Expectation, HouseAccount
from payments.queries import due_bank_payments, statements_to_match_again
from payments.states import BankPaymentState
from tests.payments.bank import Bank, line, match
from tests.payments.books import held, owed_by, sell
from tests.payments.door import Door, opened
from tests.payments.settling import DUE, bank_returns, bank_says, collect, our_account, send
from tests.support.accounts import added
from tests.support.proofs import prove
from tests.support.world import NOW, World

pytestmark = pytest.mark.django_db

BACK = "http://localhost:8000/wallet/back/"


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    yield from opened(tmp_path)


@pytest.fixture
def ours() -> HouseAccount:
    return our_account()


@pytest.fixture
def unproved(alice: Person) -> BankAccount:
    return added(alice)


@pytest.fixture
def returned(world: World, account: BankAccount, ours: HouseAccount) -> Collection:
    """€ 18.40 that Alice bought, and had back from her bank."""
    sell(world.till, account, 1_840)
    collection = collect()
    bank_returns(collection, "MD06", same_day=True)
    return collection


def to_prove(account: BankAccount) -> BankPayment:
    return prove_at_bank(
        person_id=account.person_id,
        bank_account_id=account.pk,
        request_id=uuid4(),
        return_url=BACK,
        psu_ip="192.0.2.7",
        now=NOW,
        actor=SYSTEM,
    )


def to_pay(collection: Collection, person: Person | None = None) -> BankPayment:
    return pay_debt(
        person_id=person.pk if person else collection.bank_account.person_id,
        collection_id=collection.pk,
        request_id=uuid4(),
        return_url=BACK,
        psu_ip="192.0.2.7",
        now=NOW,
        actor=SYSTEM,
    )


def initiate(payment: BankPayment, door: Door) -> BankPaymentState:
    return initiate_bank_payment(
        bank_payment_id=payment.pk, gateway=door.gateway, now=door.now, actor=SYSTEM
    )


def refresh(payment: BankPayment, door: Door) -> BankPaymentState:
    return refresh_bank_payment(
        bank_payment_id=payment.pk, gateway=door.gateway, now=door.now, actor=SYSTEM
    )


def approve(payment: BankPayment, door: Door, decision: str = "approve") -> None:
    payment.refresh_from_db()
    answer = door.decide(payment.approval_url, decision)
    assert (answer.status, answer.headers["location"]) == (303, BACK)


def is_proved(account: BankAccount) -> bool:
    account.refresh_from_db()
    return account.proved_at is not None


def test_who_approves_a_cent_at_the_bank_has_proved_the_account(
    unproved: BankAccount, ours: HouseAccount, door: Door
) -> None:
    payment = to_prove(unproved)
    assert initiate(payment, door) == "presented"
    assert not is_proved(unproved)
    approve(payment, door)
    assert refresh(payment, door) == "completed"
    assert is_proved(unproved)
    assert unproved.proved_by == "bank"
    # The cent is the shopper's own: it comes off what is collected first.
    assert held(owed_by(unproved)) == 1
    assert held(AccountRef(BANK_PAYMENTS_IN_TRANSIT.kind, ours.pk, EUR)) == -1
    bank_says(ours, line(1, payment.end_to_end_id, booked_on=DUE))
    assert held(AccountRef(BANK_PAYMENTS_IN_TRANSIT.kind, ours.pk, EUR)) == 0
    prove()


def test_pressing_twice_is_one_payment(
    unproved: BankAccount, ours: HouseAccount, door: Door
) -> None:
    first, second = to_prove(unproved), to_prove(unproved)
    assert first.pk == second.pk
    assert initiate(first, door) == initiate(second, door) == "presented"


def test_who_says_no_has_proved_nothing_and_may_try_again(
    unproved: BankAccount, ours: HouseAccount, door: Door
) -> None:
    payment = to_prove(unproved)
    initiate(payment, door)
    approve(payment, door, "refuse")
    assert refresh(payment, door) == "cancelled"
    assert not is_proved(unproved)
    assert not Expectation.objects.exists()
    assert to_prove(unproved).pk != payment.pk
    assert Event.objects.filter(type="payments.bank_payment_failed").count() == 1
    prove()


def test_a_proved_account_needs_no_other_proof(account: BankAccount, ours: HouseAccount) -> None:
    with pytest.raises(ProvedAlready):
        to_prove(account)


def test_a_debt_is_paid_at_once(returned: Collection, door: Door, ours: HouseAccount) -> None:
    payment = to_pay(returned)
    initiate(payment, door)
    approve(payment, door)
    door.step()
    assert refresh(payment, door) == "completed"
    returned.refresh_from_db()
    assert returned.state == "paid"
    assert held(owed_by(returned.bank_account)) == 0
    with pytest.raises(NothingToRetry):
        retry_collection(collection_id=returned.pk, now=NOW, actor=SYSTEM)
    bank_says(ours, line(1_840, payment.end_to_end_id, booked_on=DUE))
    prove()


def test_a_debt_that_is_announced_again_may_be_paid_first(
    world: World, account: BankAccount, ours: HouseAccount, door: Door
) -> None:
    sell(world.till, account, 1_840)
    bank_returns(collect(), "AM04", same_day=True)
    retry = Collection.objects.get(attempt=2)
    payment = to_pay(retry)
    initiate(payment, door)
    approve(payment, door)
    assert refresh(payment, door) == "completed"
    retry.refresh_from_db()
    assert retry.state == "paid"
    assert send(NOW + timedelta(days=30)) == []
    prove()


def test_a_debt_that_is_with_the_bank_again_meanwhile_becomes_a_credit(
    returned: Collection, door: Door
) -> None:
    payment = to_pay(returned)
    initiate(payment, door)
    retry_collection(collection_id=returned.pk, now=NOW, actor=SYSTEM)
    approve(payment, door)
    door.step()
    assert refresh(payment, door) == "completed"
    returned.refresh_from_db()
    assert returned.state == "returned"
    assert held(owed_by(returned.bank_account)) == 0
    prove()


def test_nobody_pays_anothers_debt_and_nobody_pays_twice(
    returned: Collection, charlie: Person, door: Door
) -> None:
    with pytest.raises(NoDebt):
        to_pay(returned, charlie)
    payment = to_pay(returned)
    initiate(payment, door)
    approve(payment, door)
    door.step()
    for _time in range(3):
        assert refresh(payment, door) == "completed"
    with pytest.raises(NoDebt):
        to_pay(returned)
    assert Expectation.objects.filter(kind="bank_payment").count() == 1


def test_without_funds_the_bank_says_no(returned: Collection, door: Door) -> None:
    door.opens(returned.bank_account.iban, "A. Jansen", balance=18_39)
    payment = to_pay(returned)
    initiate(payment, door)
    approve(payment, door)
    assert refresh(payment, door) == "rejected"
    returned.refresh_from_db()
    assert returned.state == "returned"


def test_an_answer_that_was_lost_is_asked_for_again_and_it_is_one_payment(
    returned: Collection, door: Door
) -> None:
    door.order("lose_answer", call="initiate")
    payment = to_pay(returned)
    assert initiate(payment, door) == "unknown"
    assert refresh(payment, door) == "presented"
    assert len(door.bank.books.rows("SELECT 1 FROM initiation")) == 1


def test_a_bank_that_forgets_requests_still_takes_the_money_once(
    returned: Collection, door: Door
) -> None:
    door.order("lose_answer", call="initiate")
    door.order("forget_request")
    payment = to_pay(returned)
    initiate(payment, door)
    assert refresh(payment, door) == "presented"
    # There are two at the bank; nobody was ever shown where to approve the first.
    assert len(door.bank.books.rows("SELECT 1 FROM initiation")) == 2
    approve(payment, door)
    door.step()
    assert refresh(payment, door) == "completed"
    assert door.client.balance(returned.bank_account.iban) == 10_000_00 - 1_840


@pytest.mark.parametrize("call", ["initiate", "status"])
def test_a_bank_that_fails_leaves_it_unknown_and_never_guessed(
    returned: Collection, door: Door, call: str
) -> None:
    payment = to_pay(returned)
    if call == "status":
        initiate(payment, door)
        approve(payment, door)
        door.step()
    door.order("fail_call", call=call, next=2)
    for _time in range(2):
        assert refresh(payment, door) == "unknown"
        assert not Expectation.objects.filter(kind="bank_payment").exists()
        returned.refresh_from_db()
        assert returned.state == "returned"
    assert refresh(payment, door) == ("completed" if call == "status" else "presented")


def test_a_bank_that_is_not_there_leaves_it_unknown(returned: Collection, door: Door) -> None:
    payment = to_pay(returned)
    gateway = door.gateway
    gateway._root = "http://127.0.0.1:9"
    state = initiate_bank_payment(
        bank_payment_id=payment.pk, gateway=gateway, now=NOW, actor=SYSTEM
    )
    assert state == "unknown"
    payment.refresh_from_db()
    assert payment.last_error
    assert payment.payment_id == ""


def test_a_debit_is_not_yet_our_money(returned: Collection, door: Door, ours: HouseAccount) -> None:
    door.order("debit_only")
    payment = to_pay(returned)
    initiate(payment, door)
    approve(payment, door)
    door.step()
    assert refresh(payment, door) == "accepted"
    payment.refresh_from_db()
    assert payment.status == "ACSC"
    returned.refresh_from_db()
    assert returned.state == "returned"
    # Our own statement proves it, whatever their interface goes on saying.
    bank = Bank(ours, balance=0, statements=1)
    (statement_id,) = bank.say(line(1_840, payment.end_to_end_id, booked_on=DUE)).statement_ids
    match(statement_id)
    assert refresh(payment, door) == "completed"
    assert statements_to_match_again() == [statement_id]
    match(statement_id)
    assert statements_to_match_again() == []
    returned.refresh_from_db()
    assert returned.state == "paid"
    prove()


def test_a_late_credit_is_waited_for(returned: Collection, door: Door) -> None:
    door.order("delay_credit", minutes=30)
    payment = to_pay(returned)
    initiate(payment, door)
    door.order("delay_credit", minutes=30)
    approve(payment, door)
    door.step(NOW + timedelta(minutes=29))
    assert refresh(payment, door) == "accepted"
    door.step(NOW + timedelta(minutes=30))
    assert refresh(payment, door) == "completed"


def test_who_never_approves_pays_nothing(returned: Collection, door: Door) -> None:
    payment = to_pay(returned)
    initiate(payment, door)
    door.step(NOW + timedelta(minutes=16))
    assert refresh(payment, door) == "rejected"


def test_a_sender_that_died_is_found_out_about(returned: Collection, door: Door) -> None:
    payment = to_pay(returned)
    BankPayment.objects.update(state="sending", claimed_at=NOW)
    assert refresh(payment, door) == "sending"
    door.step(NOW + GIVEN_UP_AFTER)
    assert refresh(payment, door) == "presented"


def test_it_is_asked_after_less_and_less_often_until_it_is_over(
    returned: Collection, door: Door
) -> None:
    payment = to_pay(returned)
    waits = []
    for _time in range(4):
        assert due_bank_payments(now=door.now) == [payment.pk]
        refresh(payment, door)
        payment.refresh_from_db()
        assert payment.next_poll_at is not None
        waits.append((payment.next_poll_at - door.now).total_seconds())
        assert due_bank_payments(now=door.now) == []
        door.step(payment.next_poll_at)
    assert waits == [5, 10, 20, 40]
    approve(payment, door)
    door.step()
    refresh(payment, door)
    payment.refresh_from_db()
    assert (payment.next_poll_at, payment.psu_ip) == (None, None)
    assert due_bank_payments(now=door.now + timedelta(days=9)) == []
