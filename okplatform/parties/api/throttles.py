"""A limit per key, counted in Redis over all processes, and told in headers.

The headers are those of draft-ietf-httpapi-ratelimit-headers-10: ``RateLimit-Policy`` says the
quota and its window in seconds, ``RateLimit`` what remains and when the window ends.
"""

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


class KeyThrottle(BaseThrottle):
    """At most OK_API_CALLS_PER_MINUTE calls per key in each clock minute.

    A fixed window costs one round trip. Without Redis every call passes: a limit protects the
    service, and refusing all tills would be the outage it is there to prevent.
    """

    @override
    def allow_request(self, request: Request, view: Any) -> bool:
        """Count the call and say whether it is within the limit."""
        limit: int = settings.OK_API_CALLS_PER_MINUTE
        window, self.passed = divmod(int(clock.now().timestamp()), WINDOW_SECONDS)
        try:
            used = self._count(f"ok:calls:{till_of(request).key_id}:{window}")
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

    @staticmethod
    def _count(name: str) -> int:
        pipe = _client().pipeline(transaction=False)
        pipe.set(name, 0, ex=2 * WINDOW_SECONDS, nx=True)
        pipe.incr(name)
        return int(pipe.execute()[1])
