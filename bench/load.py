"""Tills under load: processes of their own that sell over HTTP and note how long each sale took.

    python -m bench.load PLAN.json

The plan names the port, the tills (key, store, terminal), the phones (key, handles) and how long to
sell; the last line printed is JSON with every latency. Django is not loaded: a load generator that
is heavier than the server would measure itself.
"""

import asyncio
import json
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import uvloop

from okplatform.kernel import clock
from wallet import codes

HEADERS = (
    "Host: localhost\r\nX-Forwarded-Proto: https\r\nContent-Type: application/json\r\n"
    "Connection: keep-alive\r\n"
)
LINES_PER_SALE = 10
BASKETS = 2_000
SALE = (
    '{"revision": 1, "currency": "EUR", "language": "nl", "operator": "bench",'
    ' "payment": {"tenders": [{"kind": "ok"}]}'
)


@dataclass
class Result:
    """What one process saw: milliseconds per sale, refusals by code, and when it began."""

    latencies: list[float] = field(default_factory=list)
    refusals: dict[str, int] = field(default_factory=dict)
    started_at: float = 0.0

    def note(self, milliseconds: float, status: int, body: bytes) -> None:
        """Count one answer."""
        if status == 200:
            self.latencies.append(milliseconds)
            return
        code = json.loads(body).get("code", str(status)) if body[:1] == b"{" else str(status)
        self.refusals[code] = self.refusals.get(code, 0) + 1

    def add(self, other: "Result") -> None:
        """Count what another till saw."""
        self.latencies += other.latencies
        for code, count in other.refusals.items():
            self.refusals[code] = self.refusals.get(code, 0) + count


class Shoppers:
    """Phones in turn, each showing a handle once, at the shop where its owner saves points."""

    def __init__(self, phones: list[dict[str, Any]]) -> None:
        self._shown = self._in_turn(phones)

    def next(self) -> tuple[str, int]:
        """Return a fresh code and its owner's merchant; ends the run when all are used up."""
        key, handle, merchant = next(self._shown)
        return codes.code_at(key=key, handle=handle, moment=clock.now()), merchant

    @staticmethod
    def _in_turn(phones: list[dict[str, Any]]) -> Iterator[tuple[bytes, int, int]]:
        keys = [bytes.fromhex(phone["key"]) for phone in phones]
        for position in range(max(len(phone["handles"]) for phone in phones)):
            for key, phone in zip(keys, phones, strict=True):
                yield key, phone["handles"][position], phone["merchant"]


class Shelf:
    """Baskets, packed before the shops open: a till has each line written when it is scanned."""

    def __init__(self, products: list[dict[str, Any]], seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 -- the same baskets in every run
        lines = [
            [json.dumps({**product, "quantity": pieces}) for pieces in (1, 2, 3)]
            for product in products
        ]
        self._baskets = [
            ", ".join([chance.choice(line) for line in chance.sample(lines, LINES_PER_SALE)])
            for _ in range(BASKETS)
        ]

    def basket(self, code: str, chance: random.Random) -> str:
        """Return the body of a whole sale: ten lines, a code, paid with OK."""
        return f'{SALE}, "code": "{code}", "lines": [{chance.choice(self._baskets)}]}}'


class Till:
    """One connection that sells, one sale after another."""

    def __init__(self, plan: dict[str, Any], shoppers: Shoppers, shelf: Shelf, seed: int) -> None:
        self.plan, self.shoppers, self.shelf = plan, shoppers, shelf
        self.result = Result()
        self.chance = random.Random(seed)  # noqa: S311 -- the same baskets in every run
        self.heads: dict[int, list[str]] = {}
        for till in plan["tills"]:
            head = f"Authorization: Bearer {till['key']}\r\n"
            self.heads.setdefault(till["merchant"], []).append(head)

    async def sell(self, started: float, pause: float) -> None:
        """Sell until the time is up; ``pause`` seconds between the starts of sales, 0 for none.

        Shops do not open their queues together: each begins somewhere within its first pause. A
        sale that starts late because the one before took long counts from when it was due.
        """
        reader, writer = await asyncio.open_connection("127.0.0.1", self.plan["port"])
        due = started + pause * self.chance.random()
        end = started + self.plan["seconds"]
        while due < end:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            due = due if pause else time.perf_counter()
            writer.write(self._request())
            status, body = await _answer(reader)
            now = time.perf_counter()
            self.result.note((now - due) * 1000, status, body)
            due = due + pause if pause else now
        writer.close()

    def _request(self) -> bytes:
        code, merchant = self.shoppers.next()
        body = self.shelf.basket(code, self.chance)
        head = (
            f"PUT /api/v1/sales/{uuid4()} HTTP/1.1\r\n{HEADERS}"
            f"{self.chance.choice(self.heads[merchant])}Content-Length: {len(body)}\r\n\r\n"
        )
        return (head + body).encode()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
    return int(head[9:12]), await reader.readexactly(length)


async def run(plan: dict[str, Any]) -> Result:
    """Sell with as many tills at once as the plan says."""
    shoppers, shelf = Shoppers(plan["phones"]), Shelf(plan["products"], plan["seed"])
    clients, rate = plan["clients"], plan["rate"]
    pause = clients / rate if rate else 0.0
    tills = [Till(plan, shoppers, shelf, plan["seed"] + number) for number in range(clients)]
    whole = Result(started_at=time.time())
    started = time.perf_counter()
    await asyncio.gather(*(till.sell(started, pause) for till in tills))
    for till in tills:
        whole.add(till.result)
    return whole


def main() -> None:
    """Carry out the plan named on the command line."""
    plan = json.loads(Path(sys.argv[1]).read_text())
    result = uvloop.run(run(plan))
    sys.stdout.write(json.dumps(vars(result)))


if __name__ == "__main__":
    main()
