"""A line between a till and OK that loses, delays, doubles and reorders, as it is told."""

import json
import socket
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum, auto
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Event, Thread
from typing import Any
from urllib.parse import urlsplit

from typing_extensions import override

LOOPBACK = "127.0.0.1"
LONGEST_ANSWER_SECONDS = 60
# To OK the till stands before its own door, a browser's too.
_OF_THE_LINE = {"host", "origin", "referer"}
_HOP_BY_HOP = {"connection", "transfer-encoding", "content-length", "keep-alive"}


class Mischief(Enum):
    """What becomes of one call."""

    NONE = auto()
    REQUEST_LOST = auto()  # OK never sees it
    ANSWER_LOST = auto()  # OK acts, the till hears nothing
    ANSWER_LATE = auto()  # the till has given up waiting when the answer comes
    ANSWER_CUT = auto()  # OK acts, and the line breaks in the middle of its answer
    REQUEST_LATE = auto()  # the till hears nothing; OK gets it after what the till sends next
    REQUEST_HELD = auto()  # the same, but OK gets it when the line is told to let it go
    DOUBLED = auto()  # OK gets it twice, at the same time
    STRANGE = auto()  # somebody else answers: a login page of somebody's wifi
    UNAVAILABLE = auto()  # a gateway before OK answers 503


HEARD = frozenset({Mischief.NONE, Mischief.ANSWER_LATE, Mischief.DOUBLED})
"""After these the till has OK's own answer, or may have it."""

Call = tuple[str, str, bytes, dict[str, str]]
"""Method, path, body and headers."""

Answer = tuple[int, bytes, list[tuple[str, str]]]
"""Status, body and headers."""

STRANGERS: Mapping[Mischief, Answer] = {
    Mischief.STRANGE: (404, b"<html>Welcome to our wifi</html>", []),
    Mischief.UNAVAILABLE: (503, b"<html>Service unavailable</html>", [("Retry-After", "1")]),
}
"""What others than OK answer; where they are silent too, the request is lost."""


@dataclass
class Passage:
    """One call that a till sent, what became of it, and what OK answered, as far as it did."""

    method: str
    path: str
    body: bytes
    mischief: Mischief
    status: int | None = None
    answer: bytes = b""

    @property
    def said(self) -> dict[str, Any]:
        """Return the body that the till sent; empty where that is no object of JSON."""
        return _json(self.body)

    @property
    def answered(self) -> dict[str, Any]:
        """Return what OK answered; empty where it said nothing, or nothing in JSON."""
        return _json(self.answer)


Plan = Callable[[Passage], Mischief]
"""Says what becomes of a call; asked one call at a time, in their order."""


