"""The wire form of API keys: ``ok_live_<prefix>_<secret>``, ``ok_test_…``. Pure, no database.

The secret is 256 random bits, so one fast HMAC protects it; slow hashes are for passwords. The
digest covers the whole key, so that a test key cannot be passed off as a live one.
"""

import hashlib
import hmac
import re
import secrets
import string

PREFIX_LENGTH = 12
SECRET_LENGTH = 43  # of 62 characters each: just over 256 bits
ALPHABET = string.ascii_letters + string.digits
KEY = re.compile(
    rf"ok_(?:live|test)_(?P<prefix>[A-Za-z0-9]{{{PREFIX_LENGTH}}})_[A-Za-z0-9]{{{SECRET_LENGTH}}}"
)


def new_prefix() -> str:
    """Return a random prefix, by which a key is found and may be named in a list."""
    return _random(PREFIX_LENGTH)


def new_key(*, mode: str, prefix: str) -> str:
    """Return a new key in its wire form; it is shown once and kept nowhere."""
    return f"ok_{mode}_{prefix}_{_random(SECRET_LENGTH)}"


def prefix_of(key: str) -> str | None:
    """Return the prefix of a key, or None for what is no key."""
    match = KEY.fullmatch(key)
    return match["prefix"] if match else None


def digest(key: str, pepper: str) -> str:
    """Return the hexadecimal HMAC-SHA256 of a key under the pepper."""
    return hmac.new(pepper.encode(), key.encode(), hashlib.sha256).hexdigest()


def matches(key: str, pepper: str, stored: str) -> bool:
    """Say whether a key belongs to a stored digest, in constant time."""
    return hmac.compare_digest(digest(key, pepper), stored)


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
