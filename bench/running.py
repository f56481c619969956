"""Where a site that is measured runs: a port, and a database that is only its own."""

import socket


def free_port() -> int:
    """Return a port of this machine that nobody listens at."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def with_path(url: str, database: str) -> str:
    """Return a database address with another database; sockets have no host to split at."""
    before, question, options = url.partition("?")
    return f"{before.rpartition('/')[0]}/{database}{question}{options}"
