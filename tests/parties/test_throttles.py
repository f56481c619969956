"""A key makes only so many calls a minute, counted over all processes."""

import pytest
import redis
from pytest_django import Settings

from okplatform.parties.api import throttles
from tests.support.world import World

pytestmark = pytest.mark.urls("tests.parties.probe")


def test_calls_beyond_the_limit_are_told_when_to_come_back(
    world: World, settings: Settings
) -> None:
    settings.OK_API_CALLS_PER_MINUTE = 2
    client = world.api(world.till.issue_key().text)

    answers = [client.get("/me/") for _ in range(2 * 3)]
    # The minute may turn once while we call: of six calls, a limit of two lets at most four pass.
    passed = [answer for answer in answers if answer.status_code == 200]
    refused = [answer for answer in answers if answer.status_code == 429]

    assert 2 <= len(passed) <= 4
    assert len(passed) + len(refused) == 6
    assert refused[0].json()["code"] == "too_many_requests"
    assert 1 <= int(refused[0]["Retry-After"]) <= 61
    assert passed[0]["RateLimit-Policy"] == '"key";q=2;w=60'
    assert passed[0]["RateLimit"].startswith('"key";r=1;t=')
    assert refused[0]["RateLimit"].startswith('"key";r=0;t=')


def test_one_key_does_not_use_up_anothers_calls(world: World, settings: Settings) -> None:
    settings.OK_API_CALLS_PER_MINUTE = 1
    for _ in range(3):
        world.api(world.till.issue_key().text).get("/me/")

    assert world.api(world.haarlem.key).get("/me/").status_code == 200


def test_tills_go_on_selling_without_redis(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = redis.Redis(unix_socket_path="/nowhere/redis.sock")
    monkeypatch.setattr(throttles, "_client", lambda: nobody)

    answer = world.api(world.till.key).get("/me/")

    assert answer.status_code == 200
    assert "RateLimit" not in answer
