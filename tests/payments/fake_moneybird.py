"""A bookkeeping program that answers as Moneybird's published API says, and misbehaves on order.

developer.moneybird.com, v2: POST financial_statements and documents/purchase_invoices, GET
financial_mutations and documents/purchase_invoices with a filter; 401 without a token, 422 for
what does not fit, 429 past the limit.
"""

import json
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from typing_extensions import override

TOKEN = "84ec207ad0154a508f798e615a998ac1"
ADMINISTRATION, ACCOUNT, CONTACT, TAX_RATE = "123", "446241660469249205", "44624", "44625"


class Fault(Enum):
    """What goes wrong with the next call."""

    BUSY = "429, nothing taken"
    BROKEN = "500, nothing taken"
    BROKEN_AFTER = "500, and yet it was taken"
    SILENT_AFTER = "the line goes dead, and yet it was taken"
    NONSENSE = "200 and not what was agreed"


@dataclass
class FakeMoneybird:
    """What lies in the administration, and what goes wrong next."""

    url: str = ""
    statements: list[dict[str, Any]] = field(default_factory=list)
    mutations: list[dict[str, Any]] = field(default_factory=list)
    bills: list[dict[str, Any]] = field(default_factory=list)
    faults: deque[Fault] = field(default_factory=deque)
    calls: list[str] = field(default_factory=list)

    def take(self, resource: str, body: Any) -> tuple[int, Any]:
        """Keep what a POST brings; refuse what the API says it refuses."""
        number = str(446_241_000 + len(self.calls))
        if resource == "financial_statements":
            statement = body["financial_statement"]
            mutations = statement["financial_mutations_attributes"]
            if statement["financial_account_id"] != ACCOUNT or not statement["reference"]:
                return 422, {"error": {"financial_account": ["is invalid"]}}
            self.statements.append({"id": number, **statement})
            for place, one in sorted(mutations.items(), key=lambda item: int(item[0])):
                kept = {"id": f"{number}{place}", "financial_statement_id": number, **one}
                self.mutations.append({**kept, "financial_account_id": ACCOUNT})
            return 201, {"id": number, "financial_mutations": self.mutations}
        invoice = body["purchase_invoice"]
        if invoice["contact_id"] != CONTACT:
            return 422, {"error": {"contact": ["is invalid"]}}
        self.bills.append({"id": number, **invoice})
        return 201, {"id": number, **invoice}

    def find(self, resource: str, asked: dict[str, str]) -> tuple[int, Any]:
        """Return what a filter finds."""
        first, last = asked["period"].split("..")
        rows = self.mutations if resource == "financial_mutations" else self.bills
        other = ("financial_account_id", "contact_id")
        return 200, [
            row
            for row in rows
            if first <= row["date"].replace("-", "") <= last
            and all(row.get(name) == asked[name] for name in other if name in asked)
        ]


class _Handler(BaseHTTPRequestHandler):
    """One call, answered by the fake that the server holds."""

    @property
    def fake(self) -> FakeMoneybird:
        return self.server.fake  # type: ignore[attr-defined,no-any-return]  # set by running()

    @override
    def log_message(self, *_args: Any) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self._answer(json.loads(self.rfile.read(length)))

    def do_GET(self) -> None:
        self._answer(None)

    def _answer(self, body: Any) -> None:
        address = urlsplit(self.path)
        resource = address.path.removeprefix(f"/api/v2/{ADMINISTRATION}/").removesuffix(".json")
        self.fake.calls.append(f"{self.command} {resource}")
        fault = self.fake.faults.popleft() if self.fake.faults else None
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            self._say(401, {"error": "Access token is invalid"})
        elif fault in INSTEAD:
            self._say(*INSTEAD[fault])
        elif body is None:
            asked = parse_qs(address.query)["filter"][0]
            terms = dict(term.split(":", 1) for term in asked.split(","))
            self._say(*self.fake.find(resource, terms))
        else:
            self._take(resource, body, fault)

    def _take(self, resource: str, body: Any, fault: Fault | None) -> None:
        status, said = self.fake.take(resource, body)
        if fault is Fault.BROKEN_AFTER:
            self._say(500, "sorry")
        elif fault is Fault.SILENT_AFTER:
            self.close_connection = True
        else:
            self._say(status, said)

    def _say(self, status: int, said: Any) -> None:
        content = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


INSTEAD: dict[Fault | None, tuple[int, Any]] = {
    Fault.BUSY: (429, {"error": "Too many requests"}),
    Fault.BROKEN: (500, "sorry"),
    Fault.NONSENSE: (200, "hello"),
}


@contextmanager
def running() -> Iterator[FakeMoneybird]:
    """Serve on a port of this machine until the test is done."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    fake = FakeMoneybird(url=f"http://127.0.0.1:{server.server_port}/api/v2")
    server.fake = fake  # type: ignore[attr-defined]  # what its handlers answer from
    serving = Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        serving.join()
