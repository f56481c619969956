"""One trace id from the till to the last handler, and logs that hold no code and no secret.

The id is the trace-id of W3C Trace Context (https://www.w3.org/TR/trace-context/): 32 lower-case
hex digits.
"""

import re
import secrets
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import structlog

SECRET_NAMES = re.compile(
    r"code|secret|password|token|authorization|cookie|digest|pin|api_?key|iban", re.IGNORECASE
)
# A wallet code (22 digits, possibly grouped), an API key and an IBAN, wherever they turn up in a
# text.
SECRET_VALUES = re.compile(
    r"\b(?:\d[ ]?){22}\b|\bok_(?:live|test)_\w+|\b[A-Z]{2}\d{2}[A-Z]{4}\d{10}\b"
)
HIDDEN = "[hidden]"
PLAIN_NAMES = frozenset({"status_code", "error_code", "refusal"})

_trace_id: ContextVar[str] = ContextVar("trace_id", default="")


def current_trace_id() -> str:
    """Return the trace id of the work at hand; empty outside any."""
    return _trace_id.get()


def new_trace_id() -> str:
    """Return a fresh random trace id."""
    return secrets.token_hex(16)


@contextmanager
def traced(trace_id: str) -> Iterator[None]:
    """Work under ``trace_id``: log lines, events and audit rows carry it."""
    token = _trace_id.set(trace_id)
    try:
        with structlog.contextvars.bound_contextvars(trace_id=trace_id):
            yield
    finally:
        _trace_id.reset(token)


def hide_secrets(
    _logger: object, _name: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Hide codes and secrets in a log line: by the field's name, and by their shape in any text."""
    for name, value in line.items():
        if name not in PLAIN_NAMES and SECRET_NAMES.search(name):
            line[name] = HIDDEN
        elif isinstance(value, str):
            line[name] = SECRET_VALUES.sub(HIDDEN, value)
    return line
