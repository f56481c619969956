"""A merchant's server on this machine: it keeps what it is sent, and answers as it is told."""

import json
import socket
import ssl
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from standardwebhooks import Webhook
from typing_extensions import override


@dataclass(frozen=True)
class Received:
    """One message, as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def message(self) -> str:
        return self.headers["webhook-id"]

    def verified(self, secret: str) -> Any:
        """Return what it says, once its signature is right; raises where it is not."""
        return Webhook(secret).verify(self.body, self.headers)


Answer = int | str | Callable[[BaseHTTPRequestHandler], object]


@dataclass
class Receiver:
    """What came in, and what is answered next: a status, or whatever misbehaviour."""

    url: str = ""
    received: list[Received] = field(default_factory=list)
    answers: deque[Answer] = field(default_factory=deque)
    over: Event = field(default_factory=Event)
    """Set when the test ends: who dawdles hears of it."""

    def answer(self, *answers: Answer) -> None:
        self.answers.extend(answers)

    @property
    def types(self) -> list[str]:
        return [json.loads(one.body)["type"] for one in self.received]


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of lines that were cut: tests cut them."""


@contextmanager
def receiving(*, context: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """Run a receiver on a free port of the loopback address; https with a ``context``."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.received.append(Received(self.path, headers, body))
            answer = receiver.answers.popleft() if receiver.answers else 204
            if callable(answer):
                with suppress(OSError):
                    answer(self)
                return
            self.send_response(302 if isinstance(answer, str) else answer)
            if isinstance(answer, str):
                self.send_header("Location", answer)
            self.send_header("Content-Length", "0")
            self.end_headers()

        @override
        def log_message(self, format: str, *args: Any) -> None:
            """Keep quiet."""

    server = _Quiet(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme = "http" if context is None else "https"
    receiver.url = f"{scheme}://127.0.0.1:{server.server_address[1]}/hooks"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


class Resolver:
    """Answers for names; each look-up takes the next answer, the last one stays.

    What it is not asked about it leaves to the machine; it remembers what it was asked.
    """

    def __init__(self, real: Callable[..., Any], names: dict[str, list[str]]) -> None:
        self._real = real
        self._names = {name: deque(addresses) for name, addresses in names.items()}
        self.asked: list[str] = []

    def __call__(self, host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host)
        self.asked.append(name)
        if name not in self._names:
            return self._real(host, port, *args, **kwargs)
        answers = self._names[name]
        address = answers.popleft() if len(answers) > 1 else answers[0]
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        where = (address, port, 0, 0) if family is socket.AF_INET6 else (address, port)
        return [(family, socket.SOCK_STREAM, 6, "", where)]
