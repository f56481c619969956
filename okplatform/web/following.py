"""Answers that go on: one connection that tells each news of one thing, as server-sent events.

A view answers ``told``: how the thing stands, and while more may come, on which channel. The server
(okplatform/asgi.py) then lets the view look again whenever something is said there, and at each
heartbeat, and tells what is new; a look costs what a call costs, and between two of them a stream
holds no thread and no database connection. As each look signs in again, a key that was revoked
hears no more. Behind another server there is one event, and whoever follows comes again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse

from okplatform.web.hub import Listener, current_hub
from okplatform.web.waiting import Environ, Run

HEADER = "ok-following"
TYPE = "text/event-stream; charset=utf-8"
LOOK_SECONDS = 10.0
"""From one heartbeat to the next: what nobody announces is seen then."""

STREAM_SECONDS = 600.0
"""Then whoever follows comes again."""

MOST = 1_000
"""As many may be open in one process; whoever comes then has one event, and comes again."""

PING = b": still there\n\n"
RETRY = b"retry: 2000\n\n"

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

_open: set[object] = set()


def told(event: str, data: bytes, *, channel: str | None) -> HttpResponse:
    """Return an event with JSON on one line; with a channel, more may be told there."""
    answer = HttpResponse(b"event: %b\ndata: %b\n\n" % (event.encode(), data), content_type=TYPE)
    answer["Cache-Control"] = "no-cache"
    answer["X-Accel-Buffering"] = "no"
    if channel is not None:
        answer[HEADER] = channel
    return answer


async def follow(environ: Environ, run: Run, receive: Receive, send: Send) -> None:
    """Answer a request, and go on while there is more to come."""
    status, headers, content = await run({**environ})
    channel = _channel(headers)
    kept = [each for each in headers if each[0] not in {HEADER.encode(), b"content-length"}]
    await send({"type": "http.response.start", "status": status, "headers": kept})
    if channel is None or len(_open) >= MOST:
        await send({"type": "http.response.body", "body": content})
        return
    mark = object()
    _open.add(mark)
    # All of the request was read: what comes now is that the reader has gone.
    gone = asyncio.ensure_future(receive())
    try:
        await send(_more(RETRY + content))
        with current_hub().listen(channel) as listener:
            await _go_on(environ, run, content, listener=listener, gone=gone, send=send)
        if not gone.done():
            await send({"type": "http.response.body", "body": b""})
    finally:
        _open.discard(mark)
        gone.cancel()


async def _go_on(
    environ: Environ,
    run: Run,
    content: bytes,
    *,
    listener: Listener,
    gone: "asyncio.Future[Any]",
    send: Send,
) -> None:
    """Look at each news and each heartbeat, until it has ended or the reader has gone."""
    until = asyncio.get_running_loop().time() + STREAM_SECONDS
    while asyncio.get_running_loop().time() < until:
        await _news(listener, gone)
        if gone.done():
            return
        status, headers, seen = await run({**environ})
        if status != HTTPStatus.OK:
            return  # it may no longer be followed: who comes again is told why
        await send(_more(PING if seen == content else seen))
        content = seen
        if _channel(headers) is None:
            return


async def _news(listener: Listener, gone: "asyncio.Future[Any]") -> None:
    """Wait until something was said, the reader has gone, or it is time for a heartbeat."""
    news = asyncio.ensure_future(listener.get())
    try:
        await asyncio.wait({news, gone}, timeout=LOOK_SECONDS, return_when="FIRST_COMPLETED")
    finally:
        news.cancel()
        with suppress(asyncio.CancelledError):
            await news


def _more(body: bytes) -> Mapping[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": True}


def _channel(headers: Sequence[tuple[bytes, bytes]]) -> str | None:
    return next((value.decode() for name, value in headers if name == HEADER.encode()), None)
