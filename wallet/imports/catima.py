"""Catima's backup: ``catima.csv`` in a zip with its photos, or alone (pure).

Format versions 1 and 2 (CatimaLoyalty/Android, docs/EXPORT_FORMAT.md and docs/CARD_FIELDS.md, as of
2026-08). Version 2 is three tables with an empty line between them: groups, cards, which card is in
which group. An export of ours is one too, with a column more (``wallet.card_export``).
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from wallet.imports.archive import Archive
from wallet.imports.rows import Found, Problem, Row, Unreadable, bounded, no_entry
from wallet.imports.tables import (
    Record,
    amount_of,
    cells_of,
    day_of_millis,
    json_of,
    moment_of,
    named,
    text_of,
    whole,
)
from wallet.symbologies import BY_CATIMA, LATIN_1, UTF_8

NAME = "catima.csv"
OURS = "ok"
"""The column that only we write and read; Catima leaves out columns it does not know."""

SIDES = {"front": "front", "back": "back", "icon": "logo"}
PHOTO = re.compile(r"card_(-?\d+)_(front|back|icon)\.png")
POINTS = "points"
ENCODINGS = {"ISO-8859-1": LATIN_1, "UTF-8": UTF_8}

Table = list[tuple[int, list[str]]]


def read_archive(archive: Archive) -> Found:
    """Return the cards of a zip, with their photos."""
    name = archive.find(NAME)
    if name is None:
        raise Unreadable("header_wrong")
    photos: dict[str, dict[str, str]] = defaultdict(dict)
    for entry in archive.names:
        match = PHOTO.fullmatch(entry.rsplit("/", 1)[-1])
        if match:
            photos[match[1]][SIDES[match[2]]] = entry
    rows = _rows(text_of(archive.read(name)), photos)
    return Found(source="catima", rows=bounded(rows), photo=archive.read)


def read_csv(content: bytes) -> Found:
    """Return the cards of a bare CSV: of Catima before 2.0, or taken out of its zip."""
    return Found(source="catima", rows=bounded(_rows(text_of(content), {})), photo=no_entry)


def looks_like(content: bytes) -> bool:
    """Say whether a file without a zip around it is one of these."""
    start = content[:400].decode("utf-8", "replace").lstrip("\ufeff")
    return bool(re.match(r"\d+\s*\r?\n|_id,", start))


def _rows(text: str, photos: dict[str, dict[str, str]]) -> Sequence[Row]:
    tables = _tables(text)
    first = tables[0][0][1] if tables else []
    if first and first[0].isdecimal() and len(first) == 1:
        return _version_2(first[0], tables[1:], photos)
    if not tables:
        raise Unreadable("no_cards")
    return _cards(tables[0], {}, photos)


def _tables(text: str) -> list[Table]:
    """Split at the empty lines; one inside a note is in quotes, and no line by itself."""
    tables: list[Table] = [[]]
    for line, cells in cells_of(text):
        if cells:
            tables[-1].append((line, cells))
        elif tables[-1]:
            tables.append([])
    return [table for table in tables if table]


def _version_2(
    version: str, tables: list[Table], photos: dict[str, dict[str, str]]
) -> Sequence[Row]:
    if version != "2":
        raise Unreadable("version_unknown", version=version[:10])
    by_header = {tuple(table[0][1])[:2]: table for table in tables}
    cards = next((table for head, table in by_header.items() if "store" in head), None)
    if cards is None:
        raise Unreadable("header_wrong")
    groups: dict[str, list[str]] = defaultdict(list)
    for _line, cells in by_header.get(("cardId", "groupId"), [])[1:]:
        groups[cells[0]].append(cells[-1])
    return _cards(cards, groups, photos)


def _cards(
    table: Table, groups: dict[str, list[str]], photos: dict[str, dict[str, str]]
) -> Sequence[Row]:
    header = table[0][1]
    if not {"_id", "store", "cardid"} <= set(header):
        raise Unreadable("header_wrong")
    rows = [(line, named(header, cells)) for line, cells in table[1:]]
    return [_row(line, one, groups[one["_id"]] if groups else (), photos) for line, one in rows]


def _row(line: int, one: Record, groups: Sequence[str], photos: dict[str, dict[str, str]]) -> Row:
    kind = one.get("barcodetype", "").strip()
    number, code = one["cardid"], one.get("barcodeid", "")
    problems: list[Problem] = []
    unit = one.get("balancetype", "").strip()
    return Row(
        line=line,
        name=one["store"],
        code=(code or number) if kind else "",
        kind=kind,
        symbology=BY_CATIMA.get(kind, ""),
        encoding=ENCODINGS.get(one.get("barcodeencoding", ""), ""),
        number=number if code or not kind else "",
        note=one.get("note", ""),
        colour=_colour(one.get("headercolor", "")),
        valid_from=_day(one.get("validfrom", ""), line, problems),
        expires_on=_day(one.get("expiry", ""), line, problems),
        groups=groups,
        starred=one.get("starstatus") == "1",
        archived=one.get("archive") == "1",
        balance=_balance(one.get("balance", ""), unit, line, problems),
        unit=unit or POINTS,
        used_at=_used(one.get("lastused", "")),
        photos=photos.get(one["_id"], {}),
        own=_own(one.get(OURS, ""), line, problems),
        problems=problems,
    )


def _colour(text: str) -> str:
    """Return an Android colour, a signed ARGB number, as ``#rrggbb``."""
    colour = whole(text)
    return "" if colour is None else f"#{colour & 0xFFFFFF:06x}"


def _day(text: str, line: int, problems: list[Problem]) -> str | None:
    day = day_of_millis(text)
    if day is None and text.strip() not in {"", "0"}:
        problems.append(Problem(line, "day_strange"))
    return day


def _balance(text: str, unit: str, line: int, problems: list[Problem]) -> int | None:
    if not text.strip():
        return None
    balance = amount_of(text, minor=bool(unit))
    if balance is None:
        problems.append(Problem(line, "balance_strange"))
    return balance or None


def _used(text: str) -> Any:
    seconds = whole(text)
    return moment_of(seconds) if seconds else None


def _own(text: str, line: int, problems: list[Problem]) -> Any:
    if not text:
        return None
    try:
        return json_of(text.encode())
    except Unreadable:
        problems.append(Problem(line, "own_broken"))
        return None
