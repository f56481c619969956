"""PINs: what one looks like, and the hash that is kept of it.

Four digits are soon tried against a stolen dump, whatever the hash; so what is hashed is not the
PIN but its HMAC under a pepper that lies outside the database (``settings.OK_API_KEY_PEPPER``).
"""

import re
from itertools import pairwise

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.utils.crypto import salted_hmac

SHORTEST, LONGEST = 4, 8
_DIGITS = re.compile(rf"[0-9]{{{SHORTEST},{LONGEST}}}")


def is_pin(text: str) -> bool:
    """Say whether this is 4 to 8 digits."""
    return _DIGITS.fullmatch(text) is not None


def is_easy(pin: str) -> bool:
    """Say whether a stranger would try this one first: 1111, 1234, 8765."""
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    return len(steps) == 1 and abs(steps.pop()) <= 1


def hash_pin(*, person_id: int, pin: str) -> str:
    """Return what to keep of a person's PIN; takes some tenths of a second, on purpose."""
    return make_password(_peppered(person_id, pin))


def matches(*, person_id: int, pin: str, secret_hash: str) -> bool:
    """Say whether this is the PIN; takes as long."""
    return check_password(_peppered(person_id, pin), secret_hash)


def _peppered(person_id: int, pin: str) -> str:
    said = f"{person_id}:{pin}"
    return salted_hmac(
        "wallet.pins", said, secret=settings.OK_API_KEY_PEPPER, algorithm="sha256"
    ).hexdigest()
