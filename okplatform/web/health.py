"""What the machines around OK ask: are you there, can you work, how are you doing."""

import hmac
import ipaddress
import os
from collections.abc import Callable
from http import HTTPStatus

import redis
import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import View
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from redis.exceptions import RedisError

from okplatform.kernel import db
from okplatform.web.permissions import EVERYONE, MACHINE

log = structlog.get_logger(__name__)

REDIS_TIMEOUT_SECONDS = 1.0


class LiveView(View):
    """``/health/live``: the process answers. Restart it when it does not."""

    required_permission = EVERYONE

    def get(self, _request: HttpRequest) -> JsonResponse:
        """Say so."""
        return JsonResponse({"live": True})


class ReadyView(View):
    """``/health/ready``: PostgreSQL and Redis answer. Send no requests here when they do not."""

    required_permission = EVERYONE

    def get(self, _request: HttpRequest) -> JsonResponse:
        """Ask both, and answer 503 when one is away."""
        checks = {"database": _answers(_ask_database), "redis": _answers(_ask_redis)}
        ready = all(checks.values())
        status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
        return JsonResponse({"ready": ready, **checks}, status=status)


class MetricsView(View):
    """``/metrics`` for Prometheus; figures of all processes when they share a directory.

    ``PROMETHEUS_MULTIPROC_DIR`` is that directory; without it these are this process's own figures.
    """

    required_permission = MACHINE

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer our own monitoring, and nobody else."""
        if not _is_our_monitoring(request):
            return HttpResponse(status=HTTPStatus.FORBIDDEN)
        registry = REGISTRY
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # theirs
        return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _is_our_monitoring(request: HttpRequest) -> bool:
    """Tell whether the token fits, or the request comes from this machine and through no proxy."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    expected = settings.METRICS_TOKEN
    if expected and hmac.compare_digest(token.encode(), expected.encode()):
        return True
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return not forwarded and _is_loopback(request.META.get("REMOTE_ADDR", ""))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _answers(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except (DatabaseError, RedisError) as error:
        log.warning("not_ready", asked=ask.__name__, error=type(error).__name__)
        return False
    return True


def _ask_database() -> None:
    db.call("SELECT 1", ())


def _ask_redis() -> None:
    with redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=REDIS_TIMEOUT_SECONDS,
        socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
    ) as client:
        client.ping()
