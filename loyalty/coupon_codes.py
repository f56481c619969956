"""Coupon codes: how they are made, read and written (pure).

Codes that we make are of 31 signs, the digits and capitals without 0, 1, I, L and O, which people
take for one another. Eleven are random (54 bits: of a million codes one in 25 thousand million
guesses is right), the twelfth is a check, so that one wrong sign or two that changed places are no
other code: the sum of each sign's value times its place, modulo 31, as ISBN-10 does modulo 11.
"""

import re
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
RANDOM_SIGNS = 11
SHORTEST, LONGEST = 3, 32
LONGEST_PREFIX = 8
GROUP = 4
# The check stands at place 12: its value times 12 brings the sum to 0.
_INVERSE = pow(RANDOM_SIGNS + 1, -1, len(ALPHABET))
_VALUES = {sign: value for value, sign in enumerate(ALPHABET)}
_PLAIN = re.compile(rf"[A-Z0-9]{{{SHORTEST},{LONGEST}}}")
_PREFIX = re.compile(rf"[A-Z0-9]{{0,{LONGEST_PREFIX}}}")


def plain(text: str) -> str:
    """Return a code as it is kept: capitals and digits, without spaces and hyphens."""
    return "".join(text.split()).replace("-", "").upper()


def is_plain(code: str) -> bool:
    """Say whether this may be a code, in its plain form."""
    return _PLAIN.fullmatch(code) is not None


def is_prefix(text: str) -> bool:
    """Say whether codes may begin with this, in its plain form."""
    return _PREFIX.fullmatch(text) is not None


def made(prefix: str = "") -> str:
    """Return a new code that nobody can guess, in its plain form."""
    number = secrets.randbelow(len(ALPHABET) ** RANDOM_SIGNS)
    signs = [prefix]
    total = 0
    for place in range(1, RANDOM_SIGNS + 1):
        number, value = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[value])
        total += place * value
    signs.append(_check(total))
    return "".join(signs)


def check_of(random: str) -> str:
    """Return the sign that makes the random ones whole."""
    total = sum(place * _VALUES[sign] for place, sign in enumerate(random, start=1))
    return _check(total)


def _check(total: int) -> str:
    return ALPHABET[-total * _INVERSE % len(ALPHABET)]


def is_whole(code: str, prefix: str = "") -> bool:
    """Say whether a plain code that we might have made has the right check."""
    own = code.removeprefix(prefix)
    if len(own) != RANDOM_SIGNS + 1 or not all(sign in _VALUES for sign in own):
        return False
    return check_of(own[:-1]) == own[-1]


def shown(code: str, prefix: str = "") -> str:
    """Return a plain code as people read it: one that we made in groups of four."""
    if not is_whole(code, prefix):
        return code
    return grouped(code, prefix)


def grouped(code: str, prefix: str = "") -> str:
    """Return a plain code that we did make, in groups of four."""
    own = code.removeprefix(prefix)
    groups = [own[start : start + GROUP] for start in range(0, len(own), GROUP)]
    return "-".join([prefix, *groups] if prefix else groups)
