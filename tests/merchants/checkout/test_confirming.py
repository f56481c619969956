"""A sale that waits for its shopper's yes on the phone, and every way in which that ends."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import Settings

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from payments.actions.expire_confirmations import expire_confirmations
from payments.actions.set_limits import set_limits
from payments.models import AccountLimit, BankAccount, Confirmation
from tests.loyalty.bakery import Bakery
from tests.support.confirming import BIKE, PIN, answers, buy, paid, question
from tests.support.counter import (
    Counter,
    basket,
    paying,
    settle_events,
    show,
    with_bank_account,
)
from tests.support.phone import Phone
from tests.support.proofs import prove
from tests.support.world import NOW, World


@pytest.fixture
def impatient(settings: Settings) -> None:
    """Questions that are too late as soon as they are asked."""
    settings.OK_CONFIRMATION_SECONDS = 0.001


def test_a_large_sale_waits_and_says_so(counter: Counter, phone: Phone) -> None:
    _uuid, said = buy(counter, phone)
    assert (said["verdict"], said["state"]) == ("still_open", "open")
    assert said["sentence"] == "Keep the goods. The customer confirms €249.00 on the phone."
    assert said["confirmation"]["state"] == "asked"
    assert paid() == 0
    asked = question()
    assert (asked.amount, asked.person_id) == (24_900, phone.person.pk)
    assert asked.deadline - asked.asked_at == timedelta(seconds=60)


def test_yes_by_pin_pays_it(counter: Counter, phone: Phone, hers: Client) -> None:
    uuid, _said = buy(counter, phone)
    answers(hers)
    assert paid() == 0  # what follows from the yes is the checkout's
    settle_events()
    said = counter.get(uuid).json()
    assert (said["verdict"], said["sentence"]) == ("happened", "Paid. Give the goods.")
    assert said["tenders"] == [{"kind": "ok", "amount": 24_900, "reference": ""}]
    assert (question().state, question().confirmed_by) == ("captured", "pin")
    prove()


def test_a_till_that_asks_does_not_wait_for_the_worker(
    counter: Counter, phone: Phone, hers: Client
) -> None:
    uuid, _said = buy(counter, phone)
    answers(hers)
    assert counter.get(uuid).json()["verdict"] == "happened"
    settle_events()
    assert paid() == 1


def test_no_is_a_clear_did_not_happen(counter: Counter, phone: Phone, hers: Client) -> None:
    uuid, _said = buy(counter, phone)
    answers(hers, "no", pin="")
    settle_events()
    said = counter.get(uuid).json()
    assert (said["verdict"], said["state"]) == ("did_not_happen", "cancelled")
    assert said["confirmation"]["state"] == "declined"
    assert "The customer said no on the phone" in said["sentence"]
    assert paid() == 0


def test_nothing_in_time_is_a_clear_did_not_happen(
    counter: Counter, phone: Phone, impatient: None
) -> None:
    uuid, _said = buy(counter, phone)
    assert expire_confirmations(now=clock.now(), actor=SYSTEM) == 1
    assert expire_confirmations(now=clock.now(), actor=SYSTEM) == 0
    settle_events()
    said = counter.get(uuid).json()
    assert (said["verdict"], said["confirmation"]["state"]) == ("did_not_happen", "expired")
    assert "did not confirm in time" in said["sentence"]
    prove()


def test_a_till_that_asks_after_the_deadline_hears_the_end_at_once(
    counter: Counter, phone: Phone, impatient: None
) -> None:
    uuid, _said = buy(counter, phone)
    assert counter.get(uuid).json()["verdict"] == "did_not_happen"


def test_a_late_yes_never_pays(
    counter: Counter, phone: Phone, hers: Client, impatient: None
) -> None:
    uuid, _said = buy(counter, phone)
    page = hers.post(
        f"/wallet/confirm/{question().uuid}/", {"answer": "yes", "pin": PIN}, follow=True
    )
    assert "Too late. Nothing was paid." in page.content.decode()
    settle_events()
    assert counter.get(uuid).json()["verdict"] == "did_not_happen"
    assert paid() == 0


def test_a_retry_after_the_deadline_asks_nobody_again(
    counter: Counter, phone: Phone, impatient: None
) -> None:
    uuid = uuid4()
    body = basket(BIKE, payment=paying(), code=show(phone))
    counter.put(uuid, body)
    said = counter.put(uuid, body).json()
    assert (said["verdict"], said["confirmation"]["state"]) == ("did_not_happen", "expired")
    with operator_scope("the test looks"):
        assert Confirmation.objects.count() == 1


def test_a_retry_is_the_same_question_with_the_same_deadline(
    counter: Counter, phone: Phone
) -> None:
    uuid = uuid4()
    body = basket(BIKE, payment=paying(), code=show(phone))
    first = counter.put(uuid, body).json()
    again = counter.put(uuid, body).json()
    assert again["confirmation"] == first["confirmation"]
    assert again["verdict"] == "still_open"
    with operator_scope("the test looks"):
        assert Confirmation.objects.count() == 1


def test_in_two_steps_it_is_the_same(counter: Counter, phone: Phone, hers: Client) -> None:
    uuid = uuid4()
    counter.put(uuid, basket(BIKE, code=show(phone)))
    body = {"revision": 1, **paying()}
    key = {"HTTP_IDEMPOTENCY_KEY": "pay-1"}
    said = counter.pay(uuid, body, **key).json()
    assert said["verdict"] == "still_open"
    assert counter.pay(uuid, body, **key).json()["confirmation"] == said["confirmation"]
    answers(hers)
    settle_events()
    assert counter.pay(uuid, body, **key).json()["verdict"] == "happened"
    assert paid() == 1
    prove()


def test_a_quote_again_disturbs_nothing(counter: Counter, phone: Phone, hers: Client) -> None:
    uuid = uuid4()
    body = basket(BIKE, code=show(phone))
    counter.put(uuid, body)
    counter.pay(uuid, {"revision": 1, **paying()})
    said = counter.put(uuid, body).json()
    assert said["confirmation"]["state"] == "asked"
    answers(hers)
    settle_events()
    assert counter.get(uuid).json()["verdict"] == "happened"


def test_another_basket_takes_the_question_back(
    counter: Counter, phone: Phone, hers: Client
) -> None:
    uuid = uuid4()
    counter.put(uuid, basket(BIKE, code=show(phone)))
    counter.pay(uuid, {"revision": 1, **paying()})
    counter.put(uuid, {**basket(), "revision": 2})
    answers(hers)
    settle_events()
    said = counter.get(uuid).json()
    assert (said["verdict"], said["confirmation"], said["due"]) == ("still_open", None, 1_100)
    assert question().state == "withdrawn"
    assert counter.pay(uuid, {"revision": 2, **paying()}).json()["verdict"] == "happened"


def test_a_stopped_sale_is_over_for_the_phone_too(
    counter: Counter, phone: Phone, hers: Client
) -> None:
    uuid, _said = buy(counter, phone)
    assert counter.delete(uuid).json()["verdict"] == "did_not_happen"
    page = hers.post(
        f"/wallet/confirm/{question().uuid}/", {"answer": "yes", "pin": PIN}, follow=True
    )
    assert "The till stopped this." in page.content.decode()
    settle_events()
    assert paid() == 0
    assert question().state == "withdrawn"


def test_a_sale_stopped_after_the_yes_is_not_paid(
    counter: Counter, phone: Phone, hers: Client
) -> None:
    uuid, _said = buy(counter, phone)
    answers(hers)
    counter.delete(uuid)
    settle_events()
    assert (paid(), question().state) == (0, "withdrawn")


def test_a_pin_card_instead_takes_the_question_back(
    counter: Counter, phone: Phone, hers: Client
) -> None:
    uuid, _said = buy(counter, phone)
    said = counter.pay(uuid, {"revision": 1, **paying("pin")}).json()
    assert said["verdict"] == "happened"
    answers(hers)
    settle_events()
    assert (paid(), question().state) == (0, "withdrawn")
    prove()


def test_a_price_that_moved_is_refused_and_not_paid(
    counter: Counter, phone: Phone, hers: Client, bakery: Bakery
) -> None:
    uuid = uuid4()
    body = basket({**BIKE, "category": "brood"}, payment=paying(), code=show(phone), language="en")
    counter.put(uuid, body)
    bakery.offer(percentage_bp=1_000, members_only=False)
    answers(hers)
    settle_events()
    said = counter.get(uuid).json()
    assert (said["verdict"], said["confirmation"]["refusal"]) == (
        "did_not_happen",
        "amount_changed",
    )
    assert "The price changed while the customer confirmed." in said["sentence"]
    assert paid() == 0
    prove()


def test_a_limit_lowered_meanwhile_is_refused_and_not_paid(
    counter: Counter, phone: Phone, hers: Client, alice: Person
) -> None:
    uuid, _said = buy(counter, phone)
    set_limits(
        person_id=alice.pk,
        bank_account_id=question().bank_account_id,
        daily=100,
        monthly=100,
        now=NOW,
        actor=SYSTEM,
    )
    answers(hers)
    settle_events()
    assert counter.get(uuid).json()["confirmation"]["refusal"] == "daily_limit_reached"
    assert paid() == 0


def test_over_a_limit_is_refused_without_asking(
    counter: Counter, phone: Phone, alice: Person
) -> None:
    account = BankAccount.objects.get(person=alice)
    set_limits(
        person_id=alice.pk,
        bank_account_id=account.pk,
        daily=20_000,
        monthly=20_000,
        now=NOW,
        actor=SYSTEM,
    )
    refused = counter.put(uuid4(), basket(BIKE, payment=paying(), code=show(phone)))
    assert (refused.status_code, refused.json()["code"]) == (409, "daily_limit_reached")
    assert refused.json()["verdict"] == "still_open"
    with operator_scope("the test looks"):
        assert not Confirmation.objects.exists()


def test_small_sales_ask_once_they_are_a_hundred_and_fifty_together(
    counter: Counter, phone: Phone, hers: Client
) -> None:
    bike_bell = {**BIKE, "unit_price": 5_000}
    verdicts = [counter.sell(phone, bike_bell).json()["verdict"] for _ in range(4)]
    assert verdicts == ["happened"] * 3 + ["still_open"]
    answers(hers)
    settle_events()
    assert AccountLimit.objects.get().unconfirmed == 0
    assert counter.sell(phone, bike_bell).json()["verdict"] == "happened"


@pytest.mark.parametrize("wait", ["x", "26", "-1", "1.5", "٣"])
def test_a_till_waits_no_longer_than_it_may(counter: Counter, wait: str) -> None:
    refused = counter.client.get(f"/api/v1/sales/{uuid4()}?wait={wait}")
    assert (refused.status_code, refused.json()["code"]) == (422, "wait_malformed")


def test_without_a_server_that_can_wait_a_till_is_answered_at_once(
    counter: Counter, phone: Phone
) -> None:
    uuid, _said = buy(counter, phone)
    said = counter.client.get(f"/api/v1/sales/{uuid}?wait=25")
    assert said.json()["verdict"] == "still_open"
    assert "ok-wait" not in said.headers


@pytest.mark.parametrize(("answer", "verdict"), [("yes", "happened"), ("no", "did_not_happen")])
def test_a_vendor_answers_for_a_test_person(world: World, answer: str, verdict: str) -> None:
    counter = Counter(world.till, world.till.test_key)
    uuid, _said = buy(counter, with_bank_account(world.tessa))
    address = f"/api/v1/test/sales/{uuid}/confirmation"
    said = counter.client.post(address, {"answer": answer}, format="json")
    assert said.json()["verdict"] == verdict
    again = counter.client.post(address, {"answer": answer}, format="json")
    assert again.json()["code"] == "confirmation_unknown"
    settle_events()
    assert counter.get(uuid).json()["verdict"] == verdict
    prove()


def test_nobody_answers_for_a_live_person(counter: Counter, phone: Phone, world: World) -> None:
    uuid, _said = buy(counter, phone)
    rehearsal = Counter(world.till, world.till.test_key)
    address = f"/api/v1/test/sales/{uuid}/confirmation"
    assert rehearsal.client.post(address, {"answer": "yes"}, format="json").status_code == 404
    assert counter.client.post(address, {"answer": "yes"}, format="json").status_code == 403
    assert (question().state, paid()) == ("asked", 0)
