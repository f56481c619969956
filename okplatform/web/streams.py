"""Live streams: ``notify`` tells open pages what changed; they hear it at ``/events/<channel>/``.

A channel is ``<kind>:<key>``, such as ``person:12``. An app registers in ``AppConfig.ready()`` who
may listen to its kind. Nothing is kept: a page that was away hears ``ready`` and asks for the
present state. See static/js/live.js for the other end.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from functools import cache
from http import HTTPStatus
from typing import Any
from weakref import WeakKeyDictionary

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
from okplatform.web.permissions import PERSON

log = structlog.get_logger(__name__)

PING_SECONDS = 15.0
PING = b"event: ping\ndata: {}\n\n"
# A browser that lost its stream tries again after this long.
RETRY = b"retry: 2000\n\n"
# Then the browser opens a new one, and whoever may no longer listen is refused.
STREAM_SECONDS = 600.0
STREAMS_PER_PERSON = 12
REDIS_TIMEOUT_SECONDS = 0.5

Authoriser = Callable[[int, str], bool]
"""Given a person's id and a channel's key, tells whether that person may listen."""

_authorisers: dict[str, Authoriser] = {}
# Whose the open streams are. Weak, so that a stream that ends in any way is gone from here too.
_open: WeakKeyDictionary[AsyncIterator[bytes], int] = WeakKeyDictionary()


def register_channel(kind: str, may_listen: Authoriser) -> None:
    """Say who may listen to the channels ``kind:…``; raises ``ValueError`` for a second answer."""
    if kind in _authorisers:
        raise ValueError(f"somebody decides about {kind} channels already")
    _authorisers[kind] = may_listen


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
    """One open stream; needs the ASGI server."""

    required_permission = PERSON

    async def get(self, request: HttpRequest, channel: str) -> HttpResponse | StreamingHttpResponse:
        """Check who listens, let go of the database, and stream."""
        if not isinstance(request, ASGIRequest):
            # A WSGI worker would be held by this one reader for good.
            return HttpResponse(status=HTTPStatus.NOT_IMPLEMENTED)
        person_id = await sync_to_async(_person_who_may_listen)(request, channel)
        if person_id is None:
            return HttpResponse(status=HTTPStatus.FORBIDDEN)
        if list(_open.values()).count(person_id) >= STREAMS_PER_PERSON:
            return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": "30"})
        stream = _stream(channel)
        _open[stream] = person_id
        return StreamingHttpResponse(
            stream,
            content_type="text/event-stream; charset=utf-8",
            headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
        )


def _person_who_may_listen(request: HttpRequest, channel: str) -> int | None:
    """Return the reader's id, or None for a refusal; leaves no connection open for the stream."""
    kind, _, key = channel.partition(":")
    may_listen = _authorisers.get(kind)
    try:
        person_id = request.user.pk if may_listen else None
        allowed = person_id is not None and may_listen is not None and may_listen(person_id, key)
        return person_id if allowed else None
    finally:
        connections.close_all()


async def _stream(channel: str) -> AsyncIterator[bytes]:
    """Yield what is published to the channel, and a ping in every silence."""
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + STREAM_SECONDS
    with current_hub().listen(channel) as listener:
        yield RETRY
        while loop.time() < ends_at:
            try:
                async with asyncio.timeout(PING_SECONDS):
                    message = await listener.get()
            except TimeoutError:
                message = PING
            yield message
