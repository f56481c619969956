"""The guard of tests.support: a socket refuses inside a transaction, and only there."""

import socket
from pathlib import Path

import pytest

from okplatform.kernel import db
from tests.support.network_guard import ReachedOutsideError


def _listening(address: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(address))
    listener.listen()
    return listener


@pytest.mark.django_db
def test_a_socket_inside_a_transaction_is_refused(tmp_path: Path) -> None:
    with _listening(tmp_path / "s"), socket.socket(socket.AF_UNIX) as client:
        with db.transaction(), pytest.raises(ReachedOutsideError, match="connect inside"):
            client.connect(str(tmp_path / "s"))
        client.connect(str(tmp_path / "s"))
        client.sendall(b"after")
        with db.transaction(), pytest.raises(ReachedOutsideError, match="sendall inside"):
            client.sendall(b"inside")


@pytest.mark.django_db
def test_the_transaction_around_a_test_does_not_count(tmp_path: Path) -> None:
    with _listening(tmp_path / "s"), socket.socket(socket.AF_UNIX) as client:
        client.connect(str(tmp_path / "s"))
