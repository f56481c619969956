"""What an action says is written with it: in one statement, in order, for whoever listens."""

import pytest
from django.db import connection
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext

from okplatform.kernel import db, relay, tracing
from okplatform.kernel.audit import Actor, record
from okplatform.kernel.events import publish
from okplatform.kernel.models import AuditEntry
from okplatform.kernel.models import Event as EventRow
from okplatform.kernel.modes import Mode
from tests.kernel.post import ParcelSent, PostOffice, note, send, sent, waiting
from tests.support.world import NOW

pytestmark = pytest.mark.django_db


def test_audit_rows_and_events_take_one_statement(office: PostOffice) -> None:
    office.hire("sorter")
    with CaptureQueriesContext(connection) as asked, db.transaction():
        for number in range(5):
            note(f"deed {number}")
            publish(ParcelSent(parcel=f"p{number}"), now=NOW)
    statements = [
        query["sql"] for query in asked if "SAVEPOINT" not in query["sql"].partition(" ")[0]
    ]
    assert len([sql for sql in statements if not sql.startswith("RELEASE")]) == 1
    assert len(sent()) == len(waiting()) == 5


def test_an_action_that_says_nothing_writes_nothing() -> None:
    with CaptureQueriesContext(connection) as asked, db.transaction():
        pass
    assert not [query for query in asked if "kernel_" in query["sql"]]


def test_each_aggregate_counts_its_own_events_from_one() -> None:
    send("a", "b", "a")
    send("a", "b")
    assert sent() == [("a", 1), ("b", 1), ("a", 2), ("a", 3), ("b", 2)]


def test_an_event_that_nobody_handles_is_kept_and_waits_for_nobody() -> None:
    send("p")
    assert sent() == [("p", 1)]
    assert waiting() == []
    assert relay.drain() == 0


def test_a_row_says_who_did_what_for_whom_and_under_which_trace() -> None:
    with tracing.traced("a" * 32), db.transaction():
        record(
            actor=Actor("api_key", "7"),
            action="parcel_sent",
            object_type="parcel",
            object_id=12,
            merchant_id=3,
            mode=Mode.TEST,
            data={"weight": 450},
        )
        publish(ParcelSent(parcel="p", stamp=9), now=NOW, merchant_id=3, mode=Mode.TEST)
    row = AuditEntry.objects.get()
    assert (row.actor_kind, row.actor_id, row.object_id) == ("api_key", "7", "12")
    assert (row.merchant_id, row.mode, row.data, row.trace_id) == (
        3,
        "test",
        {"weight": 450},
        "a" * 32,
    )
    event = EventRow.objects.get()
    assert (event.merchant_id, event.mode, event.trace_id) == (3, "test", "a" * 32)
    assert event.payload == {"parcel": "p", "stamp": 9}
    assert event.occurred_at == NOW


@pytest.mark.parametrize("table", ["kernel_auditentry", "kernel_event"])
@pytest.mark.parametrize(
    "change", ["UPDATE {} SET trace_id = 'gone'", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_what_was_said_is_never_changed_or_deleted(table: str, change: str) -> None:
    with db.transaction():
        note("done")
        publish(ParcelSent(parcel="p"), now=NOW)
    with pytest.raises(DatabaseError, match="never changed or deleted"), db.transaction():
        db.call(change.format(table))
    assert AuditEntry.objects.exclude(trace_id="gone").count() == 1
    assert EventRow.objects.exclude(trace_id="gone").count() == 1
