"""Single fields of a bank's file: amounts, days, account numbers, references (pure).

Whatever cannot be read exactly refuses the whole file: an amount is never guessed.
"""

import re
from datetime import date
from functools import lru_cache
from typing import Literal

from stdnum import iban as iban_numbers

from payments.bankfiles.lines import BankFileRefused

MINOR_DIGITS = {
    "BGN": 2,
    "CHF": 2,
    "CZK": 2,
    "DKK": 2,
    "EUR": 2,
    "GBP": 2,
    "HUF": 2,
    "ISK": 0,
    "NOK": 2,
    "PLN": 2,
    "RON": 2,
    "SEK": 2,
    "USD": 2,
}
"""Digits after the decimal mark, ISO 4217 (List One); the currencies of the SEPA countries."""

_AMOUNTS = {
    ".": re.compile(r"([0-9]{1,15})(?:\.([0-9]{0,5}))?"),
    ",": re.compile(r"([0-9]{1,15})(?:,([0-9]{0,5}))?"),
}
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T.+|Z|[+-][0-9]{2}:[0-9]{2})?")
_NO_REFERENCE = {"NOTPROVIDED", "NONREF", "NOT PROVIDED"}
_SHOWN = 60


def shown(text: str) -> str:
    """Return what was read as a sentence may show it."""
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def check_currency(currency: str, *, line: int | None) -> None:
    """Refuse what is no currency, or one whose minor unit we do not know."""
    if currency not in MINOR_DIGITS:
        raise BankFileRefused(
            "unknown_currency", f"{shown(currency)} is not a currency we know.", line
        )


def minor_units(
    text: str, *, currency: str, line: int | None, mark: Literal[".", ","] = "."
) -> int:
    """Read an amount without a sign, digit by digit, into the currency's minor units.

    Raises ``BankFileRefused`` ("unreadable_amount", "unknown_currency") for anything else than
    digits and one mark, and for more precision than the currency has.
    """
    check_currency(currency, line=line)
    match = _AMOUNTS[mark].fullmatch(text)
    if match is None:
        raise BankFileRefused("unreadable_amount", f"{shown(text)} is not an amount.", line)
    digits = MINOR_DIGITS[currency]
    whole, fraction = match[1], match[2] or ""
    if fraction[digits:].strip("0"):
        raise BankFileRefused(
            "unreadable_amount", f"{shown(text)} is finer than {currency} can be booked.", line
        )
    return int(whole + fraction[:digits].ljust(digits, "0"))


def written(amount: int, *, currency: str, mark: Literal[".", ","] = ".") -> str:
    """Write the size of an amount, without its sign: the inverse of ``minor_units``.

    The mark is always there: MT940 asks for it, and XML allows it.
    """
    digits = MINOR_DIGITS[currency]
    text = str(abs(amount)).zfill(digits + 1)
    return f"{text[: len(text) - digits]}{mark}{text[len(text) - digits :]}"


def day(text: str, *, line: int | None) -> date:
    """Read an XSD date or the day of an XSD dateTime, as the bank wrote it."""
    match = _DAY.fullmatch(text)
    try:
        return date.fromisoformat(match[1] if match else "")
    except ValueError:
        raise BankFileRefused("unreadable_date", f"{shown(text)} is not a date.", line) from None


@lru_cache(maxsize=4096)
def is_iban(compact: str) -> bool:
    """Say whether this is an IBAN (ISO 13616), written without spaces."""
    return bool(iban_numbers.is_valid(compact))


def iban(text: str, *, line: int | None) -> str:
    """Read an IBAN, spaces or not; refuse one whose check digits are wrong."""
    compact = "".join(text.split()).upper()
    if not is_iban(compact):
        raise BankFileRefused("wrong_iban", f"{shown(text)} is not a valid IBAN.", line)
    return compact


def reference(text: str) -> str:
    """Return a reference, or nothing where the bank says that there is none."""
    return "" if text.upper() in _NO_REFERENCE else text
