"""Answers that come late or are cut off, as the server sends them."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from okplatform import asgi
from okplatform.web import spoiling
from okplatform.web.spoiling import MARK, Spoiled, is_cut

Sent = list[Mapping[str, Any]]


def spoiled(how: Spoiled) -> tuple[Sent, bool]:
    """Return what was sent in the answer's place, and whether that is all."""
    sent: Sent = []

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    with ThreadPoolExecutor(1) as pool:
        is_all = pool.submit(asyncio.run, is_cut(how, send)).result()
    return sent, is_all


def test_a_cut_answer_begins_and_never_ends() -> None:
    sent, is_all = spoiled(Spoiled(is_cut=True))
    assert is_all
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert sent[-1]["more_body"]
    assert len(sent[-1]["body"]) < int(spoiling.CUT_LENGTH)


def test_a_late_answer_comes_whole() -> None:
    assert spoiled(Spoiled(seconds=0)) == ([], False)


def test_who_comes_when_too_many_are_late_is_answered_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spoiling, "MOST", 0)
    assert spoiled(Spoiled(seconds=3600)) == ([], False)


@pytest.mark.parametrize("mark", [Spoiled(is_cut=True), None])
def test_the_server_looks_at_the_mark_and_at_nothing_else(
    monkeypatch: pytest.MonkeyPatch, mark: Spoiled | None
) -> None:
    def view(environ: dict[str, Any]) -> Any:
        if mark is not None:
            environ[MARK] = mark
        return 200, [], b"{}"

    monkeypatch.setattr(asgi, "_run", view)
    sent: Sent = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "PUT",
        "scheme": "http",
        "path": "/api/v1/sales/1",
        "query_string": b"",
        "headers": [],
    }
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, asgi.application(scope, receive, send)).result()
    assert sent[-1].get("more_body", False) is (mark is not None)
