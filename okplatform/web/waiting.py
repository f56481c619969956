"""Answers that may wait for news: a till asks once, instead of twice a second.

A view that has nothing new to say, and was told that it may (``may_wait``), answers ``not_yet``:
which channel to listen to, and how long. The server (okplatform/asgi.py) then listens on its event
loop, where a hundred waiting tills hold no thread and no database connection, and lets the view
look again when something was said there, and for the last time when the time is over. Behind
another server nobody tells a view that it may wait, and it answers at once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from okplatform.web.hub import current_hub

MAY_WAIT = "ok.may_wait"
HEADER = "ok-wait"
LONGEST_SECONDS = 25
"""Shorter than any proxy on the way thinks a server dead."""

MOST = 2_000
"""As many may wait in one process; whoever comes then is answered at once."""

Environ = Mapping[str, Any]
# Status, headers and content.
Answer = tuple[int, list[tuple[bytes, bytes]], bytes]
Run = Callable[[dict[str, Any]], Awaitable[Answer]]

_waiting: set[object] = set()


def may_wait(request: HttpRequest) -> bool:
    """Say whether whoever runs this view can wait."""
    return bool(request.META.get(MAY_WAIT))


def not_yet(*, channel: str, seconds: int) -> HttpResponse:
    """Return the answer that says: ask me again when there is news on ``channel``."""
    return HttpResponse(headers={HEADER: f"{seconds} {channel}"})


async def answered(environ: Environ, run: Run) -> Answer:
    """Return the answer to a request: the first, or the first with news."""
    if len(_waiting) >= MOST:
        return await run({**environ})
    answer = await run({**environ, MAY_WAIT: True})
    asked = _asked(answer)
    if asked is None:
        return answer
    mark = object()
    _waiting.add(mark)
    try:
        return await _with_news(environ, run, *asked)
    finally:
        _waiting.discard(mark)


async def _with_news(environ: Environ, run: Run, seconds: int, channel: str) -> Answer:
    until = asyncio.get_running_loop().time() + seconds
    # The hub says "ready" as soon as it listens: what happened since the first look is seen then.
    with current_hub().listen(channel) as listener:
        while True:
            try:
                async with asyncio.timeout_at(until):
                    await listener.get()
            except TimeoutError:
                return await run({**environ})
            answer = await run({**environ, MAY_WAIT: True})
            if _asked(answer) is None:
                return answer


def _asked(answer: Answer) -> tuple[int, str] | None:
    _status, headers, _content = answer
    found = next((value for name, value in headers if name == HEADER.encode()), None)
    if found is None:
        return None
    seconds, _, channel = found.decode().partition(" ")
    return int(seconds), channel
