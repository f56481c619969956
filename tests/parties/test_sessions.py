"""Where somebody is signed in, as the table keeps it."""

from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import IntegrityError

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import savepoint, transaction
from okplatform.kernel.models import AuditEntry
from okplatform.parties.actions.end_session import end_other_sessions, end_session
from okplatform.parties.actions.forget_person import forget_person
from okplatform.parties.actions.note_session import note_session
from okplatform.parties.models import BrowserSession, Person
from tests.support.races import AT_ONCE, all_at_once
from tests.support.world import NOW, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(world: World) -> Person:
    return world.alice


def opened() -> str:
    """Return the key of a session of Django's."""
    store = SessionStore()
    store.create()
    assert store.session_key
    return store.session_key


def note(person: Person, key: str, *, now: datetime = NOW) -> bool:
    return note_session(
        person_id=person.pk, session_key=key, browser="Firefox, Linux", now=now, actor=SYSTEM
    )


def test_a_session_that_ended_is_not_noted_again(alice: Person) -> None:
    key = opened()
    assert note(alice, key)
    end_session(person_id=alice.pk, session_uuid=BrowserSession.objects.get().uuid, actor=SYSTEM)
    assert not Session.objects.exists()
    assert not note(alice, key)
    assert not BrowserSession.objects.exists()


def test_a_clock_that_is_set_back_makes_nobody_seen_before_they_came(alice: Person) -> None:
    key = opened()
    note(alice, key)
    note(alice, key, now=NOW - timedelta(hours=1))
    kept = BrowserSession.objects.get()
    assert (kept.signed_in_at, kept.seen_at) == (NOW, NOW)


def test_postgresql_keeps_no_row_without_a_session(alice: Person) -> None:
    row = BrowserSession(session_key="nothing", person=alice, signed_in_at=NOW, seen_at=NOW)
    with (
        pytest.raises(IntegrityError, match="browser_session_ends_with_its_session"),
        transaction(),
        savepoint(),
    ):
        row.save()


def test_who_is_forgotten_is_signed_in_nowhere(alice: Person, world: World) -> None:
    for person in (alice, alice, world.bob):
        note(person, opened())
    with transaction():
        forget_person(person_id=alice.pk, actor=SYSTEM)
    assert [row.person for row in BrowserSession.objects.all()] == [world.bob]
    assert Session.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_many_requests_at_once_make_one_row(alice: Person) -> None:
    key = opened()
    assert all_at_once(lambda _number: str(note(alice, key))) == {"True": AT_ONCE}
    assert BrowserSession.objects.count() == 1
    assert AuditEntry.objects.filter(action="session_opened").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_noting_and_ending_at_once_leave_no_session_and_no_row(alice: Person) -> None:
    key = opened()
    note(alice, key)

    def act(number: int) -> str:
        if number % 2:
            return "noted" if note(alice, key) else "over"
        ended = end_other_sessions(person_id=alice.pk, session_key="", actor=SYSTEM)
        return f"ended {ended}"

    said = all_at_once(act)
    # The last to end may have found what another had just ended: the row goes once.
    assert said["ended 1"] >= 1
    assert not Session.objects.filter(session_key=key).exists()
    assert not BrowserSession.objects.exists()
