"""Answers that go on: what the server sends of them."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from okplatform.web import following
from okplatform.web.following import HEADER, PING, RETRY, follow, told

Sent = list[Mapping[str, Any]]
OPEN, CLOSED = told("sale", b'"open"', channel="sale:1"), told("sale", b'"closed"', channel=None)
REFUSED = told("problem", b"no", channel=None)
REFUSED.status_code = 401


def followed(*answers: Any, leaves: bool = False) -> Sent:
    """Return what is sent where each look finds the next of these, and then the last again."""
    sent: Sent = []
    left = list(answers)

    async def run(environ: dict[str, Any]) -> Any:
        assert environ == {"PATH_INFO": "/"}
        found = left.pop(0) if len(left) > 1 else left[0]
        headers = [(name.lower().encode(), value.encode()) for name, value in found.items()]
        return found.status_code, [*headers, (b"content-length", b"1")], found.content

    async def receive() -> Mapping[str, Any]:
        if not leaves:
            await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, follow({"PATH_INFO": "/"}, run, receive, send)).result(timeout=20)
    return sent


def bodies(sent: Sent) -> list[bytes]:
    return [message["body"] for message in sent[1:]]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "LOOK_SECONDS", 0.05)


def test_what_has_ended_is_told_once() -> None:
    sent = followed(CLOSED)
    assert bodies(sent) == [CLOSED.content]
    names = {name for name, _value in sent[0]["headers"]}
    assert b"content-length" not in names
    assert HEADER.encode() not in names
    assert (b"content-type", b"text/event-stream; charset=utf-8") in sent[0]["headers"]


def test_each_change_is_told_and_a_heartbeat_where_there_is_none() -> None:
    told_ = bodies(followed(OPEN, OPEN, CLOSED))
    assert told_[0] == RETRY + OPEN.content
    assert told_[-2:] == [CLOSED.content, b""]
    assert told_[1:-2] == [PING]


def test_who_has_gone_is_not_looked_after() -> None:
    assert bodies(followed(OPEN, leaves=True)) == [RETRY + OPEN.content]


def test_who_may_no_longer_look_hears_no_more() -> None:
    assert bodies(followed(OPEN, REFUSED)) == [RETRY + OPEN.content, b""]


def test_a_refusal_is_an_answer_like_any_other() -> None:
    sent = followed(REFUSED)
    assert (sent[0]["status"], bodies(sent)) == (401, [REFUSED.content])


def test_no_stream_lasts_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "STREAM_SECONDS", 0.2)
    assert bodies(followed(OPEN))[-1] == b""


def test_who_comes_when_too_many_follow_has_one_event(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MOST", 0)
    assert bodies(followed(OPEN)) == [OPEN.content]
