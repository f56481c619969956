"""Tell the worker after a commit that events wait.

Each process rings at most once per ``GATHER_SECONDS``, from a thread of its own, so that a till
does not wait for Redis. A mark in Redis keeps at most one nudge under way: whoever sets the mark
sends the task, and the task takes the mark away before it reads for the last time, so that a commit
is either seen by that reading or sends the next task. A nudge that gets lost, with its process or
with Redis, costs a second at most: beat sweeps.
"""

import atexit
import os
import threading
import time
from datetime import timedelta
from functools import cache

import redis
import structlog
from celery import Celery
from django.conf import settings
from typing_extensions import override

log = structlog.get_logger(__name__)

MARK = "ok:relay:nudged"
# Longer than a relay gathers; after this the mark of a lost task no longer silences others.
MARK_LASTS = timedelta(seconds=5)
TIMEOUT_SECONDS = 0.5
# Nobody sees so short a wait, and at full load it makes one nudge of many.
GATHER_SECONDS = 0.04


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
    )


@cache
def _tasks() -> Celery:
    """Return what sends tasks; the wiring's own Celery app lies above the kernel."""
    return Celery(broker=settings.CELERY_BROKER_URL, set_as_current=False)


class _Bell(threading.Thread):
    """Rings a moment after it was asked to, once for all who ask meanwhile."""

    def __init__(self) -> None:
        super().__init__(name="nudge", daemon=True)
        self.asked = threading.Event()
        self._turn = threading.Lock()

    @override
    def run(self) -> None:
        """Ring whenever somebody has asked."""
        while self.asked.wait():
            time.sleep(GATHER_SECONDS)  # noqa: TID251 -- not waiting for something: gathering
            self.ring_if_asked()

    def ring_if_asked(self) -> None:
        """Ring now, or do nothing; Redis may be down."""
        with self._turn:
            if not self.asked.is_set():
                return
            # First, so that whoever commits from here on asks anew.
            self.asked.clear()
            try:
                _ring()
            except Exception:
                log.exception("nudge_failed")


@cache
def _bell() -> _Bell:
    bell = _Bell()
    bell.start()
    atexit.register(bell.ring_if_asked)
    return bell


# A thread does not come along into a forked process.
os.register_at_fork(after_in_child=_bell.cache_clear)


def nudge() -> None:
    """Ask for a relay run soon; runs after commit and returns at once."""
    _bell().asked.set()


def _ring() -> None:
    """Send the relay's task, unless one is under way; raises Redis's errors."""
    if _client().set(MARK, 1, nx=True, px=MARK_LASTS):
        _tasks().send_task("kernel.relay", ignore_result=True, retry=False)


def heard() -> None:
    """Take the mark away; the relay calls it before it reads the outbox for the last time."""
    _client().delete(MARK)
