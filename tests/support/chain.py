"""A chain's own loyalty system on this machine, small and real: it keeps points by pseudonym.

It answers ``POST /benefits`` and hears ``POST /events`` as docs/connector.md says: signatures are
verified, and what comes twice under one ``webhook-id`` counts once.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError
from typing_extensions import override

COFFEE_OFF = {"nl": "Clubprijs koffie", "en": "Club price coffee"}
Answer = Callable[[BaseHTTPRequestHandler], object]


@dataclass
class Chain:
    """Ten points a euro; coffee is 60 cents cheaper for who is known here."""

    url: str = ""
    secret: str = ""
    events_secret: str = ""
    balances: dict[str, int] = field(default_factory=dict)
    questions: list[Any] = field(default_factory=list)
    told: list[Any] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    refused: int = 0
    answer: Answer | None = None
    """What it does instead of answering well."""
    deaf_to: int = 0
    """So many events are taken in, but the answer is a failure."""
    over: Event = field(default_factory=Event)

    def benefits(self, question: Any) -> Any:
        """Return the answer to a question."""
        self.questions.append(question)
        balance = self.balances.setdefault(question["member"], 120)
        coffee = [line["number"] for line in question["lines"] if line["sku"] == "koffie"]
        return {
            "balance": balance,
            "unit": "clubpunten",
            "sentence": "Vraag naar de spaarzegels.",
            "benefits": [{"line": number, "amount": 60, "text": COFFEE_OFF} for number in coffee],
        }

    def hear(self, message: str, event: Any) -> bool:
        """Count an event, once; say whether it was taken."""
        if message not in self.seen:
            self.seen.add(message)
            self.told.append(event)
            data = event["data"]
            if event["type"] == "member.sale_closed":
                self.balances[data["member"]] = (
                    self.balances.get(data["member"], 0) + data["due"] // 10
                )
        self.deaf_to -= 1
        return self.deaf_to < 0


def says(body: bytes | Any, *, status: int = 200) -> Answer:
    """Return a way to answer with this body, as JSON unless it is bytes."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        said = body if isinstance(body, bytes) else json.dumps(body).encode()
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(said)))
        handler.end_headers()
        handler.wfile.write(said)

    return answer


@contextmanager
def running() -> Iterator[Chain]:
    """Run it on a free port of the loopback address."""
    chain = Chain()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            is_question = self.path == "/benefits"
            secret = chain.secret if is_question else chain.events_secret
            try:
                said = Webhook(secret).verify(body, headers)
            except WebhookVerificationError:
                chain.refused += 1
                says(b"", status=401)(self)
                return
            with suppress(OSError):
                if not is_question:
                    taken = chain.hear(headers["webhook-id"], said)
                    says(b"", status=204 if taken else 500)(self)
                elif chain.answer is not None:
                    chain.questions.append(said)
                    chain.answer(self)
                else:
                    says(chain.benefits(said))(self)

        @override
        def log_message(self, format: str, *args: Any) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    chain.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield chain
    finally:
        chain.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
