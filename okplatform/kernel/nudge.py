"""Tell the worker at commit that events wait.

A mark in Redis keeps at most one nudge under way: whoever sets the mark sends the task, and the
task takes the mark away before it reads, so that a commit is either seen by that reading or sends
the next task. A nudge that gets lost costs a second at most: beat sweeps.
"""

from datetime import timedelta
from functools import cache

import redis
from celery import Celery
from django.conf import settings

MARK = "ok:relay:nudged"
# Longer than any queue should be; after this the mark of a lost task no longer silences others.
MARK_LASTS = timedelta(seconds=2)
TIMEOUT_SECONDS = 0.5


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
    )


@cache
def _tasks() -> Celery:
    """Return what sends tasks; the wiring's own Celery app lies above the kernel."""
    return Celery(broker=settings.CELERY_BROKER_URL, set_as_current=False)


def nudge() -> None:
    """Ask for a relay run, unless one is asked for already; runs after commit, may fail."""
    if _client().set(MARK, 1, nx=True, px=MARK_LASTS):
        _tasks().send_task("kernel.relay", ignore_result=True, retry=False)


def heard() -> None:
    """Take the mark away; the relay calls it before it reads the outbox."""
    _client().delete(MARK)
