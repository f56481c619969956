"""One Redis subscription per process, handed out to every open stream in it.

A listener gets ``READY`` once everything published from then on will reach it: at the start, after
Redis was away, and after it was too slow and lost something. Whoever hears it fetches what it may
have missed.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakKeyDictionary

import redis.asyncio as redis
import structlog
from django.conf import settings
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

_DATABASE = redis.connection.parse_url(settings.REDIS_URL).get("db", 0)
# Channels reach every database of a Redis server; the number keeps two installations on one apart.
PREFIX = b"ok:%d:stream:" % _DATABASE
READY = b"event: ready\ndata: {}\n\n"
# A reader this far behind is better served by starting afresh.
QUEUE_LENGTH = 256
RETRY_SECONDS = 1.0

Listener = asyncio.Queue[bytes]


class Hub:
    """The open streams of one event loop."""

    def __init__(self) -> None:
        self._listeners: defaultdict[bytes, set[Listener]] = defaultdict(set)
        self._reading: asyncio.Task[None] | None = None
        self._subscribed = False

    @contextmanager
    def listen(self, channel: str) -> Iterator[Listener]:
        """Hear everything published to ``channel`` while the context lasts."""
        name = channel.encode()
        listener = Listener(QUEUE_LENGTH)
        self._listeners[name].add(listener)
        if self._reading is None:
            self._reading = asyncio.create_task(self._read())
        elif self._subscribed:
            listener.put_nowait(READY)
        try:
            yield listener
        finally:
            self._listeners[name].discard(listener)
            if not self._listeners[name]:
                del self._listeners[name]
            if not self._listeners:
                self._reading.cancel()
                self._reading, self._subscribed = None, False

    async def _read(self) -> None:
        """Read from Redis until nobody listens; a Redis that went away is tried again."""
        while True:
            client = redis.Redis.from_url(settings.REDIS_URL)
            try:
                await self._subscribe(client)
            except (RedisError, OSError) as error:
                log.warning("stream_subscription_lost", error=type(error).__name__)
            finally:
                self._subscribed = False
                await client.aclose()
            await asyncio.sleep(RETRY_SECONDS)

    async def _subscribe(self, client: "redis.Redis") -> None:
        """Hand out every message until Redis goes away."""
        async with client.pubsub() as subscription:
            await subscription.psubscribe(PREFIX + b"*")
            async for message in subscription.listen():
                if message["type"] == "psubscribe":
                    self._subscribed = True
                    self._everybody_starts_afresh()
                elif message["type"] == "pmessage":
                    self._hand_out(message["channel"].removeprefix(PREFIX), message["data"])

    def _everybody_starts_afresh(self) -> None:
        for listeners in self._listeners.values():
            for listener in listeners:
                _start_afresh(listener)

    def _hand_out(self, channel: bytes, text: bytes) -> None:
        for listener in self._listeners.get(channel, ()):
            if listener.full():
                _start_afresh(listener)
            else:
                listener.put_nowait(text)


def _start_afresh(listener: Listener) -> None:
    """Forget what waits: the reader is about to fetch the whole truth."""
    while not listener.empty():
        listener.get_nowait()
    listener.put_nowait(READY)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def current_hub() -> Hub:
    """Return the hub of the running event loop; a server process has one."""
    return _hubs.setdefault(asyncio.get_running_loop(), Hub())