def _json(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


class BadLine:
    """The line: where it leads, and what it did."""

    def __init__(self, target: str, plan: Plan, *, late_seconds: float) -> None:
        """Lead to ``target``, an address without a path."""
        self.target = target
        self.late_seconds = late_seconds
        self.passages: list[Passage] = []
        self.stopped = Event()
        self.later = ThreadPoolExecutor(8)
        self._plan = plan
        self._freed = Event()
        self._at_work = 0
        self._moved = Condition()

    @property
    def done(self) -> list[tuple[str, Mischief]]:
        """Return the method of every call, and what became of it."""
        return [(one.method, one.mischief) for one in self.passages]

    def did(self, mischief: Mischief) -> int:
        """Return how many calls this became of."""
        return sum(one.mischief is mischief for one in self.passages)

    def begin(self, plan: Plan) -> None:
        """Forget what was, and go on by another plan."""
        with self._moved:
            self._plan, self.passages, self._freed = plan, [], Event()

    def decide(self, call: Call) -> Passage:
        """Say what becomes of a call, and write it down; ``leave`` follows."""
        with self._moved:
            passage = Passage(call[0], call[1], call[2], Mischief.NONE)
            passage.mischief = self._plan(passage)
            self.passages.append(passage)
            self._at_work += 1
        return passage

    def leave(self) -> None:
        """Say that a call has ended."""
        with self._moved:
            self._at_work -= 1
            self._moved.notify_all()

    def note(self, passage: Passage, answer: Answer | None) -> Answer | None:
        """Write down what OK answered."""
        with self._moved:
            if answer is not None:
                passage.status, passage.answer = answer[0], answer[1]
            self._moved.notify_all()
        return answer

    def free(self) -> None:
        """Let the held calls go."""
        self._freed.set()

    def wait_for(self, is_so: Callable[[list[Passage]], bool], *, seconds: float) -> bool:
        """Wait until something holds of the calls so far; say whether it came to that."""
        with self._moved:
            return self._moved.wait_for(lambda: is_so(self.passages), seconds)

    def settle(self, *, seconds: float) -> bool:
        """Let the held calls go, and wait until no call is under way; say whether none is."""
        self.free()
        with self._moved:
            return self._moved.wait_for(lambda: self._at_work == 0, seconds)

    def wait_long(self) -> None:
        """Wait longer than a till does."""
        self.stopped.wait(self.late_seconds)

    def send_later(self, passage: Passage, call: Call, *, held: bool) -> None:
        """Send a call on when its time has come."""
        with self._moved:
            self._at_work += 1
        self.later.submit(self._late, passage, call, self._freed if held else None)

    def _late(self, passage: Passage, call: Call, freed: Event | None) -> None:
        try:
            if freed is None:
                self.wait_long()
            else:
                freed.wait(LONGEST_ANSWER_SECONDS)
            self.note(passage, forward(self.target, call))
        finally:
            self.leave()


def forward(target: str, call: Call) -> Answer | None:
    """Send a call on; None when the server itself is silent."""
    method, path, body, headers = call
    address = urlsplit(target)
    kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
    line = kind(address.hostname or "", address.port, timeout=LONGEST_ANSWER_SECONDS)
    try:
        line.request(method, path, body or None, headers)
        response = line.getresponse()
        return response.status, response.read(), response.getheaders()
    except (OSError, HTTPException):
        return None
    finally:
        line.close()


def carry(line: BadLine, passage: Passage, call: Call) -> Answer | None:
    """Do with a call what the plan says; None when the till hears nothing."""
    match passage.mischief:
        case Mischief.NONE | Mischief.ANSWER_CUT:
            return line.note(passage, forward(line.target, call))
        case Mischief.ANSWER_LOST:
            line.note(passage, forward(line.target, call))
        case Mischief.ANSWER_LATE:
            answer = line.note(passage, forward(line.target, call))
            line.wait_long()
            return answer
        case Mischief.REQUEST_LATE | Mischief.REQUEST_HELD:
            held = passage.mischief is Mischief.REQUEST_HELD
            line.send_later(passage, call, held=held)
        case Mischief.DOUBLED:
            twin = line.later.submit(forward, line.target, call)
            answer = line.note(passage, forward(line.target, call))
            twin.result()
            return answer
        case _:
            return STRANGERS.get(passage.mischief)
    return None


class Handler(BaseHTTPRequestHandler):
    """Takes the till's calls; its server knows the line."""

    protocol_version = "HTTP/1.1"
    server: "Server"

    def handle_call(self) -> None:
        """Take a call, and do with it what the line decides."""
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length) if length else b""
        call = (self.command, self.path, body, self.told())
        line = self.server.line
        passage = line.decide(call)
        try:
            answer = carry(line, passage, call)
            if answer is None:
                self.close_connection = True
                return
            with suppress(OSError):
                self.reply(*answer, is_cut=passage.mischief is Mischief.ANSWER_CUT)
        finally:
            line.leave()

    do_GET = do_PUT = do_POST = do_DELETE = handle_call  # noqa: N815 -- http.server's names

    def told(self) -> dict[str, str]:
        """Return the headers that go on with the call."""
        left_out = _HOP_BY_HOP | _OF_THE_LINE
        return {name: each for name, each in self.headers.items() if name.lower() not in left_out}

    def reply(
        self, status: int, body: bytes, headers: list[tuple[str, str]], *, is_cut: bool
    ) -> None:
        """Answer the till; ``is_cut`` breaks the line in the middle."""
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in _HOP_BY_HOP | {"date", "server"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if is_cut else body)
        self.close_connection = self.close_connection or is_cut

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: whoever opened the line does."""


class Server(ThreadingHTTPServer):
    """Listens for the till; closed, it has let go of every call.

    One that the till no longer waited for would otherwise still be at work in OK when whoever
    opened the line goes on.
    """

    daemon_threads = False

    def __init__(self, line: BadLine, place: tuple[str, int]) -> None:
        """Listen at ``place``, a host and a port; port 0 is any that is free."""
        self.line = line
        self._open: set[socket.socket] = set()
        super().__init__(place, Handler)

    @override
    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember who is connected."""
        self._open.add(request)
        super().process_request(request, client_address)

    @override
    def shutdown_request(self, request: Any) -> None:
        """Forget who is not any more."""
        self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """Hear nothing more from who is connected; a till keeps its connection for the next sale.

        What it has asked before is still answered.
        """
        for one in list(self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RD)


@contextmanager
def bad_line(
    target: str, plan: Plan, *, late_seconds: float = 1.5, place: tuple[str, int] = (LOOPBACK, 0)
) -> Iterator[tuple[str, BadLine]]:
    """Open a line to the server at ``target``; yields the line's own address and what it does."""
    line = BadLine(target, plan, late_seconds=late_seconds)
    server = Server(line, place)
    at_work = Thread(target=server.serve_forever, daemon=True)
    at_work.start()
    try:
        host, port = server.server_address[:2]
        yield f"http://{host!s}:{port}", line
    finally:
        line.free()
        line.later.shutdown(wait=True)
        line.stopped.set()
        server.shutdown()
        server.hang_up()
        server.server_close()
        at_work.join()
