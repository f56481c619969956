"""A sandbox begins anew: nothing of before is seen, and nothing that was sold is gone."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from okplatform.kernel.models import AuditEntry
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from okplatform.trade.models import Sale
from payments.models import BankAccount
from tests.loyalty.bakery import Bakery
from tests.merchants.sandbox.conftest import ANNA, Box, wall
from tests.support.counter import Counter, basket, paying, settle_events, show
from tests.support.phone import Phone
from tests.support.proofs import prove
from tests.support.races import AT_ONCE, all_at_once
from wallet.models import Device

pytestmark = pytest.mark.django_db


def test_time_and_sales_begin_anew(box: Box) -> None:
    uuid = uuid4()
    box.moved(days=30)
    box.sold(uuid)
    said = box.reset().json()
    assert (said["epoch"], said["ahead_seconds"]) == (1, 0)
    for answer in (
        box.till.get(uuid),
        box.till.delete(uuid),
        box.till.put(uuid, basket(payment=paying("cash"))),
        box.till.pay(uuid, {"revision": 1, **paying("cash")}),
        box.till.client.get(f"/api/v1/sales/{uuid}/refunds"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (410, "sale_before_reset")
        assert "verdict" not in answer.json()
    assert box.sold().json()["verdict"] == "happened"
    with operator_scope("the test looks"):
        assert Sale.objects.count() == 2
    settle_events()
    prove()


def test_shifts_and_what_was_not_settled_begin_anew(box: Box) -> None:
    def open_shift(till: Counter) -> Any:
        opening = {"state": "open"}
        return till.client.put(f"/api/v1/shifts/{uuid4()}", opening, format="json")

    live = Counter(box.place, box.place.key)
    assert open_shift(live).status_code == 200
    box.moved(days=30)
    shift = open_shift(box.till).json()
    assert shift["opened_at"] > (wall() + timedelta(days=29)).isoformat()
    box.till.put(uuid4(), basket())
    assert len(box.till.client.get("/api/v1/unsettled-sales").json()["sales"]) == 1
    box.reset()
    assert box.till.client.get(f"/api/v1/shifts/{shift['uuid']}").status_code == 404
    assert box.till.client.get("/api/v1/unsettled-sales").json()["sales"] == []
    assert open_shift(box.till).status_code == 200
    assert len(live.client.get("/api/v1/shifts").json()["shifts"]) == 1


def test_said_again_it_changes_nothing(box: Box) -> None:
    box.sold()
    assert box.reset(0).json()["epoch"] == 1
    uuid = uuid4()
    box.sold(uuid)
    assert box.reset(0).json()["epoch"] == 1
    assert box.till.get(uuid).json()["verdict"] == "happened"
    assert AuditEntry.objects.filter(action="sandbox_reset").count() == 1


def test_an_epoch_that_is_over_or_to_come_is_refused(box: Box) -> None:
    box.reset(0)
    box.reset(1)
    for epoch in (0, 3):
        said = box.reset(epoch)
        assert (said.status_code, said.json()["code"]) == (409, "epoch_over")
        assert said.json()["epoch"] == 2


def test_the_same_name_is_somebody_else(box: Box, neighbour: Box) -> None:
    first = box.sold().json()
    neighbour.code()
    box.reset()
    assert box.sold().json()["verdict"] == first["verdict"] == "happened"
    people = Person.objects.filter(email__startswith="anna.").values_list("email", flat=True)
    here, there = box.place.merchant.pk, neighbour.place.merchant.pk
    assert set(people) == {
        f"anna.{here}.0@sandbox.test",
        f"anna.{here}.1@sandbox.test",
        f"anna.{there}.0@sandbox.test",
    }
    prove()


def test_a_members_points_begin_anew(box: Box) -> None:
    def points() -> int:
        said = box.till.put(uuid4(), basket(code=box.code("member1@sandbox.test")))
        return int(said.json()["member"]["points_balance"])

    code = box.code("member1@sandbox.test")
    earned = box.till.put(uuid4(), basket(payment=paying(), code=code)).json()["points_earned"]
    assert points() == earned > 0
    box.reset()
    assert points() == 0
    settle_events()
    prove()


def test_nobody_of_another_epoch_or_sandbox_can_be_named(box: Box, neighbour: Box) -> None:
    neighbour.code()
    for name in (f"anna.{neighbour.place.merchant.pk}.0", "a b", "", "x" * 33, "anna+1"):
        said = box.asked(f"{name}@sandbox.test")
        assert (said.status_code, said.json()["code"]) == (422, "test_person_nameless")


def test_an_epoch_has_fifty_people(box: Box) -> None:
    merchant = box.place.merchant.pk
    Person.objects.bulk_create(
        Person(email=f"p{number}.{merchant}.0@sandbox.test", name="P", mode="test")
        for number in range(50)
    )
    assert box.asked("one@sandbox.test").json()["code"] == "test_people_full"
    assert box.asked("p1@sandbox.test").status_code == 201
    box.reset()
    assert box.asked("one@sandbox.test").status_code == 201


def test_what_the_webshop_asked_before_is_not_seen(webshop: Box) -> None:
    client = webshop.till.client
    asked = {
        "amount": 1_000,
        "currency": "EUR",
        "description": "Kaas",
        "return_url": "https://shop.example/back",
    }
    key: dict[str, Any] = {"HTTP_IDEMPOTENCY_KEY": "one"}
    first = client.post("/api/v1/payments", asked, format="json", **key).json()
    webshop.reset()
    gone = client.get(f"/api/v1/payments/{first['id']}")
    assert (gone.status_code, gone.json()["code"]) == (404, "payment_unknown")
    assert client.get("/api/v1/payments").json()["payments"] == []
    assert client.get("/api/v1/payment-links").json()["links"] == []
    second = client.post("/api/v1/payments", asked, format="json", **key)
    assert second.status_code == 201
    assert second.json()["id"] != first["id"]


def test_wrong_codes_of_a_time_that_is_gone_close_no_till(box: Box) -> None:
    box.moved(days=300)
    wrong = [box.till.put(uuid4(), basket(code="93" + "1" * 20)) for _try in range(11)]
    assert wrong[-1].json()["code"] == "code_throttled"
    box.reset()
    assert box.sold().json()["verdict"] == "happened"


def test_a_neighbour_and_live_money_notice_nothing(
    box: Box, neighbour: Box, counter: Counter, phone: Phone
) -> None:
    theirs, live = uuid4(), uuid4()
    neighbour.sold(theirs)
    counter.put(live, basket(payment=paying(), code=show(phone)))
    box.reset()
    assert neighbour.till.get(theirs).json()["verdict"] == "happened"
    assert counter.get(live).json()["verdict"] == "happened"
    assert abs(neighbour.now - wall()) < timedelta(minutes=1)


@pytest.mark.django_db(transaction=True)
def test_many_who_reset_at_once_reset_once(bakery: Bakery) -> None:
    place = bakery.world.till
    Box(place).sold()
    said = all_at_once(lambda _number: str(Box(place).reset(0).json()["epoch"]))
    assert said == {"1": AT_ONCE}
    assert AuditEntry.objects.filter(action="sandbox_reset").count() == 1


def test_a_live_person_is_never_taken_for_one_of_the_sandbox(box: Box) -> None:
    address = f"anna.{box.place.merchant.pk}.0@sandbox.test"
    live = Person.objects.create(email=address, name="Anna")
    said = box.asked()
    assert (said.status_code, said.json()["code"]) == (409, "email_taken")
    with operator_scope("the test looks"):
        assert not BankAccount.objects.filter(person=live).exists()
        assert not Device.objects.filter(person=live).exists()


def test_somebody_is_met_once(box: Box) -> None:
    assert box.asked(ANNA).status_code == 201
    assert box.asked(" Anna@Sandbox.Test ").status_code == 201
    assert Person.objects.filter(email__startswith="anna.").count() == 1
    prove()
