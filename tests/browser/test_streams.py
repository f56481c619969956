"""Streams end to end: two server processes, one Redis, and no database connection held."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from importlib import import_module
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from playwright.sync_api import Page, expect

from okplatform.kernel.audit import SYSTEM
from okplatform.local.processes import wait_until
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from okplatform.web import streams
from tests.browser.conftest import Complaints, SignIn
from tests.browser.site import Site

LISTEN = """async (channel) => {
  const { listen } = await import("ok/live");
  let caughtUp = 0;
  const onOpen = () => (document.body.dataset.caughtUp = ++caughtUp);
  listen(channel, { receipt: (data) => (document.body.dataset.heard = data.id) }, { onOpen });
}"""

READERS = 8
PROCESSES = 2


@pytest.fixture(autouse=True)
def _speaking_to_the_site(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process's ``notify`` reach the site, whose Redis database is another."""
    monkeypatch.setattr(streams, "PREFIX", b"ok:%d:stream:" % site.redis_database)


def _session_of(person: Person) -> str:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return str(session.session_key)


class _Reader:
    """One open stream on a connection of its own, so that the kernel spreads them."""

    def __init__(self, site: Site, address: str, session: str) -> None:
        host, port = site.base_url.removeprefix("http://").split(":")
        self._socket = socket.create_connection((host, int(port)), timeout=10)
        self._socket.sendall(
            f"GET {address} HTTP/1.1\r\nHost: {host}:{port}\r\n"
            f"Cookie: {settings.SESSION_COOKIE_NAME}={session}\r\n\r\n".encode()
        )
        self.heard = b""

    def status(self) -> int:
        """Return the status of the answer."""
        self.wait_for(b"\r\n\r\n")
        return int(self.heard.split(b" ", 2)[1])

    def wait_for(self, text: bytes) -> None:
        while text not in self.heard:
            said = self._socket.recv(4096)
            assert said, f"the stream ended after {self.heard!r}"
            self.heard += said

    def close(self) -> None:
        self._socket.close()


@contextmanager
def _readers(site: Site, person: Person, number: int = READERS) -> Iterator[list[_Reader]]:
    session = _session_of(person)
    readers = [_Reader(site, f"/events/person:{person.pk}/", session) for _ in range(number)]
    try:
        yield readers
    finally:
        for reader in readers:
            reader.close()


def _connections_of(site: Site) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [site.database])
        return int(cursor.fetchone()[0])


@pytest.fixture
def listener() -> Person:
    return create_person(email=f"{uuid4()}@example.com", name="Lies Luister", actor=SYSTEM)


def test_everybody_who_listens_hears_it_whatever_process_serves_them(
    site: Site, listener: Person
) -> None:
    with _readers(site, listener) as readers:
        for reader in readers:
            reader.wait_for(b"event: ready")
        streams.notify(f"person:{listener.pk}", "receipt", {"id": 7})
        for reader in readers:
            reader.wait_for(b'event: receipt\ndata: {"id":7}\n\n')


def test_open_streams_hold_no_database_connection(site: Site, listener: Person) -> None:
    before = _connections_of(site)
    with _readers(site, listener) as readers:
        for reader in readers:
            reader.wait_for(b"event: ready")
        assert wait_until(lambda: _connections_of(site) <= before, seconds=30)


@pytest.mark.parametrize("channel", ["person:999999", "nothing:1", "person", "person:"])
def test_nobody_hears_what_is_not_theirs(site: Site, listener: Person, channel: str) -> None:
    reader = _Reader(site, f"/events/{channel}/", _session_of(listener))
    assert reader.status() == HTTPStatus.FORBIDDEN
    reader.close()


def test_a_stranger_hears_nothing(site: Site, listener: Person) -> None:
    reader = _Reader(site, f"/events/person:{listener.pk}/", "nobody")
    assert reader.status() == HTTPStatus.FORBIDDEN
    reader.close()


def test_a_stream_is_neither_kept_nor_held_back_on_its_way(site: Site, listener: Person) -> None:
    with _readers(site, listener, 1) as (reader,):
        assert reader.status() == HTTPStatus.OK
        said = reader.heard.lower()
        assert b"content-type: text/event-stream" in said
        assert b"cache-control: no-cache" in said
        assert b"x-accel-buffering: no" in said
        assert b"content-encoding" not in said


def test_one_person_cannot_hold_every_stream(site: Site, listener: Person) -> None:
    allowed = PROCESSES * streams.STREAMS_PER_READER
    with _readers(site, listener, allowed + 1) as readers:
        statuses = [reader.status() for reader in readers]
        assert HTTPStatus.TOO_MANY_REQUESTS in statuses
        assert statuses.count(HTTPStatus.OK) <= allowed

    # They are free again once the browser has gone.
    def admitted() -> bool:
        with _readers(site, listener, 1) as (reader,):
            return reader.status() == HTTPStatus.OK

    assert wait_until(admitted, seconds=5)


def test_a_page_hears_what_happens_and_catches_up_after_a_gap(
    base_url: str,
    page_phone: Page,
    sign_in: SignIn,
    listener: Person,
    complaints: Complaints,
) -> None:
    complaints.forgive("net::ERR_")
    sign_in(page_phone, listener)
    page_phone.goto(f"{base_url}/styleguide/")
    page_phone.evaluate(LISTEN, f"person:{listener.pk}")
    pill = page_phone.locator("[data-freshness]")
    body = page_phone.locator("body")
    expect(body).to_have_attribute("data-caught-up", "1")
    expect(pill).to_have_attribute("data-state", "live")
    streams.notify(f"person:{listener.pk}", "receipt", {"id": 7})
    expect(body).to_have_attribute("data-heard", "7")
    page_phone.context.set_offline(True)
    page_phone.evaluate("dispatchEvent(new Event('online'))")
    expect(pill).to_have_attribute("data-state", "lost")
    page_phone.context.set_offline(False)
    expect(body).to_have_attribute("data-caught-up", "2", timeout=15_000)
    expect(pill).to_have_attribute("data-state", "live")
