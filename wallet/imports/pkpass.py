"""A wallet pass of Apple's: ``pass.json`` in a zip; several of them in a ``.pkpasses`` (pure).

PassKit, "Pass"; what of it stands on a card is the same as when one is added by hand
(static/js/card-pass.js).
"""

import re
from collections.abc import Mapping
from typing import Any

from wallet.imports.archive import Archive
from wallet.imports.rows import Found, Problem, Row, Unreadable, bounded
from wallet.imports.tables import json_of
from wallet.symbologies import BY_PKPASS

NAME = "pass.json"
LOGOS = ("icon@3x.png", "icon@2x.png", "icon.png")
RGB = re.compile(r"rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOST_PASSES = 100


def looks_like(archive: Archive) -> bool:
    """Say whether a zip is a pass, or passes."""
    return NAME in archive.names or any(name.endswith(".pkpass") for name in archive.names)


def read_archive(archive: Archive) -> Found:
    """Return the card of a pass, or those of a bundle of them."""
    if NAME in archive.names:
        row = _row(1, archive, "")
        return Found(source="pkpass", rows=[row], photo=archive.read)
    names = [name for name in archive.names if name.endswith(".pkpass")]
    if len(names) > MOST_PASSES:
        raise Unreadable("too_many_cards", number=len(names), most=MOST_PASSES)
    inside = {str(nth): Archive(archive.read(name)) for nth, name in enumerate(names, 1)}
    rows = [_row(int(nth), one, f"{nth}/") for nth, one in inside.items()]

    def photo(name: str) -> bytes:
        nth, _slash, entry = name.partition("/")
        return inside[nth].read(entry)

    return Found(source="pkpass", rows=bounded(rows), photo=photo)


def _row(nth: int, archive: Archive, folder: str) -> Row:
    if NAME not in archive.names:
        raise Unreadable("json_broken")
    one = json_of(archive.read(NAME))
    if not isinstance(one, dict):
        raise Unreadable("json_broken")
    barcode = _barcode(one)
    kind, code = _text(barcode, "format"), _text(barcode, "message")
    beside = _text(barcode, "altText")
    day = DAY.match(_text(one, "expirationDate"))
    logo = next((name for name in LOGOS if name in archive.names), None)
    issuer = _text(one, "organizationName")
    return Row(
        line=nth,
        name=_text(one, "logoText") or issuer or _text(one, "description"),
        issuer=issuer,
        code=code,
        kind=kind,
        symbology=BY_PKPASS.get(kind, ""),
        number="" if beside == code else beside,
        colour=_colour(_text(one, "backgroundColor")),
        expires_on=day[0] if day else None,
        photos={"logo": f"{folder}{logo}"} if logo else {},
        problems=() if code else [Problem(nth, "no_barcode")],
    )


def _barcode(one: Mapping[str, Any]) -> Mapping[str, Any]:
    listed = one.get("barcodes")
    first = listed[0] if isinstance(listed, list) and listed else one.get("barcode")
    return first if isinstance(first, dict) else {}


def _text(one: Mapping[str, Any], name: str) -> str:
    value = one.get(name)
    return value if isinstance(value, str) else ""


def _colour(text: str) -> str:
    match = RGB.fullmatch(text.strip())
    channels = [int(channel) for channel in match.groups()] if match else []
    if not channels or max(channels) > 255:
        return ""
    return "#{:02x}{:02x}{:02x}".format(*channels)
