"""Answers that a sandbox delays or cuts on purpose, so that tills are tried before lines fail.

A view of test mode marks its request; the server (okplatform/asgi.py) then waits on its event loop,
holding no thread and no connection, or ends the line within the answer. Behind another server the
mark means nothing, and the answer comes as it is.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest

from okplatform.kernel.modes import Mode

MARK = "ok.spoiled"
CUT_LENGTH = b"1000"
"""Bytes that a cut answer promises; one comes."""

MOST = 200
"""As many may be late in one process; whoever comes then is answered at once."""

Send = Callable[[Mapping[str, Any]], Awaitable[None]]

_late: set[object] = set()


class NotInLiveModeError(Exception):
    """Somebody wanted to spoil an answer about real money."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoiled:
    """What happens to an answer: it comes ``seconds`` late, or is cut off."""

    seconds: int = 0
    is_cut: bool = False


def spoil(request: HttpRequest, how: Spoiled, *, mode: str) -> None:
    """Let the server spoil this answer; raises ``NotInLiveModeError``."""
    if mode != Mode.TEST:
        raise NotInLiveModeError
    request.META[MARK] = how


async def is_cut(how: Spoiled, send: Send) -> bool:
    """Wait as long as an answer is late; or send its beginning, and say that no more comes."""
    if how.is_cut:
        headers = [(b"content-length", CUT_LENGTH)]
        await send({"type": "http.response.start", "status": HTTPStatus.OK, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
        return True
    if len(_late) < MOST:
        mark = object()
        _late.add(mark)
        try:
            await asyncio.sleep(how.seconds)
        finally:
            _late.discard(mark)
    return False
