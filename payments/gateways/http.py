"""One HTTP call to a bank, with a deadline and a limit; what is no answer is a ``GatewayError``."""

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from okplatform.kernel.db import durable
from payments.gateways import GatewayError

TIMEOUT_SECONDS = 10
LONGEST_ANSWER = 2**20


@dataclass(frozen=True, slots=True)
class Answer:
    """What a bank answered; names of headers in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@durable
def call(
    method: str, url: str, *, headers: Mapping[str, str], body: bytes = b"", timeout: float = 0
) -> Answer:
    """Send a request and return whatever the bank answers; redirections are answers too.

    Raises ``GatewayError`` when no whole answer came: whether the bank acted is not known.
    """
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    connection_class = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = connection_class(
        parts.hostname or "", parts.port, timeout=timeout or TIMEOUT_SECONDS
    )
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    try:
        connection.request(method, path, body=body or None, headers=dict(headers))
        response = connection.getresponse()
        content = response.read(LONGEST_ANSWER + 1)
    except (OSError, http.client.HTTPException, ValueError) as error:
        message = f"{method} {parts.hostname}: {type(error).__name__} {error}"
        raise GatewayError(message) from error
    finally:
        connection.close()
    if len(content) > LONGEST_ANSWER:
        message = f"{method} {parts.hostname}: an answer of more than {LONGEST_ANSWER} bytes"
        raise GatewayError(message)
    return Answer(
        response.status, {name.lower(): value for name, value in response.getheaders()}, content
    )
