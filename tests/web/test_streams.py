"""What can be said of streams without a server; the rest stands in tests/browser."""

import asyncio
from http import HTTPStatus

import pytest
import redis
from asgiref.sync import async_to_sync
from django.test import Client
from pytest_django import Settings

from okplatform.parties.models import Person
from okplatform.web import streams
from okplatform.web.hub import QUEUE_LENGTH, READY, Hub


@pytest.mark.django_db
def test_a_wsgi_worker_is_never_held_by_a_stream(client: Client, alice: Person) -> None:
    client.force_login(alice)
    response = client.get(f"/events/person:{alice.pk}/")
    assert response.status_code == HTTPStatus.NOT_IMPLEMENTED


def test_a_reader_that_is_too_slow_starts_afresh_and_loses_nothing_silently() -> None:
    async def scenario() -> None:
        hub = Hub()
        with hub.listen("person:1") as listener:
            for number in range(QUEUE_LENGTH + 1):
                hub._hand_out(b"person:1", b"%d" % number)
            assert listener.get_nowait() == READY
            assert listener.empty()

    async_to_sync(scenario)()


def test_who_hears_of_one_channel_hears_nothing_of_another() -> None:
    async def scenario() -> None:
        hub = Hub()
        with hub.listen("person:1") as one, hub.listen("person:2") as other:
            hub._hand_out(b"person:2", b"for two")
            assert one.empty()
            assert other.get_nowait() == b"for two"

    async_to_sync(scenario)()


def test_after_a_lost_connection_to_redis_readers_start_afresh(redis_client: redis.Redis) -> None:
    own = str(redis_client.get_connection_kwargs()["db"])

    async def scenario() -> None:
        with Hub().listen("person:1") as listener:
            async with asyncio.timeout(10):
                assert await listener.get() == READY
                for client in redis_client.client_list(_type="pubsub"):
                    if client["db"] == own:
                        redis_client.client_kill_filter(_id=client["id"])
                assert await listener.get() == READY
                streams.notify("person:1", "receipt", {"id": 7})
                assert await listener.get() == b'event: receipt\ndata: {"id":7}\n\n'

    async_to_sync(scenario)()


def test_two_apps_cannot_both_decide_who_listens() -> None:
    with pytest.raises(ValueError, match="person"):
        streams.register_channel("person", lambda _person_id, _key: True)


def test_notify_without_redis_disturbs_nobody(settings: Settings) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    streams._publisher.cache_clear()
    try:
        streams.notify("person:1", "receipt", {"id": 7})
    finally:
        streams._publisher.cache_clear()
