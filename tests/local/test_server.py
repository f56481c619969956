"""The server's entry as the server calls it: one ASGI request at a time."""

import asyncio
import json
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from django.conf import settings

from okplatform.asgi import DRAINED_BYTES, _environ, application
from okplatform.web import hub, streams, waiting

LIMIT = settings.DATA_UPLOAD_MAX_MEMORY_SIZE


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    content: bytes
    received: int


def scope(
    path: str, *, method: str = "GET", headers: Sequence[tuple[bytes, bytes]] = ()
) -> dict[str, Any]:
    return {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "query_string": b"",
        "headers": [(b"host", b"localhost"), *headers],
        "server": ("localhost", 8000),
        "client": ("192.0.2.7", 1234),
    }


def run(call: Coroutine[Any, Any, None]) -> None:
    """Run in a thread: one with an event loop of its own (Playwright's) may be running in this."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, call).result()


def ask(request: dict[str, Any], *, chunks: Sequence[bytes] = (b"",)) -> Answer:
    answer = Answer(status=0, headers={}, content=b"", received=0)

    async def receive() -> dict[str, Any]:
        chunk = chunks[answer.received]
        answer.received += 1
        more = answer.received < len(chunks)
        return {"type": "http.request", "body": chunk, "more_body": more}

    async def send(message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            answer.content += message["body"]

    run(application(request, receive, send))
    return answer


def test_a_body_over_the_limit_is_refused_with_a_problem_document() -> None:
    answer = ask(
        scope("/api/v1/sales/1", method="PUT", headers=[(b"accept-language", b"nl")]),
        chunks=[b"x" * LIMIT, b"y"],
    )
    assert answer.status == 413
    assert answer.headers["content-type"] == "application/problem+json"
    document = json.loads(answer.content)
    assert document["code"] == "body_too_large"
    assert document["status"] == 413
    assert document["limit_bytes"] == LIMIT
    assert len(document["trace_id"]) == 32


def test_a_body_without_end_is_not_read_to_its_end() -> None:
    chunks = [b"x" * 2**20] * (2 * DRAINED_BYTES // 2**20)
    answer = ask(scope("/nowhere", method="POST"), chunks=chunks)
    assert answer.status == 413
    assert answer.received < len(chunks)


def test_a_body_of_exactly_the_limit_reaches_the_application() -> None:
    answer = ask(scope("/nowhere", method="POST"), chunks=[b"x" * LIMIT])
    assert answer.status != 413


def test_a_client_that_goes_away_half_way_leaves_nothing_behind() -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Mapping[str, Any]) -> None:
        raise AssertionError(message)

    run(application(scope("/nowhere", method="POST"), receive, send))


def test_headers_arrive_as_wsgi_wants_them() -> None:
    environ = _environ(
        scope(
            "/caf\u00e9",
            headers=[
                (b"content-type", b"application/json"),
                (b"content-length", b"999"),
                (b"transfer-encoding", b"chunked"),
                (b"x-list", b"one"),
                (b"x-list", b"two"),
                (b"cookie", b"a=1"),
                (b"cookie", b"b=2"),
            ],
        ),
        b"four",
    )
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/caf\u00e9"
    assert environ["CONTENT_TYPE"] == "application/json"
    assert environ["CONTENT_LENGTH"] == "4"
    assert environ["REMOTE_ADDR"] == "192.0.2.7"
    assert environ["HTTP_X_LIST"] == "one,two"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert "HTTP_CONTENT_LENGTH" not in environ
    assert "HTTP_TRANSFER_ENCODING" not in environ


def test_a_header_with_an_underscore_cannot_pose_as_the_proxys() -> None:
    environ = _environ(scope("/", headers=[(b"x_forwarded_proto", b"https")]), b"")
    assert "HTTP_X_FORWARDED_PROTO" not in environ


SALE = "/api/v1/sales/6f6bd1f8-0d0a-4d0e-8f3b-2a7f0f1f9c11"


def test_a_program_is_answered_without_what_is_for_browsers() -> None:
    headers = [(b"authorization", b"Bearer no-key"), (b"accept-language", b"nl")]
    answer = ask(scope(SALE, headers=headers))

    assert answer.status == 401
    document = json.loads(answer.content)
    assert document["code"] == "key_invalid"
    assert document["detail"].startswith("Deze API-sleutel")
    assert answer.headers["trace-id"] == document["trace_id"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "content-security-policy" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "spoken", "sentence"),
    [
        (b"nl", "nl", "Deze API-sleutel"),
        (b"en-GB,en;q=0.8", "en", "This API key"),
        (b"xx", "nl", "Deze API-sleutel"),
    ],
)
def test_a_program_is_answered_in_the_language_it_asks_for(
    asked: bytes, spoken: str, sentence: str
) -> None:
    headers = [(b"authorization", b"Bearer no-key"), (b"accept-language", asked)]
    answer = ask(scope(SALE, headers=headers))

    assert json.loads(answer.content)["detail"].startswith(sentence)
    assert answer.headers["content-language"] == spoken
    assert "Accept-Language" in answer.headers["vary"]


def test_whoever_offers_no_key_passes_all_that_a_browser_does() -> None:
    answer = ask(scope(SALE))

    assert answer.status == 401
    assert "content-security-policy" in answer.headers


def test_a_key_opens_no_page() -> None:
    answer = ask(scope("/nowhere", headers=[(b"authorization", b"Bearer no-key")]))

    assert answer.status == 404
    assert "content-security-policy" in answer.headers


def test_a_view_that_may_wait_is_asked_again_when_there_is_news(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hub, "_hubs", WeakKeyDictionary())
    looks: list[bool] = []

    async def look(environ: dict[str, Any]) -> waiting.Answer:
        looks.append(bool(environ.get(waiting.MAY_WAIT)))
        if len(looks) < 3:
            return 200, [(waiting.HEADER.encode(), b"25 sale:1")], b""
        return 200, [], b"news"

    async def ask_and_tell() -> waiting.Answer:
        answering = asyncio.ensure_future(waiting.answered({}, look))
        while len(looks) < 2:  # the hub said "ready", so that nothing was missed
            await asyncio.sleep(0.01)
        await asyncio.to_thread(streams.notify, "sale:1", "sale", {})
        return await answering

    with ThreadPoolExecutor(1) as pool:
        _status, _headers, content = pool.submit(asyncio.run, ask_and_tell()).result()
    assert content == b"news"
    assert looks == [True, True, True]


def test_without_news_it_is_asked_a_last_time_and_must_answer() -> None:
    looks: list[bool] = []

    async def look(environ: dict[str, Any]) -> waiting.Answer:
        looks.append(bool(environ.get(waiting.MAY_WAIT)))
        headers = [(waiting.HEADER.encode(), b"0 sale:1")] if looks[-1] else []
        return 200, headers, b"as it stands"

    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(asyncio.run, waiting.answered({}, look)).result()
    assert answer == (200, [], b"as it stands")
    assert looks[-1] is False


def test_too_many_who_wait_are_answered_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "MOST", 0)

    async def look(environ: dict[str, Any]) -> waiting.Answer:
        return 200, [], b"now" if waiting.MAY_WAIT not in environ else b"later"

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(asyncio.run, waiting.answered({}, look)).result()[2] == b"now"
