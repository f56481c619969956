"""Brings the bank's counter onto the loopback of this machine, by HTTP."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from typing_extensions import override

from demo.bank.counter import Counter, Request

HOST = "127.0.0.1"
LONGEST_BODY = 2**20


@contextmanager
def served(counter: Counter, *, port: int = 0) -> Iterator[str]:
    """Answer while inside; yield the address. Port 0 is any that is free."""
    server = ThreadingHTTPServer((HOST, port), _handler(counter))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    address = f"http://{HOST}:{server.server_address[1]}"
    counter.put_up(address)
    try:
        yield address
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(counter: Counter) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """One connection, one request."""

        timeout = 10

        def do_GET(self) -> None:
            self._reply()

        def do_POST(self) -> None:
            self._reply()

        @override
        def log_message(self, *_said: Any) -> None:
            """Log nothing: what happened stands in the books."""

        def _reply(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            request = Request(
                method=self.command,
                path=self.path.partition("?")[0],
                query=self.path.partition("?")[2],
                headers={name.lower(): value for name, value in self.headers.items()},
                body=self.rfile.read(min(length, LONGEST_BODY)),
            )
            reply = counter.answer(request)
            if reply.is_lost:
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

    return Handler
