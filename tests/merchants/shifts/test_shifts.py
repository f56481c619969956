"""A shift of a till: opened, closed, sent late, twice and out of order."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError

from merchants.models import Shift
from okplatform.kernel import clock
from okplatform.kernel.db import call
from okplatform.kernel.tenancy import operator_scope
from tests.support.counter import Counter
from tests.support.proofs import prove
from tests.support.world import World

pytestmark = pytest.mark.django_db


def stored() -> list[Shift]:
    with operator_scope("the test looks"):
        return list(Shift.objects.order_by("pk"))


def ago(**time: float) -> str:
    return (clock.now() - timedelta(**time)).isoformat()


def test_a_shift_is_opened_and_closed_and_says_so(counter: Counter) -> None:
    uuid = uuid4()
    opened = counter.shift(uuid, "open", operator="Sam", cash_at_opening=10_000).json()
    assert (opened["state"], opened["sentence"]) == ("open", "The shift is open.")
    assert (opened["store"], opened["terminal"], opened["operator"]) == (
        "utrecht",
        "kassa-1",
        "Sam",
    )
    closed = counter.shift(uuid, "closed", operator="Bob", cash_counted=10_000).json()
    assert (closed["state"], closed["closed_by"]) == ("closed", "Bob")
    assert closed["sentence"] == "The shift is closed. The cash is right."
    assert closed["totals"]["sales"] == 0
    assert counter.shift_of(uuid).json() == closed
    actions = call("SELECT action FROM kernel_auditentry WHERE object_type = 'shift' ORDER BY id")
    assert [action for (action,) in actions] == ["shift_opened", "shift_closed"]
    prove()


def test_sent_twice_and_in_any_order_it_is_the_same_shift(counter: Counter) -> None:
    uuid = uuid4()
    counter.shift(uuid, "open", cash_at_opening=500)
    counter.shift(uuid, "open", cash_at_opening=500)
    first = counter.shift(uuid, "closed", cash_counted=700).json()
    assert counter.shift(uuid, "closed", cash_counted=700).json() == first
    # The opening comes once more, late: the shift stays closed.
    assert counter.shift(uuid, "open", cash_at_opening=500).json() == first
    assert len(stored()) == 1
    assert call("SELECT count(*) FROM kernel_auditentry WHERE object_type = 'shift'") == [(2,)]


def test_a_closing_whose_opening_never_came_brings_it_along(counter: Counter) -> None:
    uuid, began, ended = uuid4(), ago(hours=9), ago(hours=1)
    refused = counter.shift(uuid, "closed")
    assert (refused.status_code, refused.json()["code"]) == (422, "shift_never_opened")
    assert stored() == []
    said = counter.shift(uuid, "closed", opened_at=began, closed_at=ended).json()
    assert (said["state"], said["opened_at"], said["closed_at"]) == ("closed", began, ended)
    again = counter.shift(uuid, "closed", opened_at=began, closed_at=ended)
    assert again.json() == said


@pytest.mark.parametrize(
    "other", [{"cash_counted": 900}, {"closed_at": "2026-01-01T00:00:00Z"}, {"cash_at_opening": 1}]
)
def test_another_closing_is_refused_and_the_first_stands(
    counter: Counter, other: dict[str, object]
) -> None:
    uuid = uuid4()
    counter.shift(uuid, "open", cash_at_opening=500)
    first = counter.shift(uuid, "closed", cash_counted=700).json()
    refused = counter.shift(uuid, "closed", **other)
    assert (refused.status_code, refused.json()["code"]) == (409, "shift_differs")
    assert counter.shift_of(uuid).json() == first


def test_a_till_has_one_open_shift_and_the_refusal_names_it(counter: Counter) -> None:
    forgotten, new = uuid4(), uuid4()
    counter.shift(forgotten, "open", opened_at=ago(hours=10))
    refused = counter.shift(new, "open")
    assert (refused.status_code, refused.json()["code"]) == (409, "shift_open")
    assert refused.json()["shift"] == str(forgotten)
    # Its closing had been lost: it comes late, with its own moment, and the new one opens.
    counter.shift(forgotten, "closed", closed_at=ago(hours=1))
    assert counter.shift(new, "open").json()["state"] == "open"
    overlaps = counter.shift(uuid4(), "closed", opened_at=ago(hours=2), closed_at=ago(minutes=30))
    assert overlaps.json()["code"] == "shifts_overlap"
    assert overlaps.json()["shift"] == str(forgotten)
    prove()


@pytest.mark.parametrize(
    "times",
    [
        {"opened_at": "2126-01-01T00:00:00Z"},
        {"opened_at": "2020-01-01T00:00:00Z"},
    ],
)
def test_impossible_times_are_refused(counter: Counter, times: dict[str, str]) -> None:
    refused = counter.shift(uuid4(), "open", **times)
    assert (refused.status_code, refused.json()["code"]) == (422, "shift_times_impossible")
    assert stored() == []


def test_a_shift_that_ends_before_it_began_is_refused(counter: Counter) -> None:
    uuid = uuid4()
    refused = counter.shift(uuid, "closed", opened_at=ago(hours=1), closed_at=ago(hours=2))
    assert refused.json()["code"] == "shift_times_impossible"
    assert stored() == []
    naive = counter.shift(uuid, "open", opened_at="2026-11-23T12:00:00")
    assert (naive.status_code, naive.json()["code"]) == (422, "invalid_request")


def test_a_till_whose_clock_is_a_little_ahead_opens_now(counter: Counter) -> None:
    uuid, ahead = uuid4(), (clock.now() + timedelta(minutes=4)).isoformat()
    said = counter.shift(uuid, "open", opened_at=ahead).json()
    assert said["opened_at"] < ahead
    assert counter.shift(uuid, "open", opened_at=ahead).json()["opened_at"] == said["opened_at"]


def test_a_key_without_a_till_names_one(world: World) -> None:
    chain = Counter(world.haarlem, world.kramer.chain_key)
    refused = chain.shift(uuid4(), "open", store="haarlem")
    assert (refused.status_code, refused.json()["code"]) == (422, "shift_needs_terminal")
    uuid = uuid4()
    assert chain.shift(uuid, "open", store="haarlem", terminal="kassa-1").status_code == 200
    elsewhere = chain.shift(uuid, "closed", store="leiden", terminal="kassa-1")
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (409, "shift_elsewhere")


def test_another_till_and_another_merchant_cannot_see_it(world: World) -> None:
    haarlem, leiden = (Counter(place, place.key) for place in (world.haarlem, world.leiden))
    uuid = uuid4()
    haarlem.shift(uuid, "open")
    for other in (leiden, Counter(world.gouda, world.gouda.key)):
        assert other.shift_of(uuid).json()["code"] == "shift_unknown"
        assert other.client.get("/api/v1/shifts").json()["shifts"] == []
    test = Counter(world.haarlem, world.haarlem.test_key)
    assert test.shift_of(uuid).status_code == 404
    # Charlie may use the same number: it is another shift.
    assert Counter(world.gouda, world.gouda.key).shift(uuid, "open").status_code == 200
    chain = Counter(world.haarlem, world.kramer.chain_key)
    assert chain.shift_of(uuid).json()["store"] == "haarlem"


def test_a_till_lists_its_shifts_in_pages(counter: Counter) -> None:
    numbers = [uuid4() for _ in range(3)]
    for hours, uuid in zip((9, 6, 3), numbers, strict=True):
        counter.shift(uuid, "closed", opened_at=ago(hours=hours), closed_at=ago(hours=hours - 1))
    first = counter.client.get("/api/v1/shifts", {"limit": 2}).json()
    more = counter.client.get("/api/v1/shifts", {"cursor": first["next_cursor"]}).json()
    found = [UUID(one["uuid"]) for one in (*first["shifts"], *more["shifts"])]
    assert found == numbers[::-1]
    assert more["next_cursor"] is None


def test_reading_needs_only_the_reading_scope_and_opening_the_writing_one(world: World) -> None:
    reader = Counter(world.till, world.till.issue_key(scopes={"sales:read"}).text)
    refused = reader.shift(uuid4(), "open")
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    assert reader.client.get("/api/v1/shifts").status_code == 200
    assert stored() == []


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM merchants_shift",
        "UPDATE merchants_shift SET opened_at = opened_at - interval '1 hour'",
        "UPDATE merchants_shift SET closed_at = NULL",
        "UPDATE merchants_shift SET cash_counted = 5",
    ],
)
def test_postgresql_keeps_a_closed_shift_as_it_is(counter: Counter, change: str) -> None:
    counter.shift(uuid4(), "closed", opened_at=ago(hours=2))
    with pytest.raises(IntegrityError, match="a shift"):
        call(change)


def test_postgresql_refuses_two_shifts_that_overlap(counter: Counter) -> None:
    counter.shift(uuid4(), "closed", opened_at=ago(hours=2))
    with pytest.raises(IntegrityError, match="counts these hours"):
        call(
            """
            INSERT INTO merchants_shift (merchant_id, store_id, terminal_id, mode, uuid, currency,
                operator, closed_by, opened_at, closed_at)
            SELECT merchant_id, store_id, terminal_id, mode, gen_random_uuid(), currency, '', '',
                opened_at + interval '1 hour', NULL
            FROM merchants_shift
            """
        )
