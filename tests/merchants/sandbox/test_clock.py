"""The sandbox's clock, by HTTP: what follows it, and who never does."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from loyalty.models import Expiry
from merchants.models import Sandbox
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import operator_scope
from tests.loyalty.bakery import Bakery
from tests.merchants.sandbox.conftest import Box, priced, wall
from tests.merchants.webhooks.conftest import Line
from tests.support.counter import Counter, basket, paying, settle_events, show
from tests.support.phone import Phone
from tests.support.proofs import prove
from tests.support.receiver import receiving

pytestmark = pytest.mark.django_db
A_LITTLE = timedelta(seconds=30)


def near(one: datetime, other: datetime) -> bool:
    return abs(one - other) < A_LITTLE


def test_at_first_it_is_everybodys(box: Box) -> None:
    assert near(box.now, wall())
    assert (box.state["ahead_seconds"], box.state["epoch"]) == (0, 0)


def test_it_moves_forward_and_runs_on(box: Box, neighbour: Box) -> None:
    there = box.moved(days=40)
    assert near(there, wall() + timedelta(days=40))
    assert near(box.now, there)
    assert box.moved(hours=1) > there
    assert near(neighbour.now, wall())


def test_it_never_goes_back(box: Box) -> None:
    there = box.moved(days=40)
    said = box.moved_to(there - timedelta(days=1))
    assert (said.status_code, said.json()["code"]) == (409, "clock_goes_back")
    assert box.moved_to(wall() - timedelta(days=1)).json()["code"] == "clock_goes_back"
    assert near(box.now, there)


def test_the_same_call_twice_is_harmless(box: Box) -> None:
    there = wall() + timedelta(days=2)
    first, again = box.moved_to(there), box.moved_to(there)
    assert (first.status_code, again.status_code) == (200, 200)
    assert near(box.now, there)


def test_five_years_is_the_farthest(box: Box) -> None:
    said = box.moved_to(wall() + timedelta(days=6 * 365))
    assert (said.status_code, said.json()["code"]) == (422, "clock_too_far")
    assert box.moved_to(datetime.max.replace(tzinfo=UTC)).json()["code"] == "clock_too_far"
    assert box.state["ahead_seconds"] == 0


@pytest.mark.parametrize("said", ["tomorrow", "2030-01-01T00:00:00", 5, None])
def test_what_is_no_moment_is_refused(box: Box, said: object) -> None:
    answer = box.till.client.put("/api/v1/test/clock", {"now": said}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_a_code_of_before_is_too_old(box: Box) -> None:
    code = box.code()
    box.moved(minutes=10)
    said = box.till.put(uuid4(), basket(payment=paying(), code=code))
    assert said.json()["code"] == "code_stale"
    paid = box.sold()
    assert paid.json()["verdict"] == "happened"
    assert near(datetime.fromisoformat(paid.json()["closed_at"]), box.now)
    settle_events()
    prove()


def test_a_question_ends_when_its_time_is_skipped(box: Box) -> None:
    uuid = uuid4()
    assert box.sold(uuid, amount=66_01).json()["verdict"] == "still_open"
    box.moved(minutes=2)
    said = box.till.get(uuid).json()
    assert (said["verdict"], said["confirmation"]["state"]) == ("did_not_happen", "expired")
    settle_events()
    prove()


@pytest.mark.parametrize(("amount", "verdict"), [(66_06, "happened"), (66_07, "did_not_happen")])
def test_an_hour_of_not_knowing_is_over_when_the_clock_says_so(
    box: Box, amount: int, verdict: str
) -> None:
    uuid = uuid4()
    assert box.sold(uuid, amount=amount).json()["verdict"] == "still_open"
    box.moved(minutes=58)
    assert box.till.get(uuid).json()["verdict"] == "still_open"
    box.moved(minutes=3)
    assert box.till.get(uuid).json()["verdict"] == verdict
    settle_events()
    prove()


def test_a_refund_comes_at_the_sandboxs_time(box: Box) -> None:
    refunder = Counter(
        box.place, box.place.issue_key(mode=Mode.TEST, scopes={"sales:read", "refunds:write"}).text
    )
    uuid = uuid4()
    box.sold(uuid)
    box.moved(days=3)
    back = {"uuid": str(uuid4()), "lines": [{"number": 1, "quantity": 1}]}
    said = refunder.client.post(f"/api/v1/sales/{uuid}/refunds", back, format="json")
    assert said.status_code == 201, said.json()
    settle_events()
    prove()


def test_an_offer_begins_and_ends_by_the_sandboxs_clock(box: Box, bakery: Bakery) -> None:
    today = wall().date()
    bakery.offer(first_day=today + timedelta(days=10), last_day=today + timedelta(days=20))
    assert box.sold().json()["discount"] == 0
    box.moved(days=15)
    assert box.sold().json()["discount"] > 0
    box.moved(days=15)
    assert box.sold().json()["discount"] == 0
    settle_events()
    prove()


def test_points_begin_to_count_and_end_by_the_sandboxs_clock(box: Box, bakery: Bakery) -> None:
    bakery.publish(pending_days=14, expiry=Expiry.MONTHS, expiry_length=6)
    assert points(box) == 0
    box.till.put(uuid4(), basket(payment=paying(), code=box.code(MEMBER)))
    assert points(box) == 0
    box.moved(days=16)
    earned = points(box)
    assert earned > 0
    settle_events()
    prove()
    box.moved(days=400)
    assert points(box) == 0
    settle_events()
    prove()


MEMBER = "member1@sandbox.test"


def points(box: Box) -> int:
    """Return what the till is told that this member has."""
    said = box.till.put(uuid4(), basket(code=box.code(MEMBER))).json()
    return int(said["member"]["points_balance"])


def test_an_online_payment_ends_when_its_time_is_skipped(webshop: Box) -> None:
    box = webshop
    asked = {
        "amount": 1_000,
        "currency": "EUR",
        "description": "Kaas",
        "return_url": "https://shop.example/back",
    }
    said = box.till.client.post(
        "/api/v1/payments", asked, format="json", HTTP_IDEMPOTENCY_KEY="one"
    )
    assert said.status_code == 201, said.json()
    address = f"/api/v1/payments/{said.json()['id']}"
    assert box.till.client.get(address).json()["state"] == "created"
    box.moved(days=90)
    assert box.till.client.get(address).json()["state"] == "expired"
    prove()


def test_webhooks_are_tried_again_when_their_wait_is_skipped(box: Box, settings: Settings) -> None:
    settings.OK_WEBHOOK_LOOPBACK = True
    with receiving() as receiver:
        line = Line(box.place.merchant, receiver.url, mode=Mode.TEST)
        receiver.answers.extend([500] * 4)
        box.sold()
        settle_events()
        for _failure in range(4):
            assert line.serve() == ["waiting"]
            assert line.serve() == []
            box.moved(hours=4)
        assert line.serve() == ["delivered"]


def test_webhooks_are_given_up_when_three_days_are_skipped(box: Box, settings: Settings) -> None:
    settings.OK_WEBHOOK_LOOPBACK = True
    with receiving() as receiver:
        line = Line(box.place.merchant, receiver.url, mode=Mode.TEST)
        live = Line(box.place.merchant, receiver.url)
        before = live.row.next_try_at
        receiver.answers.append(500)
        box.sold()
        settle_events()
        line.serve()
        box.moved(days=4)
        receiver.answers.append(500)
        assert line.serve() == ["given_up"]
        assert live.row.next_try_at == before


def test_people_of_others_have_no_codes_at_another_time(box: Box, bakery: Bakery) -> None:
    tessa = bakery.world.tessa.email
    assert box.asked(tessa).status_code == 201
    box.moved(days=1)
    said = box.asked(tessa)
    assert (said.status_code, said.json()["code"]) == (409, "test_person_of_others")


def test_live_money_has_one_clock(box: Box, counter: Counter, phone: Phone) -> None:
    box.moved(days=40)
    for method, path, body in (
        ("get", "clock", None),
        ("put", "clock", {"now": wall().isoformat()}),
        ("post", "reset", {"epoch": 0}),
    ):
        said = getattr(counter.client, method)(f"/api/v1/test/{path}", body, format="json")
        assert said.status_code == 403
    with CaptureQueriesContext(connection) as asked:
        said = counter.put(uuid4(), basket(priced(900), payment=paying(), code=show(phone)))
    assert not [one for one in asked if "sandbox" in one["sql"]]
    assert said.json()["verdict"] == "happened"
    assert near(datetime.fromisoformat(said.json()["closed_at"]), wall())
    prove()


def test_postgresql_lets_a_sandbox_go_forward_only(box: Box) -> None:
    box.moved(days=2)
    with operator_scope("the test breaks it"), pytest.raises(IntegrityError):
        Sandbox.objects.update(ahead=timedelta(days=1))
