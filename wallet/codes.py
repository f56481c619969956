"""The wallet code: what a phone shows and a till scans. Pure: no Django, no clock, no database.

A code is 22 decimal digits, so that an old 1D scanner reads it as Code 128 (set C) and a QR stays
small::

    93   4821739058   2614700931
    |    |            tag: proves that an enrolled phone showed this handle in this time step
    |    handle: random single-use number; names no person, account or phone
    version of the format

The tag is an HMAC (RFC 2104) with SHA-256 over ``b"OK1"``, the ten handle digits and the step as an
unsigned 64-bit big-endian number; its first 8 bytes, read big-endian, modulo 10^10. A step is 20
seconds of Unix time (the idea of RFC 6238). The step of the till's clock and one to each side are
accepted: 60 seconds at most. The key comes from ``wallet.keys``; ``static/js/wallet-tag.js`` is the
same formula on the phone.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from typing_extensions import override

VERSION = "93"
HANDLE_DIGITS = 10
TAG_DIGITS = 10
CODE_DIGITS = len(VERSION) + HANDLE_DIGITS + TAG_DIGITS
HANDLES: int = 10**HANDLE_DIGITS
TAGS: int = 10**TAG_DIGITS

STEP_SECONDS = 20
DRIFT_STEPS = 1

_CONTEXT = b"OK1"
_TAG_BYTES = 8


class MalformedCodeError(ValueError):
    """Not a wallet code of this version: something else was scanned, or a digit is missing."""


@dataclass(frozen=True, slots=True)
class WalletCode:
    """A parsed code. ``repr`` hides the tag, so that no log can hold a code that still works."""

    handle: int
    tag: int

    @override
    def __repr__(self) -> str:
        """Show nothing that could be replayed."""
        return "WalletCode(…)"


def step_at(moment: datetime) -> int:
    """Return the number of the 20-second step that ``moment`` (aware) falls in."""
    return int(moment.timestamp()) // STEP_SECONDS


def tag(*, key: bytes, handle: int, step: int) -> int:
    """Return the tag for a handle in a step; see the module's formula."""
    message = _CONTEXT + f"{handle:0{HANDLE_DIGITS}d}".encode() + step.to_bytes(8, "big")
    # Not hmac.digest: that lets go of the interpreter, and a busy server has to wait for it again.
    digest = hmac.new(key, message, sha256).digest()
    return int.from_bytes(digest[:_TAG_BYTES], "big") % TAGS


def format_code(code: WalletCode) -> str:
    """Return the 22 digits, leading zeros kept."""
    return f"{VERSION}{code.handle:0{HANDLE_DIGITS}d}{code.tag:0{TAG_DIGITS}d}"


def parse(text: str) -> WalletCode:
    """Read 22 digits; spaces may stand between them, as they do under the symbol.

    Raises ``MalformedCodeError`` for anything else: another length, another version, a character
    that is no digit.
    """
    digits = text.replace(" ", "")
    if len(digits) != CODE_DIGITS or not (digits.isascii() and digits.isdigit()):
        message = f"a wallet code has {CODE_DIGITS} digits"
        raise MalformedCodeError(message)
    if not digits.startswith(VERSION):
        message = "this is no wallet code, or one of a version this server does not know"
        raise MalformedCodeError(message)
    body = digits[len(VERSION) :]
    return WalletCode(handle=int(body[:HANDLE_DIGITS]), tag=int(body[HANDLE_DIGITS:]))


def code_at(*, key: bytes, handle: int, moment: datetime) -> str:
    """Return the code a phone with this key shows for a handle at ``moment``."""
    return format_code(WalletCode(handle, tag(key=key, handle=handle, step=step_at(moment))))


def accepted_steps(moment: datetime) -> range:
    """Return the steps a till accepts at ``moment``: its own and one to each side."""
    step = step_at(moment)
    return range(step - DRIFT_STEPS, step + DRIFT_STEPS + 1)


def expiry(moment: datetime) -> datetime:
    """Return when a till stops accepting the code that is shown at ``moment``."""
    return datetime.fromtimestamp((step_at(moment) + DRIFT_STEPS + 1) * STEP_SECONDS, UTC)


def matches(*, key: bytes, code: WalletCode, steps: Iterable[int]) -> bool:
    """Say whether the tag belongs to one of ``steps``.

    Every step is tried and compared in constant time, so that the answer's time tells nothing about
    the tag.
    """
    shown = code.tag.to_bytes(_TAG_BYTES, "big")
    found = False
    for step in steps:
        expected = tag(key=key, handle=code.handle, step=step).to_bytes(_TAG_BYTES, "big")
        found |= hmac.compare_digest(shown, expected)
    return found
