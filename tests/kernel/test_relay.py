"""Every event reaches every handler: in order per aggregate, and each handler acts once."""

from datetime import timedelta
from io import StringIO

import pytest

from okplatform.kernel import clock, db, relay, tracing
from okplatform.kernel.models import OutboxItem
from tests.kernel.post import PostOffice, send, sent, waiting

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


def test_a_handler_gets_a_batch_and_the_outbox_forgets_it(office: PostOffice) -> None:
    office.hire("sorter")
    send("a", "b", "c")
    assert relay.drain() == 3
    assert office.batches == [["a", "b", "c"]]
    assert waiting() == []
    assert len(sent()) == 3


def test_a_batch_is_no_larger_than_asked(office: PostOffice) -> None:
    office.hire("sorter")
    send("a", "b", "c")
    assert relay.drain(batch=2) == 3
    assert office.batches == [["a", "b"], ["c"]]


def test_the_second_event_of_an_aggregate_waits_for_the_first(office: PostOffice) -> None:
    office.hire("sorter")
    send("a", stamp=1)
    send("a", stamp=2)
    send("b")
    assert relay.drain() == 3
    assert office.batches == [["a", "b"], ["a"]]
    assert office.sorted_by("sorter") == ["a/1", "b/1", "a/2"]


def test_what_fails_waits_alone_while_others_go_on(office: PostOffice) -> None:
    office.hire("sorter", clumsy=True)
    office.torn = {"b"}
    now = clock.now() + SECOND
    send("a", "b", "c")
    assert relay.drain(now=now) == 2
    assert office.sorted_by("sorter") == ["a/1", "c/1"]
    (item,) = OutboxItem.objects.all()
    assert (item.aggregate_id, item.attempts, item.last_error) == ("b", 1, "TornError: b")
    assert item.next_attempt_at == now + SECOND


def test_an_event_behind_one_that_failed_keeps_waiting(office: PostOffice) -> None:
    office.hire("sorter", clumsy=True)
    office.torn = {"a"}
    now = clock.now() + SECOND
    send("a", stamp=1)
    relay.drain(now=now)
    send("a", stamp=2)
    assert relay.drain(now=clock.now()) == 0
    office.torn = set()
    assert relay.drain(now=now + 2 * SECOND) == 2
    assert office.sorted_by("sorter") == ["a/1", "a/2"]


def test_the_wait_doubles_up_to_ten_minutes(office: PostOffice) -> None:
    office.hire("sorter", clumsy=True)
    office.torn = {"a"}
    send("a")
    now = clock.now() + SECOND
    waits = []
    for _ in range(12):
        relay.drain(now=now)
        due = OutboxItem.objects.get().next_attempt_at
        waits.append((due - now).total_seconds())
        now = due
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]


def test_who_has_acted_does_not_act_again_when_another_failed(office: PostOffice) -> None:
    office.hire("careful")
    office.hire("clumsy", clumsy=True)
    office.torn = {"a"}
    send("a", "b")
    now = clock.now() + SECOND
    relay.drain(now=now)
    (item,) = OutboxItem.objects.all()
    assert item.done == ["tests.kernel.post.careful"]
    assert office.sorted_by("clumsy") == ["b/1"]

    office.torn = set()
    assert relay.drain(now=now + SECOND) == 1
    assert sorted(office.sorted_by("careful")) == ["a/1", "b/1"]
    assert sorted(office.sorted_by("clumsy")) == ["a/1", "b/1"]
    assert waiting() == []


def test_an_event_whose_shape_is_no_longer_known_waits_and_stops_nobody(
    office: PostOffice,
) -> None:
    office.hire("sorter")
    db.call(
        """
        WITH old AS (
            INSERT INTO kernel_event (type, aggregate_type, aggregate_id, sequence, payload,
                                      occurred_at)
            VALUES ('post.parcel_sent', 'parcel', 'old', 1, '{"size": 3}', now()) RETURNING id)
        INSERT INTO kernel_outboxitem (event_id, aggregate_type, aggregate_id)
        SELECT id, 'parcel', 'old' FROM old
        """
    )
    send("new")
    assert relay.drain() == 1
    assert office.sorted_by("sorter") == ["new/1"]
    assert "TypeError" in OutboxItem.objects.get().last_error


def test_a_relay_that_cannot_read_says_why(office: PostOffice, written: StringIO) -> None:
    office.hire("sorter")
    send("a")
    db.call("ALTER TABLE kernel_outboxitem RENAME TO mislaid")
    assert relay.drain() == 0
    assert 'relation \\"kernel_outboxitem\\" does not exist' in written.getvalue()
    db.call("ALTER TABLE mislaid RENAME TO kernel_outboxitem")
    assert relay.drain() == 1


def test_a_handler_works_under_the_trace_of_its_event(office: PostOffice) -> None:
    office.hire("sorter")
    with tracing.traced("b" * 32):
        send("a")
    relay.drain()
    assert office.traces == ["b" * 32]
    ((trace_id,),) = db.call("SELECT trace_id FROM kernel_auditentry")
    assert trace_id == "b" * 32


def test_a_claim_looks_its_events_up_and_never_walks_through_all_of_them(
    office: PostOffice,
) -> None:
    """Statistics that had not seen the newest events made it merge them with every old one."""
    office.hire("sorter")
    send("a")
    with db.transaction():
        # As good as the worst guess: each way but looking up is made to look free.
        for way in ("enable_nestloop", "enable_seqscan", "enable_bitmapscan"):
            db.call(f"SET LOCAL {way} = off")
        asked = {"now": clock.now() + SECOND, "batch": 200, "event_id": None}
        plan = "\n".join(line for (line,) in db.call("EXPLAIN " + relay.CLAIM, asked))
    assert waiting() == ["a"]
    looks_up = plan[plan.index("kernel_event") :]
    assert "Index Cond: (id = mine.event_id)" in looks_up, plan


def test_a_drain_that_gathers_stops_after_a_small_batch(office: PostOffice) -> None:
    office.hire("sorter")
    send("a", stamp=1)
    send("a", stamp=2)
    assert relay.drain(least=2) == 1
    assert office.sorted_by("sorter") == ["a/1"]
    assert relay.drain() == 1
    assert waiting() == []
