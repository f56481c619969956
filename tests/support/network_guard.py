"""While tests run, a socket refuses to reach the outside from inside a transaction.

PostgreSQL itself is not stopped by this: its driver does not go through Python's sockets.
"""

import socket
from collections.abc import Callable
from typing import Any

import pytest

from okplatform.kernel import db


class ReachedOutsideError(AssertionError):
    """Something talked to Redis, a mail server or the like while a transaction was open."""


def _guarded(original: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, *args: Any) -> Any:
        if db.is_open():
            message = f"socket.{original.__name__} inside a transaction: wait for the commit"
            raise ReachedOutsideError(message)
        return original(self, *args)

    return guarded


@pytest.fixture(autouse=True)
def outside_stays_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("connect", "connect_ex", "sendall"):
        monkeypatch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
