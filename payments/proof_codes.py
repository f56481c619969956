"""The code that a cent carries: six digits, of which only a keyed hash is kept."""

import secrets

from django.utils.crypto import constant_time_compare, salted_hmac

CODES = 1_000_000
DIGITS = 6
SALT = "payments.proof_codes"
TEST_CODE = "123456"
"""The code of every test person's cent, which is never sent: in test mode no money moves."""


def draw() -> str:
    """Draw a code."""
    return f"{secrets.randbelow(CODES):0{DIGITS}d}"


def hashed(proof_id: int, code: str) -> str:
    """Return what is kept of a code; it proves nothing without the key, which no database holds."""
    return salted_hmac(SALT, f"{proof_id}:{code}", algorithm="sha256").hexdigest()


def is_right(proof_id: int, code: str, kept: str) -> bool:
    """Say whether somebody typed the code; spaces and dashes do not count."""
    digits = "".join(character for character in code if character.isdecimal())
    return constant_time_compare(hashed(proof_id, digits), kept)
