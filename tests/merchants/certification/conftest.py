import socket

import pytest


@pytest.fixture
def port() -> int:
    """A port for the line, which the till knows before there is a line."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    return number
