"""Tills as they should be: whatever breaks, they ask and send again until there is a verdict."""

import json
import random
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from threading import Event
from typing import Any
from uuid import UUID, uuid4

from bench.load import Shelf, Shoppers
from okplatform.kernel.db import call
from okplatform.local.port import HOST
from okplatform.local.processes import wait_until

PATIENCE_SECONDS = 10
PAUSE_SECONDS = 0.1
LONGEST_STANDSTILL_SECONDS = 90
OUR_FAULT = 500
DRAIN_SECONDS = 60

Answer = dict[str, Any]


class Roll:
    """What the tills were told, sale by sale, and what they met on the way."""

    def __init__(self) -> None:
        self.due: dict[UUID, int] = {}
        self.silences = 0
        self.failures: list[Answer] = []
        self.refusals: list[str] = []
        self.at_work: list[Future[None]] = []

    def wait_for(self, sales: int) -> None:
        """Wait until so many sales happened; raise what stopped a till."""

        def reached() -> bool:
            return len(self.due) >= sales or any(map(has_failed, self.at_work))

        in_time = wait_until(reached, seconds=LONGEST_STANDSTILL_SECONDS)
        for till in filter(has_failed, self.at_work):
            till.result()
        assert in_time, f"{len(self.due)} sales happened, not {sales}"


def has_failed(till: Future[None]) -> bool:
    return till.done() and till.exception() is not None


@dataclass
class Till:
    """One till: sells, and after silence asks for the sale it has sent before it sends again."""

    port: int
    key: str
    shelf: Shelf
    shoppers: Shoppers
    roll: Roll
    stopped: Event
    chance: random.Random
    line: HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.line = HTTPConnection(HOST, self.port, timeout=PATIENCE_SECONDS)

    def sell(self, sales: int) -> None:
        """Sell so many baskets, each to its verdict."""
        for _ in range(sales):
            uuid = uuid4()
            self.roll.due[uuid] = self._sell(uuid)
        self.line.close()

    def _sell(self, uuid: UUID) -> int:
        """Return what the customer paid."""
        goods = self.chance.random()
        body = self._body(goods)
        answer = self._ask("PUT", uuid, body)
        while answer is None or answer["verdict"] != "happened":
            if answer is None:
                answer = self._ask("GET", uuid)
                continue
            self.roll.refusals.append(answer["code"])
            if answer["code"] == "code_stale":
                body = self._body(goods)  # the customer shows the next code for the same goods
            elif answer["code"] != "sale_unknown":
                raise AssertionError(answer)
            answer = self._ask("PUT", uuid, body)
        return int(answer["due"])

    def _body(self, goods: float) -> bytes:
        code, _merchant = self.shoppers.next()
        return self.shelf.basket(code, random.Random(goods)).encode()

    def _ask(self, method: str, uuid: UUID, body: bytes | None = None) -> Answer | None:
        """Return what the server says of the sale; None, after a pause, when it says nothing."""
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        try:
            self.line.request(method, f"/api/v1/sales/{uuid}", body, headers)
            response = self.line.getresponse()
            told: Answer = json.loads(response.read())
        except (OSError, HTTPException):
            self.line.close()
            self.roll.silences += 1
        else:
            if response.status < OUR_FAULT:
                return told
            self.roll.failures.append(told)
        if self.stopped.wait(PAUSE_SECONDS):
            raise AssertionError("the test ended before this sale had its verdict")
        return None


@contextmanager
def selling(*, port: int, country: dict[str, Any], sales: int) -> Iterator[Roll]:
    """Let every till of the country sell its part of so many baskets, until the caller ends."""
    roll, stopped = Roll(), Event()
    places = country["tills"]
    with ThreadPoolExecutor(len(places)) as pool:
        for number, place in enumerate(places):
            till = Till(
                port=port,
                key=place["key"],
                shelf=Shelf(country["products"], number),
                shoppers=Shoppers(shoppers_of(country, number)),
                roll=roll,
                stopped=stopped,
                chance=random.Random(number),
            )
            roll.at_work.append(pool.submit(till.sell, sales // len(places)))
        try:
            yield roll
        finally:
            stopped.set()


def shoppers_of(country: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """Return this till's own part of the phones whose owners shop at its merchant."""
    merchant = country["tills"][number]["merchant"]
    there = [at for at, till in enumerate(country["tills"]) if till["merchant"] == merchant]
    phones = [phone for phone in country["phones"] if phone["merchant"] == merchant]
    return phones[there.index(number) :: len(there)]


def is_drained() -> bool:
    return call("SELECT count(*) FROM kernel_outboxitem") == [(0,)]
