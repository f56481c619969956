"""`manage.py verify` proves every promise, and finds each breach of the kernel's own."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from okplatform.kernel import clock, db, idempotency, relay
from okplatform.kernel.invariants import Proof, all_invariants, invariant
from tests.kernel.post import PostOffice, send

pytestmark = pytest.mark.django_db

OURS = ["events_are_handled", "events_are_in_order", "idempotency_keys_are_decided"]


def verify() -> tuple[list[str], bool]:
    """Return what the command said, line by line, and whether it found all well."""
    said = StringIO()
    try:
        call_command("verify", stdout=said)
    except CommandError:
        return said.getvalue().splitlines(), False
    return said.getvalue().splitlines(), True


def broken() -> list[str]:
    """Return the names of the promises that verify says are broken."""
    said, well = verify()
    names = [line.split()[1].rstrip(":") for line in said if line.startswith("BROKEN")]
    assert well == (not names)
    assert json.loads(said[-1])["ok"] == well
    return names


def plant(sql: str) -> None:
    """Write what triggers and constraints would refuse."""
    db.call("SET LOCAL session_replication_role = replica")
    db.call(sql)
    db.call("SET LOCAL session_replication_role = origin")


@pytest.fixture
def kept(office: PostOffice) -> None:
    """Parcels that were sent and sorted, and a key that decided."""
    office.hire("sorter")
    send("a", "a", "b")
    relay.drain()
    claim = idempotency.claim(owner="1:live", key="k", body_hash=b"b" * 32, now=clock.now())
    assert isinstance(claim, idempotency.Claim)
    with db.transaction():
        claim.settle(idempotency.Decision(200, {}))


@pytest.mark.usefixtures("kept")
def test_each_promise_is_one_line_and_the_last_is_json_with_what_was_looked_at() -> None:
    said, well = verify()
    names = [each.name for each in all_invariants()]
    assert well
    assert set(OURS) <= set(names)
    assert [line.split()[:2] for line in said[:-1]] == [["ok", f"{name}:"] for name in names]
    told = json.loads(said[-1])
    assert told["ok"] is True
    assert list(told["checked"]) == names
    assert [told["checked"][name] for name in OURS] == [3, 3, 1]


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("sql", "name"),
    [
        (
            """INSERT INTO kernel_outboxitem (event_id, aggregate_type, aggregate_id,
               next_attempt_at) SELECT min(id), 'parcel', 'a', now() - interval '61 seconds'
               FROM kernel_event""",
            "events_are_handled",
        ),
        (
            """INSERT INTO kernel_outboxitem (event_id, aggregate_type, aggregate_id,
               next_attempt_at, attempts) SELECT min(id), 'parcel', 'a', now() + interval '1 hour',
               5 FROM kernel_event""",
            "events_are_handled",
        ),
        (
            "DELETE FROM kernel_event WHERE sequence = 1 AND aggregate_id = 'a'",
            "events_are_in_order",
        ),
        ("UPDATE kernel_event SET sequence = 7 WHERE sequence = 2", "events_are_in_order"),
        ("UPDATE kernel_event SET sequence = 0 WHERE aggregate_id = 'b'", "events_are_in_order"),
        ("UPDATE kernel_idempotencykey SET status = NULL", "idempotency_keys_are_decided"),
        ("UPDATE kernel_idempotencykey SET lease_until = now()", "idempotency_keys_are_decided"),
    ],
)
def test_a_planted_breach_is_found_by_its_proof_alone(sql: str, name: str) -> None:
    assert broken() == []
    plant(sql)
    assert broken() == [name]


@pytest.mark.usefixtures("kept")
def test_a_breach_is_told_in_one_line_below_its_promise() -> None:
    plant("UPDATE kernel_event SET sequence = 7 WHERE sequence = 2")
    said, _ = verify()
    at = next(number for number, line in enumerate(said) if line.startswith("BROKEN"))
    assert said[at + 1].strip() == "aggregate parcel a has a gap in its events"
    assert said[at + 2].startswith("ok")


def test_an_event_that_waits_says_why(office: PostOffice) -> None:
    office.hire("sorter", clumsy=True)
    office.torn = {"a"}
    send("a")
    relay.drain(now=clock.now() - timedelta(minutes=5))
    assert broken() == []
    relay.drain()
    plant("UPDATE kernel_outboxitem SET next_attempt_at = now() - interval '2 minutes'")
    said, _ = verify()
    assert any(line.endswith("(post.parcel_sent) waits: TornError: a") for line in said)


def test_two_promises_cannot_share_a_name() -> None:
    with pytest.raises(ValueError, match="events_are_handled"):
        invariant("events_are_handled")(lambda: Proof(rows=0))
