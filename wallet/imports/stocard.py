"""Stocard's export: a zip with a file in JSON for each thing it knew (pure).

Paths after CatimaLoyalty/Android, StocardImporter (until 2025) and its #1242 and #2096: whatever
stands in front, ``users/<person>/loyalty-cards/<card>/content.json``, with its note, photos and
uses beside it, and ``loyalty-card-custom-providers/<shop>/`` for shops that a person named. The zip
has a password (ZipCrypto), and later ones begin with the mark of a spanned archive, which zips may
(APPNOTE 8.5.4).
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from wallet.imports.archive import Archive
from wallet.imports.rows import Found, Problem, Row, Unreadable, bounded
from wallet.imports.tables import json_of
from wallet.symbologies import BY_CATIMA

CARD = re.compile(r"(?:^|/)users/[^/]+/loyalty-cards/([^/]+)/(.+)")
SHOP = re.compile(r"(?:^|/)users/[^/]+/loyalty-card-custom-providers/([^/]+)/(.+)")
FRONTS = ("images/front.png", "images/front/front.jpg")
BACKS = ("images/back.png", "images/back/back.jpg")
# Its own names, where they are not those of ZXing.
KINDS = {**BY_CATIMA, "GS1_128": "code_128"}

Files = Mapping[str, str]


def looks_like(archive: Archive) -> bool:
    """Say whether a zip is one of these."""
    return any(CARD.search(name) for name in archive.names)


def read_archive(archive: Archive) -> Found:
    """Return the cards; their place in the zip stands for a line."""
    cards = _files(archive, CARD)
    shops = _files(archive, SHOP)
    rows: list[Row] = []
    problems: list[Problem] = []
    for nth, files in enumerate(cards.values(), 1):
        if "content.json" not in files:
            problems.append(Problem(nth, "card_without_content"))
            continue
        rows.append(_row(archive, nth, files, shops))
    return Found(source="stocard", rows=bounded(rows), problems=problems, photo=archive.read)


def _files(archive: Archive, pattern: re.Pattern[str]) -> dict[str, dict[str, str]]:
    """Return for each card or shop where its files are, by what they are called."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for name in archive.names:
        match = pattern.search(name)
        if match:
            found[match[1]][match[2]] = name
    return found


def _row(archive: Archive, nth: int, files: Files, shops: Mapping[str, Files]) -> Row:
    card = _object(archive, files["content.json"])
    reference = card.get("input_provider_reference")
    provider = _text(reference if isinstance(reference, dict) else {}, "identifier")
    provider = provider.rsplit("/", 1)[-1]
    shop = shops.get(provider, {})
    named = _object(archive, shop["content.json"]) if "content.json" in shop else {}
    kind = _text(card, "input_barcode_format")
    return Row(
        line=nth,
        name=_text(card, "input_provider_name") or _text(named, "name") or provider,
        code=_text(card, "input_id") if kind else "",
        kind=kind,
        symbology=KINDS.get(kind, ""),
        number="" if kind else _text(card, "input_id"),
        note=_note(archive, files),
        used_at=_used(archive, files),
        photos=_photos(files, shop),
    )


def _object(archive: Archive, name: str) -> Mapping[str, Any]:
    value = json_of(archive.read(name))
    if not isinstance(value, dict):
        raise Unreadable("json_broken")
    return value


def _text(one: Mapping[str, Any], name: str) -> str:
    value = one.get(name)
    return value if isinstance(value, str) else ""


def _note(archive: Archive, files: Files) -> str:
    name = files.get("notes/default/content.json")
    return _text(_object(archive, name), "content") if name else ""


def _used(archive: Archive, files: Files) -> datetime | None:
    name = files.get("usage-statistics/content.json")
    usages = _object(archive, name).get("usages") if name else None
    last = usages[-1] if isinstance(usages, list) and usages else None
    time = last.get("time") if isinstance(last, dict) else None
    try:
        moment = datetime.fromisoformat(_text(time if isinstance(time, dict) else {}, "value"))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _photos(files: Files, shop: Files) -> dict[str, str]:
    sides = {
        "front": next((files[name] for name in FRONTS if name in files), None),
        "back": next((files[name] for name in BACKS if name in files), None),
        "logo": next((path for name, path in shop.items() if name.endswith("logo.png")), None),
    }
    return {side: name for side, name in sides.items() if name}
