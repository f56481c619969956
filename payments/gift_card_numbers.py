"""Numbers and PINs of gift cards: how they are made, read and written (pure).

A number has 16 digits: 14 that nobody can foresee and two check digits of ISO/IEC 7064, MOD 97-10
(those of an IBAN), which catch every single wrong digit and every two that changed places. Both
number and PIN follow from the card's seed and a key that no dump of the database holds; the
database keeps only the number's HMAC, so that neither is ever stored, and both can be told again.
"""

import hashlib
import hmac
from typing import NamedTuple
from uuid import UUID

NUMBER_LENGTH = 16
PIN_LENGTH = 4
SCANNED_LENGTH = NUMBER_LENGTH + PIN_LENGTH
"""What the bar code of a card holds: the number, then the PIN."""

_CHECKED = 97


class Shown(NamedTuple):
    """What somebody shows of a card: its number, and its PIN or nothing."""

    number: str
    pin: str


def number_of(seed: UUID, key: bytes) -> str:
    """Return the number of the card with this seed."""
    return with_check_digits(_digits(b"number", seed, key, NUMBER_LENGTH - 2))


def pin_of(seed: UUID, key: bytes) -> str:
    """Return its PIN."""
    return _digits(b"pin", seed, key, PIN_LENGTH)


def digest(number: str, key: bytes) -> bytes:
    """Return what the database keeps of a number: its HMAC-SHA256, 32 bytes."""
    return hmac.new(key, b"digest:" + number.encode(), hashlib.sha256).digest()


def is_pin(shown: str, seed: UUID, key: bytes) -> bool:
    """Say whether this is the card's PIN, in constant time."""
    return hmac.compare_digest(shown.encode(), pin_of(seed, key).encode())


def read(typed: str, pin: str = "") -> Shown | None:
    """Return what was typed or scanned, with or without the PIN behind it; None if it cannot be.

    Spaces and hyphens do not count.
    """
    digits = "".join(sign for sign in typed if sign not in " -")
    if len(digits) == SCANNED_LENGTH and not pin:
        digits, pin = digits[:NUMBER_LENGTH], digits[NUMBER_LENGTH:]
    if len(digits) != NUMBER_LENGTH or not (digits.isascii() and digits.isdigit()):
        return None
    return Shown(digits, pin) if int(digits) % _CHECKED == 1 else None


def with_check_digits(digits: str) -> str:
    """Return digits followed by their two check digits (ISO/IEC 7064, MOD 97-10)."""
    return f"{digits}{98 - int(digits) * 100 % _CHECKED:02}"


def written(number: str) -> str:
    """Return a number as it stands on a card: in groups of four."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def _digits(purpose: bytes, seed: UUID, key: bytes, length: int) -> str:
    made = hmac.new(key, purpose + b":" + seed.bytes, hashlib.sha256).digest()
    return f"{int.from_bytes(made) % 10**length:0{length}}"
