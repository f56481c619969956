"""Members and their points out of another system's CSV: read, and every doubtful line named (pure).

A file is taken whole or not at all. What is wrong is a ``Fault``, a code with its line; the words
for it are in ``loyalty.balance_words``.
"""

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import StringIO

MOST_LINES = 100_000
MOST_POINTS = 1_000_000_000
LONGEST_VALUE = 254
"""Of a card number or an address; RFC 5321 knows no longer address."""
FIELDS = ("card", "email", "points", "ends")
DELIMITERS = ";,\t|"
LIKE = {
    "card": ("card", "kaart", "pas", "klantnummer", "lidnummer", "nummer", "number", "member"),
    "email": ("mail",),
    "points": ("point", "punt", "saldo", "balance"),
    "ends": ("expir", "verval", "verloop", "ends", "geldig", "valid"),
}
"""Of which words in a heading we guess what its column holds."""
WHOLE = re.compile(r"(\d{1,3}([., \u00a0]\d{3})+|\d+)([.,]0{1,2})?")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
DAYS = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: a code, the line it is on (0: the file), and what its sentence names."""

    line: int
    code: str
    said: str = ""


class UnreadableError(ValueError):
    """The file cannot be read at all; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as text: how it was written, its headings, and how many lines follow them."""

    text: str
    encoding: str
    delimiter: str
    headings: tuple[str, ...]
    lines: int

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Give the lines below the headings that hold anything, each with its number."""
        reader = csv.reader(StringIO(self.text), delimiter=self.delimiter)
        next(reader)
        for row in reader:
            if any(value.strip() for value in row):
                yield reader.line_num, row


@dataclass(frozen=True, slots=True)
class Balance:
    """One member's points: a card number, an address, or both say whose. ``ends``: the last day."""

    line: int
    card: str
    email: str
    points: int
    ends: date | None


@dataclass(slots=True)
class Outcome:
    """What a file would bring: its members, those without points, and what is wrong with it."""

    balances: list[Balance] = field(default_factory=list)
    without_points: int = 0
    unused: tuple[str, ...] = ()
    faults: list[Fault] = field(default_factory=list)


def sheet_of(content: bytes) -> Sheet:
    """Read a file in UTF-8, UTF-16 with its mark, or Windows-1252; raises ``UnreadableError``."""
    text, encoding = _decoded(content)
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not first:
        raise UnreadableError("empty")
    delimiter = max(DELIMITERS, key=first.count)
    if not first.count(delimiter):
        raise UnreadableError("one_column")
    try:
        rows = list(csv.reader(StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise UnreadableError("no_table") from error
    lines = sum(1 for row in rows[1:] if any(value.strip() for value in row))
    if not lines:
        raise UnreadableError("empty")
    if lines > MOST_LINES:
        raise UnreadableError("too_many_lines")
    headings = tuple(heading.strip() for heading in rows[0])
    if len(set(headings)) < len(headings):
        raise UnreadableError("same_heading")
    return Sheet(text, encoding, delimiter, headings, lines)


def _decoded(content: bytes) -> tuple[str, str]:
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return _text(content, "utf-16")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _text(content, "cp1252")
    if _is_binary(text):
        raise UnreadableError("not_text")
    return text, "utf-8"


def _text(content: bytes, encoding: str) -> tuple[str, str]:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableError("not_text") from error
    if _is_binary(text):
        raise UnreadableError("not_text")
    return text, encoding


def _is_binary(text: str) -> bool:
    return any(unicodedata.category(sign) == "Cc" and sign not in "\r\n\t" for sign in text[:4096])


def guessed(headings: Sequence[str]) -> dict[str, str]:
    """Return which column seems to hold what; a column is guessed once."""
    found: dict[str, str] = {}
    for name in ("email", "points", "ends", "card"):
        for heading in headings:
            if heading not in found.values() and any(
                word in heading.lower() for word in LIKE[name]
            ):
                found[name] = heading
                break
    return found


def read(sheet: Sheet, columns: Mapping[str, str], *, today: date, ends_allowed: bool) -> Outcome:
    """Return what the file brings by these columns (field: heading), and all that is wrong with it.

    A last day must lie after ``today``, and there may be none where points never end.
    """
    outcome = Outcome(faults=_mapping_faults(sheet, columns, ends_allowed=ends_allowed))
    if outcome.faults:
        return outcome
    outcome.unused = tuple(name for name in sheet.headings if name not in columns.values())
    places = {name: sheet.headings.index(heading) for name, heading in columns.items()}
    seen: dict[tuple[str, str], int] = {}
    for line, row in sheet.rows():
        if len(row) > len(sheet.headings):
            outcome.faults.append(Fault(line, "too_many_columns"))
            continue
        said = {
            name: row[place].strip() if place < len(row) else "" for name, place in places.items()
        }
        _take(outcome, line, said, seen, today)
    return outcome


def _mapping_faults(sheet: Sheet, columns: Mapping[str, str], *, ends_allowed: bool) -> list[Fault]:
    faults = [
        Fault(0, "unknown_column", heading)
        for heading in columns.values()
        if heading not in sheet.headings
    ]
    if "points" not in columns:
        faults.append(Fault(0, "no_points_column"))
    if not {"card", "email"} & set(columns):
        faults.append(Fault(0, "no_member_column"))
    if len(set(columns.values())) < len(columns):
        faults.append(Fault(0, "column_twice"))
    if "ends" in columns and not ends_allowed:
        faults.append(Fault(0, "points_never_end"))
    return faults


def _take(
    outcome: Outcome,
    line: int,
    said: Mapping[str, str],
    seen: dict[tuple[str, str], int],
    today: date,
) -> None:
    """Read one line: into the balances, or its faults."""
    card, email = plain_card(said.get("card", "")), plain_email(said.get("email", ""))
    points, ends = _points(said["points"]), _day(said.get("ends", ""))
    faults = [
        Fault(line, code, what)
        for wrong, code, what in (
            (not (card or email), "nobody", ""),
            (bool(email) and not EMAIL.fullmatch(email), "no_address", ""),
            (max(len(card), len(email)) > LONGEST_VALUE, "too_long", ""),
            (points is None, "no_number", said["points"][:20]),
            (points is not None and points < 0, "negative", said["points"][:20]),
            (points is not None and points > MOST_POINTS, "too_many_points", said["points"][:20]),
            (isinstance(ends, str), "no_day", str(ends)[:20]),
            (isinstance(ends, date) and ends < today, "ended", str(ends)),
        )
        if wrong
    ]
    for key in (("card", card), ("email", email)):
        if key[1]:
            first = seen.setdefault(key, line)
            if first != line:
                faults.append(Fault(line, "twice", str(first)))
                break
    outcome.faults += faults
    if faults or points is None or isinstance(ends, str):
        return
    if not points:
        outcome.without_points += 1
        return
    outcome.balances.append(Balance(line, card, email, points, ends))


def plain_card(text: str) -> str:
    """Return a card number as it is compared: capitals, without spaces and hyphens."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(sign for sign in folded if sign.isalnum())


def plain_email(text: str) -> str:
    """Return an address as it is compared."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _points(text: str) -> int | None:
    """Return whole points; "1.250", "1 250" and "1250,00" are all 1250. None for anything else."""
    sign = -1 if text.startswith("-") else 1
    found = WHOLE.fullmatch(text.lstrip("-"))
    return sign * int(re.sub(r"\D", "", found[1])) if found else None


def _day(text: str) -> date | str | None:
    """Return the day; None for an empty text, and the text itself where it is no day."""
    if not text:
        return None
    for form in DAYS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 -- a day has no zone
        except ValueError:
            continue
    return text
