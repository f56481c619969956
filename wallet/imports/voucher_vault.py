"""Voucher Vault's export, of the app for Android: a list in JSON (pure).

Fields after CatimaLoyalty/Android, VoucherVaultImporter (and tim-smart/vouchervault #4):
description, code, codeType, expires, balance or balanceMilliunits, color.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from wallet.imports.rows import Found, Problem, Row, Unreadable, bounded
from wallet.imports.tables import amount_of, json_of

KINDS = {
    "CODE128": "code_128",
    "CODE39": "code_39",
    "EAN13": "ean_13",
    "PDF417": "pdf417",
    "QR": "qr_code",
}
COLOURS = {
    "GREY": "#808080",
    "BLUE": "#0000ff",
    "GREEN": "#008000",
    "ORANGE": "#ffa500",
    "PURPLE": "#800080",
    "RED": "#ff0000",
    "YELLOW": "#ffff00",
}
NO_BARCODE = "TEXT"
CURRENCY = "EUR"
"""The file names none; the app shows a bare number."""


def looks_like(content: bytes) -> bool:
    """Say whether a file may be one: a list."""
    return content[:100].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"[")


def read_json(content: bytes) -> Found:
    """Return the vouchers; their place in the list stands for a line."""
    listed = json_of(content)
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise Unreadable("header_wrong")
    if not any({"description", "codeType"} <= one.keys() for one in listed):
        raise Unreadable("header_wrong" if listed else "no_cards")
    rows = [_row(nth, one) for nth, one in enumerate(listed, 1)]
    return Found(source="voucher_vault", rows=bounded(rows))


def _row(nth: int, one: Mapping[str, Any]) -> Row:
    problems: list[Problem] = []
    kind = _text(one, "codeType")
    barcode = "" if kind == NO_BARCODE else kind
    return Row(
        line=nth,
        name=_text(one, "description"),
        code=_text(one, "code") if barcode else "",
        kind=barcode,
        symbology=KINDS.get(kind, ""),
        number="" if barcode else _text(one, "code"),
        colour=COLOURS.get(_text(one, "color"), ""),
        expires_on=_text(one, "expires")[:10] or None,
        balance=_balance(one, nth, problems),
        unit=CURRENCY,
        problems=problems,
    )


def _text(one: Mapping[str, Any], name: str) -> str:
    value = one.get(name)
    return value if isinstance(value, str) else ""


def _balance(one: Mapping[str, Any], nth: int, problems: list[Problem]) -> int | None:
    milli, plain = one.get("balanceMilliunits"), one.get("balance")
    if milli is None and plain is None:
        return None
    try:
        amount = Decimal(str(plain)) if milli is None else Decimal(str(milli)) / 1000
    except ArithmeticError:
        amount = Decimal("NaN")
    balance = amount_of(str(amount), minor=True)
    if balance is None:
        problems.append(Problem(nth, "balance_strange"))
    return balance or None
