"""A sale that is followed instead of asked."""

import json
from typing import Any
from uuid import uuid4

import pytest

from okplatform.web.following import HEADER
from tests.support.counter import Counter, basket, paying
from tests.support.world import World

pytestmark = pytest.mark.django_db


def follow(counter: Counter, uuid: Any) -> Any:
    return counter.client.get(f"/api/v1/sales/{uuid}/events")


def event(answer: Any) -> Any:
    name, data, *_rest = answer.content.decode().split("\n")
    assert name == "event: sale"
    return json.loads(data.removeprefix("data: "))


def test_an_open_sale_says_how_it_stands_and_that_more_may_come(counter: Counter) -> None:
    uuid = uuid4()
    quoted = counter.put(uuid, basket()).json()
    answer = follow(counter, uuid)
    assert answer["Content-Type"].startswith("text/event-stream")
    assert answer[HEADER].endswith(str(uuid))
    said = event(answer)
    assert (said["uuid"], said["verdict"]) == (str(uuid), "still_open")
    assert said == {**counter.get(uuid).json(), "revision": quoted["revision"]}


def test_a_verdict_is_the_last_that_is_told(counter: Counter) -> None:
    uuid = uuid4()
    counter.put(uuid, basket(payment=paying("cash")))
    answer = follow(counter, uuid)
    assert event(answer)["verdict"] == "happened"
    assert HEADER not in answer
    counter.delete(gone := uuid4())
    assert event(follow(counter, gone))["verdict"] == "did_not_happen"


def test_what_nobody_knows_is_refused_as_ever(counter: Counter, world: World) -> None:
    refused = follow(counter, uuid4())
    assert (refused.status_code, refused.json()["code"]) == (404, "sale_unknown")
    uuid = uuid4()
    counter.put(uuid, basket())
    other = Counter(world.gouda, world.gouda.key)
    assert follow(other, uuid).json()["code"] == "sale_unknown"
