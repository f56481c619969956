"""The agent of a till: OK's certification robot plays cashier, and power cut, through it.

Give ``agent_of`` somebody who can work the till, and start ``manage.py okcert`` with its address.
"""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol, TypedDict


class State(TypedDict):
    """Whose software it is, and how patient: it waits so many seconds for an answer.

    ``gives_up_after`` is how many seconds of silence it takes until a sale is stopped.
    """

    software: str
    version: str
    answer_within: float
    gives_up_after: float


class Told(TypedDict):
    """What the till did: whether the goods left, what paid for them, what the cashier read.

    ``paid_by`` is "ok" or another kind of tender, None where nothing is paid.
    """

    goods: bool
    paid_by: str | None
    message: str


class Ended(TypedDict):
    """An earlier sale that the till ended when its power was back."""

    paid: bool
    message: str


class Cashier(Protocol):
    """Works a till. ``sell`` may be under way while the power goes, and ends then."""

    def state(self) -> State:
        """Say whose software it is."""

    def sell(self, lines: list[dict[str, Any]], code: str, otherwise: str | None) -> Told:
        """Sell to the customer who shows a code, and pays with ``otherwise`` if OK does not."""

    def power_off(self) -> None:
        """Stop the till where it is, as a power cut does."""

    def power_on(self) -> list[Ended]:
        """Start it, and return once it could sell again, with what it told of earlier sales."""


def agent_of(cashier: Cashier, port: int = 0, host: str = "127.0.0.1") -> ThreadingHTTPServer:
    """Return the agent, listening; ``serve_forever`` answers, ``server_address`` is where it is."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({"/state": lambda _asked: cashier.state()})

        def do_POST(self) -> None:
            self._answer(
                {
                    "/sell": lambda asked: cashier.sell(
                        asked["lines"], asked["code"], asked["otherwise"]
                    ),
                    "/power-off": self._off,
                    "/power-on": lambda _asked: {"ended": cashier.power_on()},
                }
            )

        def _off(self, _asked: object) -> dict[str, object]:
            cashier.power_off()
            return {}

        def _answer(self, paths: dict[str, Any]) -> None:
            asked = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or "{}")
            found = paths.get(self.path)
            said = json.dumps(found(asked) if found else {}).encode()
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_said: object) -> None:  # type: ignore[explicit-override]
            """Say nothing: the robot does."""

    return ThreadingHTTPServer((host, port), Handler)
