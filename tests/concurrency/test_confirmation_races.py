"""A sale that waits, with everybody at once: yeses, tills that ask, a till that stops it."""

from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import pytest

from okplatform.kernel import clock, relay
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.models import AuditEntry
from okplatform.kernel.tenancy import operator_scope, person_scope
from okplatform.parties.models import Person
from okplatform.trade.models import Sale
from payments.actions.confirm_payment import authorise, confirm_payment
from payments.actions.decline_payment import decline_payment
from payments.actions.expire_confirmations import expire_confirmations
from payments.models import Confirmation, Payment
from tests.support.confirming import BIKE, PIN, buy, question
from tests.support.counter import Counter, basket, paying, show, with_bank_account
from tests.support.phone import Phone
from tests.support.proofs import prove
from tests.support.races import AT_ONCE, all_at_once
from tests.support.world import NOW, World
from wallet.actions.set_pin import set_pin

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


@pytest.fixture
def phone(alice: Person) -> Phone:
    set_pin(person_id=alice.pk, pin=PIN, now=NOW, actor=SYSTEM)
    return with_bank_account(alice)


@pytest.fixture
def counter(world: World) -> Counter:
    return Counter(world.till, world.till.key)


def say_yes(asked: Confirmation) -> str:
    """Say yes as the page does once the PIN was right; return what became of it."""
    try:
        with transaction(), person_scope(asked.person_id):
            authorise(confirmation=asked.uuid, by="pin", now=clock.now(), actor=SYSTEM)
    except Refusal as refusal:
        return refusal.code
    return "yes"


def ended() -> tuple[str, int, str]:
    """Return how the sale stands, how many payments there are, and how the question ended."""
    with operator_scope("the test looks"):
        return Sale.objects.get().state, Payment.objects.count(), question().state


def test_64_yeses_at_once_pay_once(counter: Counter, phone: Phone) -> None:
    buy(counter, phone)
    asked = question()

    said = all_at_once(lambda _number: say_yes(asked))
    relay.drain()

    assert said == {"yes": 1, "confirmation_over": AT_ONCE - 1}
    assert ended() == ("closed", 1, "captured")
    prove()


def test_64_tills_that_ask_close_it_once_beside_the_relay(counter: Counter, phone: Phone) -> None:
    uuid, _said = buy(counter, phone)
    assert say_yes(question()) == "yes"

    def ask(number: int) -> str:
        if number % 8 == 0:
            relay.drain()
            return "relay"
        verdict: str = Counter(counter.place, counter.key).get(uuid).json()["verdict"]
        return verdict

    assert all_at_once(ask) == {"relay": 8, "happened": AT_ONCE - 8}
    assert ended() == ("closed", 1, "captured")
    assert AuditEntry.objects.filter(action="payment_captured").count() == 1
    prove()


def test_yes_no_stop_and_the_deadline_at_once_end_in_one_way(
    counter: Counter, phone: Phone, alice: Person
) -> None:
    uuid, _said = buy(counter, phone)
    asked = question()

    def act(number: int) -> str:
        kind = number % 4
        if kind == 0:
            say_yes(asked)
        elif kind == 1:
            with suppress(Refusal):
                decline_payment(
                    person_id=alice.pk, confirmation=asked.uuid, now=clock.now(), actor=SYSTEM
                )
        elif kind == 2:
            Counter(counter.place, counter.key).delete(uuid)
        else:
            expire_confirmations(now=asked.deadline + timedelta(seconds=1), actor=SYSTEM)
            relay.drain()
        return "done"

    all_at_once(act)
    relay.drain()

    state, payments, answer = ended()
    assert (state, payments) == (("closed", 1) if answer == "captured" else ("cancelled", 0))
    assert answer in {"captured", "declined", "withdrawn", "expired"}
    prove()


def test_64_retries_of_the_till_are_one_question(counter: Counter, phone: Phone) -> None:
    uuid = uuid4()
    body = basket(BIKE, payment=paying(), code=show(phone))

    def ring_up(_number: int) -> str:
        said = Counter(counter.place, counter.key).put(uuid, body)
        verdict: str = said.json()["verdict"]
        return verdict

    assert all_at_once(ring_up) == {"still_open": AT_ONCE}
    with operator_scope("the test looks"):
        assert Confirmation.objects.count() == 1


def test_the_pin_itself_64_times_at_once_pays_once(
    counter: Counter, phone: Phone, alice: Person
) -> None:
    buy(counter, phone)
    asked = question()

    def confirm(_number: int) -> str:
        try:
            confirm_payment(
                person_id=alice.pk,
                confirmation=asked.uuid,
                pin=PIN,
                now=clock.now(),
                actor=SYSTEM,
            )
        except Refusal as refusal:
            return refusal.code
        return "yes"

    said = all_at_once(confirm)
    relay.drain()

    assert said["yes"] <= 1
    assert sum(said.values()) == AT_ONCE
    assert ended()[1] == said["yes"]
    prove()
