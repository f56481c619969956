"""A POST that is decided once under its Idempotency-Key, however often it is sent."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from rest_framework.request import Request

from okplatform.kernel import idempotency
from okplatform.kernel.idempotency import LONGEST_KEY, Claim, Decision

R = TypeVar("R")
HEADER = "Idempotency-Key"
KEY_SCHEMA = {
    "type": "string",
    "minLength": 1,
    "maxLength": LONGEST_KEY,
    "pattern": "^[!-~]([ -~]*[!-~])?$",
}
"""How the OpenAPI document says it: a header is trimmed on its way, and ASCII arrives as sent."""


def once(
    request: Request,
    *,
    owner: str,
    body_hash: bytes,
    now: datetime,
    decide: Callable[[Claim], R],
    repeat: Callable[[Decision], R],
) -> R:
    """Return what ``decide`` makes of it, or what ``repeat`` reads of what was decided before.

    Whatever goes wrong in ``decide``, nothing was decided, and the key is free again. Raises
    ``KeyMalformed`` (400) without a key, and what ``idempotency.claim`` refuses.
    """
    key = request.headers.get(HEADER, "")
    claimed = idempotency.claim(owner=owner, key=key, body_hash=body_hash, now=now)
    if isinstance(claimed, Decision):
        return repeat(claimed)
    try:
        return decide(claimed)
    except Exception:
        claimed.release()
        raise
