"""One trace id from the till to the last handler, and logs that hold no code and no secret.

The id is the trace-id of W3C Trace Context (https://www.w3.org/TR/trace-context/): 32 lower-case
hex digits.
"""

import random
import re
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import structlog

SECRET_NAMES = re.compile(
    r"code|secret|password|token|authorization|cookie|digest|pin|api_?key|iban", re.IGNORECASE
)
# A wallet code (22 digits), an API key and an IBAN (ISO 13616: 15 to 34 characters), wherever they
# turn up in a text; codes and IBANs possibly in groups.
SECRET_VALUES = re.compile(
    r"\b(?:\d[ ]?){22}\b|\bok_(?:live|test)_\w+|\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]){11,30}\b"
)
HIDDEN = "[hidden]"
PLAIN_NAMES = frozenset({"status_code", "error_code", "refusal"})

_trace_id: ContextVar[str] = ContextVar("trace_id", default="")


def current_trace_id() -> str:
    """Return the trace id of the work at hand; empty outside any."""
    return _trace_id.get()


def new_trace_id() -> str:
    """Return a fresh trace id: 128 random bits. It has to be new, not to be secret."""
    return f"{random.getrandbits(128):032x}"


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
        line[name] = _plain(name, value)
    return line


def _plain(name: str, value: Any) -> Any:
    """Return what may be written of a value, looking into what it holds."""
    if name not in PLAIN_NAMES and SECRET_NAMES.search(name):
        return HIDDEN
    if isinstance(value, str):
        return SECRET_VALUES.sub(HIDDEN, value)
    if isinstance(value, Mapping):
        return {key: _plain(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(name, inner) for inner in value]
    return value
