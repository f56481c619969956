"""Text and tables of a file, read strictly (pure)."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from wallet.imports.rows import Unreadable

LONGEST_CELL = 16 * 2**20
MOST_BALANCE = 10**12
HERE = ZoneInfo("Europe/Amsterdam")
"""Phones write a day as the moment of its midnight; those of our people stand here."""

BOM = "\ufeff"

csv.field_size_limit(LONGEST_CELL)

Record = Mapping[str, str]


def text_of(content: bytes) -> str:
    """Return a file as text; raises ``Unreadable`` where it is not UTF-8."""
    try:
        return content.decode("utf-8").removeprefix(BOM)
    except UnicodeDecodeError as error:
        raise Unreadable("encoding_wrong") from error


def json_of(content: bytes) -> Any:
    """Return what a JSON file says; raises ``Unreadable``, also for halves of characters."""
    try:
        value = json.loads(text_of(content))
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Unreadable("json_broken") from error
    return value


def cells_of(text: str, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """Yield each record (RFC 4180) with the line it ends on; an empty line is an empty record."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for record in reader:
            yield reader.line_num, record
    except csv.Error as error:
        raise Unreadable("csv_broken", line=reader.line_num) from error


def named(header: Sequence[str], cells: Sequence[str]) -> Record:
    """Return a record by the names of its columns; a cell that is missing is empty."""
    return {name: cells[at] if at < len(cells) else "" for at, name in enumerate(header)}


def whole(text: str) -> int | None:
    """Return a whole number, or None; at most as long as any we know."""
    stripped = text.strip()
    if len(stripped) > 20 or not stripped.removeprefix("-").isdecimal():
        return None
    return int(stripped)


def day_of_millis(text: str) -> str | None:
    """Return the day of a moment in milliseconds; None where nothing or nonsense stands."""
    millis = whole(text)
    if not millis:
        return None
    moment = moment_of(millis / 1000)
    return moment.astimezone(HERE).date().isoformat() if moment else None


def millis_of_day(day: date) -> int:
    """Return the moment a day begins, in milliseconds."""
    return int(datetime(day.year, day.month, day.day, tzinfo=HERE).timestamp() * 1000)


def moment_of(seconds: float) -> datetime | None:
    """Return a moment; None where no calendar has it."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def amount_of(text: str, *, minor: bool) -> int | None:
    """Return an amount in minor units, or whole ones; None where it is none that fits."""
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        return None
    if not amount.is_finite() or abs(amount) > MOST_BALANCE:
        return None
    scaled = amount * 100 if minor else amount
    return int(scaled) if scaled == scaled.to_integral_value() else None
