"""A limit per key, counted in Redis over all processes, and told in headers.

The headers are those of draft-ietf-httpapi-ratelimit-headers-10: ``RateLimit-Policy`` says the
quota and its window in seconds, ``RateLimit`` what remains and when the window ends.
"""

import threading
from functools import cache
from typing import Any

import redis
import structlog
from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.parties.api.authentication import till_of

log = structlog.get_logger(__name__)

WINDOW_SECONDS = 60
REDIS_TIMEOUT_SECONDS = 0.2


@cache
def _client() -> "redis.Redis":
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=REDIS_TIMEOUT_SECONDS,
        socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
    )


class _Leases:
    """Calls that this process has counted in Redis already and not made yet, per key.

    One round trip then counts for many calls. What is leased and not used is lost with the minute:
    at most a six-hundredth of the limit per process.
    """

    LEASES_PER_WINDOW = 600

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._window = 0
        self._left: dict[str, tuple[int, int]] = {}

    def use(self, key: str, *, window: int, limit: int) -> int:
        """Count one call; return how many were made in this window, over all processes."""
        with self._lock:
            if window != self._window:
                self._window, self._left = window, {}
            counted, left = self._left.pop(key, (0, 0))
        if not left:
            left = max(1, limit // self.LEASES_PER_WINDOW)
            counted = _count(f"ok:calls:{key}:{window}", left)
        used = counted - left + 1
        with self._lock:
            if left > 1 and window == self._window:
                # Another thread may have leased meanwhile: both leases are ours to use.
                others_counted, others_left = self._left.get(key, (0, 0))
                self._left[key] = max(counted, others_counted), left - 1 + others_left
        return used


_leases = _Leases()


def _count(name: str, calls: int) -> int:
    pipe = _client().pipeline(transaction=False)
    pipe.set(name, 0, ex=2 * WINDOW_SECONDS, nx=True)
    pipe.incrby(name, calls)
    return int(pipe.execute()[1])


class KeyThrottle(BaseThrottle):
    """At most OK_API_CALLS_PER_MINUTE calls per key in each clock minute, or what the key says.

    Counted in Redis over all processes, some at a time. Without Redis every call passes: a limit
    protects the service, and refusing all tills would be the outage it is there to prevent.
    """

    @override
    def allow_request(self, request: Request, view: Any) -> bool:
        """Count the call and say whether it is within the limit."""
        till = till_of(request)
        limit: int = settings.OK_API_CALLS_PER_MINUTE
        if till.calls_per_minute is not None:
            limit = min(limit, till.calls_per_minute)
        window, self.passed = divmod(int(clock.now().timestamp()), WINDOW_SECONDS)
        try:
            used = _leases.use(till.key_id, window=window, limit=limit)
        except redis.RedisError:
            log.warning("throttle_without_redis")
            return True
        remaining = max(limit - used, 0)
        view.headers["RateLimit-Policy"] = f'"key";q={limit};w={WINDOW_SECONDS}'
        view.headers["RateLimit"] = f'"key";r={remaining};t={WINDOW_SECONDS - self.passed}'
        return used <= limit

    @override
    def wait(self) -> float:
        """Return the seconds until the next window."""
        return WINDOW_SECONDS - self.passed
