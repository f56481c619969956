"""Amounts, moments and account numbers as files write them (pure)."""

import re
import string
from datetime import UTC, datetime

AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,2})?")
IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")


def cents(text: str) -> int | None:
    """Read an amount of euros as cents; None for what is no whole number of cents."""
    if not AMOUNT.fullmatch(text):
        return None
    whole, _, rest = text.partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0"))


def euros(amount: int) -> str:
    """Write cents as an amount of euros, without its sign: camt says credit or debit instead."""
    whole, rest = divmod(abs(amount), 100)
    return f"{whole}.{rest:02d}"


def is_iban(text: str) -> bool:
    """Say whether the check digits are right (ISO 13616: the number mod 97 is 1)."""
    if not IBAN.fullmatch(text):
        return False
    digits = "".join(str(int(character, 36)) for character in text[4:] + text[:4])
    return int(digits) % 97 == 1


def stored(moment: datetime) -> str:
    """Write a moment so that text sorts as time does."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def printable(text: str) -> str:
    """Leave out what XML cannot hold."""
    return "".join(each for each in text if each.isprintable() or each in string.whitespace)
