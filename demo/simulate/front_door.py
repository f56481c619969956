"""OK's front door, in this process: the application that a server would run."""

import json
import sys
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any, TypeAlias

from django.conf import settings
from django.utils.module_loading import import_string
from typing_extensions import override

from demo.simulate.breaches import Breach

OUR_FAULT = 500
Application: TypeAlias = Callable[[dict[str, Any], Callable[..., None]], Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the HTTP status, and the body as JSON."""

    status: int
    body: Mapping[str, Any]

    @property
    def code(self) -> str:
        """Return why it was refused; empty for what was not."""
        return str(self.body.get("code", ""))

    @property
    def waits_for_yes(self) -> bool:
        """Say whether the sale waits for its shopper's yes on the phone."""
        asked = self.body.get("confirmation")
        return not self.code and asked is not None and asked["state"] == "asked"

    @override
    def __str__(self) -> str:
        """Return what a till branches on."""
        return f"{self.status} {self.code or self.body.get('verdict', '')}"


def call(
    method: str,
    path: str,
    *,
    key: str,
    body: Mapping[str, Any] | None = None,
    idempotency_key: str | None = None,
) -> Answer:
    """Make a till's call; raises ``Breach`` for an answer that is our fault."""
    sent = b"" if body is None else json.dumps(body).encode()
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost",
        "HTTP_AUTHORIZATION": f"Bearer {key}",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(sent)),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(sent),
        "wsgi.errors": sys.stderr,
    }
    if idempotency_key is not None:
        environ["HTTP_IDEMPOTENCY_KEY"] = idempotency_key
    response = _application()(environ, lambda *_head: None)
    answer = Answer(response.status_code, json.loads(response.content))
    response.close()
    if answer.status >= OUR_FAULT:
        message = f"{method} {path} failed: {dict(answer.body)}"
        raise Breach(message)
    return answer


@cache
def _application() -> Application:
    with warnings.catch_warnings():
        # Static files may not be collected here: nobody looks at a page.
        warnings.simplefilter("ignore", UserWarning)
        found: Application = import_string(settings.WSGI_APPLICATION)
    return found
