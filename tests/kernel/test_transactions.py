"""Five words for transactions: each refuses what it is not, and nothing half done is kept."""

import pytest

from okplatform.kernel import db
from okplatform.kernel.db import TransactionError
from okplatform.kernel.events import publish
from tests.kernel.post import ParcelSent, PostOffice, deeds, note, send, sent, waiting
from tests.support.world import NOW

pytestmark = pytest.mark.django_db


def fail() -> None:
    raise RuntimeError


def test_actions_do_not_nest() -> None:
    with db.transaction():
        with pytest.raises(TransactionError, match="do not nest"), db.transaction():
            pytest.fail("a second transaction was opened")
        note("kept")
    assert deeds() == ["kept"]


def test_what_fails_leaves_neither_audit_nor_event_nor_effect(office: PostOffice) -> None:
    office.hire("sorter")
    effects: list[str] = []

    def action() -> None:
        with db.transaction():
            note("done")
            publish(ParcelSent(parcel="p"), now=NOW)
            db.after_commit(lambda: effects.append("told"))
            fail()

    with pytest.raises(RuntimeError):
        action()
    assert (deeds(), sent(), waiting(), effects) == ([], [], [], [])


def test_after_a_failure_the_next_action_starts_clean() -> None:

    def action() -> None:
        with db.transaction():
            note("failed")
            fail()

    with pytest.raises(RuntimeError):
        action()
    with db.transaction():
        note("next")
    assert deeds() == ["next"]


def test_a_savepoint_that_fails_forgets_what_was_said_inside_it(office: PostOffice) -> None:
    office.hire("sorter")
    effects: list[str] = []

    def part() -> None:
        with db.savepoint():
            note("inside")
            publish(ParcelSent(parcel="inside"), now=NOW)
            db.after_commit(lambda: effects.append("inside"))
            fail()

    with db.transaction():
        note("before")
        publish(ParcelSent(parcel="before"), now=NOW)
        db.after_commit(lambda: effects.append("before"))
        with pytest.raises(RuntimeError):
            part()
        note("after")
    assert deeds() == ["before", "after"]
    assert sent() == [("before", 1)]
    assert waiting() == ["before"]
    assert effects == ["before"]


def test_a_savepoint_that_holds_keeps_what_was_said_inside_it() -> None:
    with db.transaction(), db.savepoint():
        note("inside")
    assert deeds() == ["inside"]


def test_a_savepoint_needs_a_transaction() -> None:
    with pytest.raises(TransactionError), db.savepoint():
        pytest.fail("a savepoint without a transaction")


def test_a_part_of_an_action_does_not_run_on_its_own() -> None:
    part = db.transaction_required(lambda: note("part"))
    with pytest.raises(TransactionError):
        part()
    with db.transaction():
        part()
    assert deeds() == ["part"]


def test_an_event_or_a_deed_outside_a_transaction_is_refused() -> None:
    with pytest.raises(TransactionError):
        publish(ParcelSent(parcel="p"), now=NOW)
    with pytest.raises(TransactionError):
        note("outside")
    with pytest.raises(TransactionError):
        db.after_commit(fail)


def test_a_call_to_the_outside_is_refused_inside_a_transaction() -> None:
    calls: list[str] = []
    ring = db.durable(lambda: calls.append("rang"))
    ring()
    with db.transaction():
        with pytest.raises(TransactionError):
            ring()
        with pytest.raises(TransactionError), db.durable():
            calls.append("inside")
    with db.durable():
        calls.append("outside")
    assert calls == ["rang", "outside"]


def test_an_effect_that_fails_after_the_commit_undoes_nothing_and_stops_nothing() -> None:
    effects: list[str] = []
    with db.transaction():
        note("done")
        db.after_commit(fail)
        db.after_commit(lambda: effects.append("told"))
    assert deeds() == ["done"]
    assert effects == ["told"]


def test_effects_wait_for_the_commit_and_run_outside_it() -> None:
    open_when_told: list[bool] = []
    with db.transaction():
        db.after_commit(lambda: open_when_told.append(db.is_open()))
        assert open_when_told == []
        assert db.is_open()
    assert open_when_told == [False]


def test_what_cannot_be_written_down_does_not_happen() -> None:
    def action() -> None:
        with db.transaction():
            note("done")
            publish(ParcelSent(parcel="p", stamp=object()), now=NOW)  # type: ignore[arg-type]

    with pytest.raises(TypeError):
        action()
    assert deeds() == []
    send("next")
    assert sent() == [("next", 1)]
