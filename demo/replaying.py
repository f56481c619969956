"""Selling through the till API as tills do: one call per sale, the same UUID when repeated."""

import http.client
import json
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from uuid import uuid4

from django.db import connection

from demo.phones import Phone
from demo.till import Rung, sale_body
from okplatform.kernel import clock

TRIES = 3
TRY_AGAIN = {0, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
TIMEOUT_SECONDS = 10
PAUSE_SECONDS = 0.5


class KeyRefusedError(Exception):
    """The server does not know the key: the world was loaded into another database."""


class Order(NamedTuple):
    """A basket for a till: `tender` pays it, and `with_code` says whether a phone is shown."""

    store: str
    lines: tuple[Rung, ...]
    tender: str
    with_code: bool


@dataclass(slots=True)
class Outcome:
    """What came of it so far; `turnover` in cents."""

    sold: int = 0
    turnover: int = 0
    by_tender: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    sentences: dict[str, str] = field(default_factory=dict)

    @property
    def done(self) -> int:
        """Count the baskets that are finished, well or not."""
        return self.sold + self.refused.total()


class Connection:
    """One till's connection to the server, kept open."""

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(base_url)
        kind = (
            http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        )
        self._http = kind(parts.netloc, timeout=TIMEOUT_SECONDS)

    def put(self, path: str, key: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """Send a body and return status and answer; raises OSError where there is none."""
        return self._ask("PUT", path, key, body)

    def get(self, path: str, key: str) -> tuple[int, dict[str, Any]]:
        """Ask how a sale stands."""
        return self._ask("GET", path, key, None)

    def _ask(
        self, method: str, path: str, key: str, body: bytes | None
    ) -> tuple[int, dict[str, Any]]:
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        try:
            self._http.request(method, path, body, headers)
            response = self._http.getresponse()
            return response.status, json.loads(response.read())
        except (http.client.HTTPException, ValueError) as error:
            self.close()
            raise ConnectionError(str(error)) from error
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        """Hang up; the next call opens a new connection."""
        self._http.close()


class Replay:
    """Sends orders at a steady pace from several tills at once, until done or told to stop."""

    def __init__(
        self,
        *,
        base_url: str,
        keys: dict[str, list[dict[str, Any]]],
        orders: Iterator[Order],
        phones: list[Phone],
        per_second: float,
    ) -> None:
        self.base_url = base_url
        self.keys = keys
        self.per_second = per_second
        self.outcome = Outcome()
        self.stopped = threading.Event()
        self._orders = enumerate(orders)
        self._phones: SimpleQueue[Phone] = SimpleQueue()
        for phone in phones:
            self._phones.put(phone)
        self._lock = threading.Lock()
        self._began = monotonic()
        self.failure: Exception | None = None

    def run(self) -> None:
        """Work through the orders; called by each of the threads."""
        line = Connection(self.base_url)
        try:
            while (numbered := self._next()) is not None and not self._wait_for(numbered[0]):
                self._sell(line, *numbered)
        except Exception as error:  # noqa: BLE001 # the main thread raises it for all of them
            self.failure = error
            self.stopped.set()
        finally:
            line.close()
            connection.close()

    def _next(self) -> tuple[int, Order] | None:
        with self._lock:
            return next(self._orders, None)

    def _wait_for(self, number: int) -> bool:
        """Wait until it is this order's turn; True if we were told to stop."""
        due = self._began + number / self.per_second
        return self.stopped.wait(max(due - monotonic(), 0))

    def _sell(self, line: Connection, number: int, order: Order) -> None:
        tills = self.keys[order.store]
        till = tills[number % len(tills)]
        phone = self._borrow_phone() if order.with_code else None
        try:
            body = sale_body(
                store=till["store"],
                terminal=till["terminal"],
                lines=order.lines,
                tender=order.tender if phone or order.tender != "ok" else "pin",
                code=phone.show(clock.now()) if phone else None,
            )
            path = f"/api/v1/sales/{uuid4()}"
            status, answer = self._send(line, path, till["key"], json.dumps(body).encode())
            if phone and answer.get("verdict") == "still_open":
                # A large sale: its shopper says yes on the phone, and the till asks for the end.
                phone.say_yes(clock.now())
                status, answer = line.get(path, till["key"])
            self._note(status, answer)
        finally:
            if phone:
                self._phones.put(phone)

    def _borrow_phone(self) -> Phone | None:
        try:
            return self._phones.get_nowait()
        except Empty:
            return None

    def _send(
        self, line: Connection, path: str, key: str, body: bytes
    ) -> tuple[int, dict[str, Any]]:
        """Send the sale, again under the same UUID where no answer came or we were too fast."""
        status: int = 0
        answer: dict[str, Any] = {}
        for _try in range(TRIES):
            try:
                status, answer = line.put(path, key, body)
            except OSError as error:
                status, answer = 0, {"code": "no_answer", "detail": str(error)}
            if status not in TRY_AGAIN:
                break
            self.stopped.wait(min(answer.get("retry_after", PAUSE_SECONDS), TIMEOUT_SECONDS))
        return status, answer

    def _note(self, status: int, answer: dict[str, Any]) -> None:
        if status == HTTPStatus.UNAUTHORIZED:
            raise KeyRefusedError
        with self._lock:
            if status == HTTPStatus.OK and answer["verdict"] == "happened":
                self.outcome.sold += 1
                self.outcome.turnover += answer["due"]
                self.outcome.by_tender.update(tender["kind"] for tender in answer["tenders"])
            else:
                code = answer.get("code") or answer.get("verdict") or str(status)
                self.outcome.refused[code] += 1
                self.outcome.sentences.setdefault(
                    code, answer.get("detail") or answer.get("sentence", "")
                )
