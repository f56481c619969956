"""Redis only hurries: what it loses, or cannot be told, is delivered all the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings
from pytest_django import DjangoAssertNumQueries

from okplatform.kernel import nudge, tasks
from tests.kernel.post import PostOffice, send, sent, waiting

pytestmark = pytest.mark.django_db

QUEUE = "celery"


@pytest.fixture(autouse=True)
def earlier_tests_have_rung(redis_client: redis.Redis) -> None:
    _bell_rings()
    redis_client.flushdb()


def _bell_rings() -> None:
    """The moment of gathering is over."""
    nudge._bell().ring_if_asked()


@pytest.fixture
def no_redis(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Redis is down: nobody listens at its address."""
    monkeypatch.setattr(settings, "REDIS_URL", f"unix://{tmp_path}/nobody.sock")
    nudge._client.cache_clear()
    yield
    nudge._client.cache_clear()


def test_many_commits_make_one_nudge(office: PostOffice, redis_client: redis.Redis) -> None:
    office.hire("sorter")
    send("a")
    send("b")
    _bell_rings()
    assert redis_client.llen(QUEUE) == 1
    tasks.deliver()
    assert waiting() == []
    send("c")
    _bell_rings()
    assert redis_client.llen(QUEUE) == 2


def test_an_event_that_nobody_handles_nudges_nobody(redis_client: redis.Redis) -> None:
    send("a")
    _bell_rings()
    assert redis_client.keys() == []


def test_the_sweep_delivers_what_a_lost_nudge_announced(
    office: PostOffice, redis_client: redis.Redis
) -> None:
    office.hire("sorter")
    send("a")
    _bell_rings()
    redis_client.flushdb()
    tasks.sweep()
    assert office.sorted_by("sorter") == ["a/1"]


@pytest.mark.usefixtures("no_redis")
def test_an_action_stands_while_redis_is_down_and_the_sweep_delivers(office: PostOffice) -> None:
    office.hire("sorter")
    send("a")
    assert sent() == [("a", 1)]
    assert waiting() == ["a"]
    tasks.sweep()
    assert office.sorted_by("sorter") == ["a/1"]


def test_a_sweep_with_nothing_to_do_reads_once(
    office: PostOffice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    office.hire("sorter")
    with django_assert_num_queries(3):  # the claim, and its savepoint in the test's transaction
        tasks.sweep()
