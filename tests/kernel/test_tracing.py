"""One trace id from the till to the last handler."""

from uuid import uuid4

import pytest
from django.test import Client

from okplatform.kernel import db
from tests.support.counter import Counter, basket, paying
from tests.support.world import World

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


def test_a_sale_is_traced_from_the_tills_call_to_its_audit_rows_and_events(world: World) -> None:
    counter = Counter(place=world.till, key=world.till.key)
    body = basket(payment=paying("pin"))
    answer = counter.put(uuid4(), body, headers={"traceparent": TRACEPARENT})
    assert answer["Trace-Id"] == TRACE
    assert db.call(
        "SELECT DISTINCT trace_id FROM kernel_event WHERE type = 'trade.sale_closed'"
    ) == [(TRACE,)]
    assert db.call("SELECT count(*) > 0 FROM kernel_auditentry WHERE trace_id = %s", [TRACE]) == [
        (True,)
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given",
    [
        "",
        "nonsense",
        f"00-{TRACE.upper()}-00f067aa0ba902b7-01",
        f"00-{TRACE[1:]}-00f067aa0ba902b7-01",
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"ff-{TRACE}-00f067aa0ba902b7-01",
    ],
)
def test_a_trace_that_is_none_is_replaced_by_a_new_one(client: Client, given: str) -> None:
    first, second = (
        client.get("/api/v1/nowhere", headers={"traceparent": given})["Trace-Id"] for _ in range(2)
    )
    assert first != second
    assert {first, second}.isdisjoint({TRACE, "0" * 32})
    assert len(first) == 32


@pytest.mark.django_db
def test_an_error_names_the_trace_it_happened_under(client: Client) -> None:
    answer = client.get("/api/v1/nowhere", headers={"traceparent": TRACEPARENT})
    assert answer.json()["trace_id"] == answer["Trace-Id"] == TRACE
