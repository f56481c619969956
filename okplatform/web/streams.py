"""Live streams: ``notify`` tells open pages what changed; they hear it at ``/events/<channel>/``.

A channel is ``<kind>:<key>``, such as ``person:12``. An app registers in ``AppConfig.ready()`` who
may listen to its kind: a person, or whoever knows the key where that is unguessable. Nothing is
kept: a page that was away hears ``ready`` and asks for the present state. See static/js/live.js for
the other end.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import ExitStack
from functools import cache
from http import HTTPStatus
from typing import Any
from weakref import finalize

import orjson
import redis
import structlog
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.db import connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views import View
from redis.exceptions import RedisError

from okplatform.web.hub import PREFIX, current_hub
from okplatform.web.permissions import EVERYONE

log = structlog.get_logger(__name__)

PING_SECONDS = 15.0
PING = b"event: ping\ndata: {}\n\n"
# A browser that lost its stream tries again after this long.
RETRY = b"retry: 2000\n\n"
# Then the browser opens a new one, and whoever may no longer listen is refused.
STREAM_SECONDS = 600.0
STREAMS_PER_READER = 12
REDIS_TIMEOUT_SECONDS = 0.5

Authoriser = Callable[[int, str], bool]
"""Given a person's id and a channel's key, tells whether that person may listen."""

Knows = Callable[[str], bool]
"""Given an unguessable key, tells whether there is such a channel."""

_authorisers: dict[str, Authoriser] = {}
_secret: dict[str, Knows] = {}
# How many streams each reader has open in this process.
_open: Counter[str] = Counter()


def register_channel(kind: str, may_listen: Authoriser) -> None:
    """Say who may listen to the channels ``kind:…``; raises ``ValueError`` for a second answer."""
    _check_free(kind)
    _authorisers[kind] = may_listen


def register_secret_channel(kind: str, knows: Knows) -> None:
    """Let whoever knows a key listen to ``kind:<key>``, signed in or not; as ``register_channel``.

    What is sent there is no more than the page at that secret address shows.
    """
    _check_free(kind)
    _secret[kind] = knows


def _check_free(kind: str) -> None:
    if kind in _authorisers or kind in _secret:
        raise ValueError(f"somebody decides about {kind} channels already")


def notify(channel: str, event: str, data: Mapping[str, Any]) -> None:
    """Tell whoever listens to ``channel`` what happened; call it after the commit.

    ``data`` becomes JSON. A page that misses this hears of it at its next ``ready``, so a Redis
    that is away is logged and never disturbs the caller.
    """
    text = b"event: %b\ndata: %b\n\n" % (event.encode(), orjson.dumps(data))
    try:
        _publisher().publish(PREFIX + channel.encode(), text)
    except RedisError as error:
        log.warning("notify_failed", channel_kind=channel.partition(":")[0], error=str(error))


@cache
def _publisher() -> "redis.Redis":
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=REDIS_TIMEOUT_SECONDS,
        socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
    )


class EventsView(View):
    """One open stream; needs the ASGI server. Each kind of channel says who may listen."""

    required_permission = EVERYONE

    async def get(self, request: HttpRequest, channel: str) -> HttpResponse | StreamingHttpResponse:
        """Check who listens, let go of the database, and stream."""
        if not isinstance(request, ASGIRequest):
            # A WSGI worker would be held by this one reader for good.
            return HttpResponse(status=HTTPStatus.NOT_IMPLEMENTED)
        reader = await sync_to_async(_reader_who_may_listen)(request, channel)
        if reader is None:
            return HttpResponse(status=HTTPStatus.FORBIDDEN)
        if _open[reader] >= STREAMS_PER_READER:
            return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": "30"})
        return StreamingHttpResponse(
            _Stream(channel, reader),
            content_type="text/event-stream; charset=utf-8",
            headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
        )


def _reader_who_may_listen(request: HttpRequest, channel: str) -> str | None:
    """Return who reads, or None for a refusal; leaves no connection open for the stream.

    Who reads a secret channel counts as one with all who know its key.
    """
    kind, _, key = channel.partition(":")
    may_listen, knows = _authorisers.get(kind), _secret.get(kind)
    try:
        if knows is not None:
            return channel if knows(key) else None
        person_id = request.user.pk if may_listen else None
        allowed = person_id is not None and may_listen is not None and may_listen(person_id, key)
        return f"person:{person_id}" if allowed else None
    finally:
        connections.close_all()


class _Stream:
    """What is published to a channel, and a ping in every silence.

    An object, not a generator: Django closes it as soon as the reader has gone, while a generator
    would wait for the garbage collector, and its reader be counted as long.
    """

    def __init__(self, channel: str, reader: str) -> None:
        self._loop = asyncio.get_running_loop()
        self._ends_at = self._loop.time() + STREAM_SECONDS
        self._has_begun = False
        listening = ExitStack()
        self._listener = listening.enter_context(current_hub().listen(channel))
        _open[reader] += 1
        listening.callback(_closed, reader)
        # Once: when Django closes it, from a thread of its own; else when nobody holds it any more.
        self._end = finalize(self, self._loop.call_soon_threadsafe, listening.close)
        self._end.atexit = False  # type: ignore[misc]  # the stubs know it as fixed

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if not self._has_begun:
            self._has_begun = True
            return RETRY
        if self._loop.time() >= self._ends_at:
            raise StopAsyncIteration
        try:
            async with asyncio.timeout(PING_SECONDS):
                return await self._listener.get()
        except TimeoutError:
            return PING

    def close(self) -> None:
        """Stop listening."""
        self._end()


def _closed(reader: str) -> None:
    _open[reader] -= 1
    if not _open[reader]:
        del _open[reader]
