"""Reads MT940, SWIFT's statement in lines, as Dutch banks deliver it (pure).

Fields by SWIFT's Standards MT, category 9: 20 reference, 25 account, 28C statement and page, 60
opening balance, 61 line, 86 what the line is about, 62 closing balance. ``F`` is a first or final
balance, ``M`` one between two pages: each page is a statement whose own balances must add up.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from payments.bankfiles import fields, mt940_details
from payments.bankfiles.lines import (
    BankFileRefused,
    BankLine,
    Read,
    StatementClosed,
    StatementOpened,
)

MAX_LINE = 2_000
MAX_LINES_OF_A_FIELD = 100

_FIELD = re.compile(r":(\d{2}[A-Z]?):(.*)")
_ENVELOPE = re.compile(r"-|-\}.*|\{[1-5]:.*")
_BALANCE = re.compile(r"([CD])([0-9]{6})([A-Z]{3})(.*)")
_LINE = re.compile(
    r"(?P<valued>[0-9]{6})(?P<booked>[0-9]{4}|[ ]{4})?(?P<mark>R?[CD])[A-Z]?"
    r"(?P<amount>[^A-Z/]*)[A-Z][A-Z0-9 ]{3}(?P<reference>.*?)(?://(?P<bank_reference>.*))?"
)
# A reversal goes the other way than what it reverses.
_SIGNS = {"C": 1, "D": -1, "RC": -1, "RD": 1}


@dataclass(frozen=True, slots=True)
class _Field:
    tag: str
    lines: list[str]
    line: int

    @property
    def value(self) -> str:
        return self.lines[0].strip()

    def go_on(self, line: str, number: int) -> None:
        self.lines.append(line)
        if len(self.lines) > MAX_LINES_OF_A_FIELD:
            sentence = "A field goes on for more lines than any bank's."
            raise BankFileRefused("malformed_mt940", sentence, number)


def read(stream: BinaryIO) -> Read:
    """Yield what the bank tells; nothing of a file that is refused may be booked.

    Raises ``BankFileRefused``: what ``fields`` refuses, and "truncated", "malformed_mt940",
    "unreadable_line", "other_currency", "balances_do_not_add_up", "empty".
    """
    page: _Page | None = None
    pages, last = 0, None
    for field in _fields(stream):
        last = field.line
        if field.tag == "20":
            if page is not None:
                raise _ends_early(field.line)
            page, pages = _Page(field.value), pages + 1
        elif page is not None:
            yield from page.take(field)
            if field.tag in ("62F", "62M"):
                page = None
    if page is not None:
        raise _ends_early(last)
    if not pages:
        raise BankFileRefused("empty", "The file holds no statement: no field :20:.")


def _ends_early(line: int | None) -> BankFileRefused:
    return BankFileRefused("truncated", "A statement ends before its closing balance.", line)


def _fields(stream: BinaryIO) -> Iterator[_Field]:
    """Yield the fields with their lines; SWIFT's envelope around them is passed over."""
    field: _Field | None = None
    for number, line in _lines(stream):
        begins = _FIELD.fullmatch(line)
        if begins or _ENVELOPE.fullmatch(line):
            if field is not None:
                yield field
            field = _Field(begins[1], [begins[2]], number) if begins else None
        elif field is not None:
            field.go_on(line, number)
    if field is not None:
        yield field


def _lines(stream: BinaryIO) -> Iterator[tuple[int, str]]:
    number = 0
    while raw := stream.readline(MAX_LINE):
        number += 1
        if len(raw) == MAX_LINE:
            raise BankFileRefused("malformed_mt940", "A line is longer than any bank's.", number)
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            # Older exports; each of its bytes is a letter, so that this cannot fail.
            line = raw.decode("latin-1")
        yield number, line.rstrip("\r\n")


class _Page:
    """One page of a statement while it is read."""

    def __init__(self, message_id: str) -> None:
        self.message_id = message_id
        self.iban = self.number = self.currency = ""
        self.opening = self.total = self.lines = 0
        self.is_open = False
        self.held: _Field | None = None

    def take(self, field: _Field) -> Read:
        """Read one field; a line waits for the field 86 that may follow it."""
        if field.tag == "86" and self.held is not None:
            yield self._line(self.held, field)
            self.held = None
            return
        if self.held is not None:
            yield self._line(self.held, _Field("86", [""], self.held.line))
            self.held = None
        if field.tag == "25":
            self.iban = _account(field)
        elif field.tag in ("28C", "28"):
            self.number = field.value
        elif field.tag in ("60F", "60M"):
            yield self._opened(field)
        elif field.tag == "61":
            self._require_open(field)
            self.held = field
        elif field.tag in ("62F", "62M"):
            yield self._closed(field)

    def _require_open(self, field: _Field) -> None:
        if not self.is_open:
            sentence = f"Field :{field.tag}: comes before the opening balance."
            raise BankFileRefused("malformed_mt940", sentence, field.line)

    def _opened(self, field: _Field) -> StatementOpened:
        if self.is_open or not self.iban or not self.number:
            sentence = "An opening balance must follow :25: and :28C:, once."
            raise BankFileRefused("malformed_mt940", sentence, field.line)
        self.opening, self.currency, opened_on = _balance(field)
        self.is_open = True
        return StatementOpened(
            kind="MT940",
            message_id=self.message_id,
            # Banks begin again at 1 or stay at 0; with the day of the opening balance it is unique.
            number=f"{opened_on.isoformat()}/{self.number}",
            iban=self.iban,
            currency=self.currency,
            opening=self.opening,
            first_day=opened_on,
            last_day=None,
        )

    def _closed(self, field: _Field) -> StatementClosed:
        self._require_open(field)
        closing, currency, _ = _balance(field)
        if currency != self.currency:
            sentence = f"The account is in {self.currency}, its closing balance in {currency}."
            raise BankFileRefused("other_currency", sentence, field.line)
        if self.opening + self.total != closing:
            raise BankFileRefused(
                "balances_do_not_add_up",
                f"Opening {self.opening} and lines {self.total} do not make closing {closing}.",
                field.line,
            )
        return StatementClosed(lines=self.lines, total=self.total, closing=closing)

    def _line(self, field: _Field, about: _Field) -> BankLine:
        match = _LINE.fullmatch(field.value)
        if match is None:
            sentence = f"{fields.shown(field.value)} is not a statement line."
            raise BankFileRefused("unreadable_line", sentence, field.line)
        amount = _SIGNS[match["mark"]] * fields.minor_units(
            match["amount"], currency=self.currency, line=field.line, mark=","
        )
        self.lines, self.total = self.lines + 1, self.total + amount
        valued_on = _day(match["valued"], field.line)
        details = mt940_details.parse(about.lines, line=about.line)
        reference = match["reference"].strip()
        return BankLine(
            entry=self.lines,
            part=0,
            amount=amount,
            currency=self.currency,
            booked_on=_near(valued_on, (match["booked"] or "").strip(), field.line),
            valued_on=valued_on,
            end_to_end_id=details.end_to_end_id
            or ("" if reference in ("EREF", "PREF", "MARF") else fields.reference(reference)),
            batch_id=details.batch_id,
            batch_size=details.batch_size,
            mandate_id=details.mandate_id,
            bank_reference=(match["bank_reference"] or "").strip(),
            structured=details.structured,
            text=details.text or " ".join(more.strip() for more in field.lines[1:]),
            name=details.name,
            iban=details.iban,
            reason=details.reason,
            is_reversal=match["mark"].startswith("R"),
        )


def _account(field: _Field) -> str:
    """Read an IBAN; a BIC may stand before it, and the currency after it."""
    account = field.value.rpartition("/")[2].replace(" ", "")
    without_currency = account[:-3]
    return (
        without_currency
        if fields.is_iban(without_currency)
        else fields.iban(account, line=field.line)
    )


def _balance(field: _Field) -> tuple[int, str, date]:
    match = _BALANCE.fullmatch(field.value)
    if match is None:
        sentence = f"{fields.shown(field.value)} is not a balance."
        raise BankFileRefused("malformed_mt940", sentence, field.line)
    mark, day, currency, amount = match.groups()
    size = fields.minor_units(amount, currency=currency, line=field.line, mark=",")
    return _SIGNS[mark] * size, currency, _day(day, field.line)


def _day(text: str, line: int) -> date:
    return fields.day(f"20{text[:2]}-{text[2:4]}-{text[4:]}", line=line)


def _near(valued_on: date, month_and_day: str, line: int) -> date:
    """Return the booking day: month and day are written, the year is the value day's or next to it.

    The same day when nothing is written.
    """
    if not month_and_day:
        return valued_on
    candidates = []
    for year in (valued_on.year - 1, valued_on.year, valued_on.year + 1):
        try:
            candidates.append(date(year, int(month_and_day[:2]), int(month_and_day[2:])))
        except ValueError:
            continue  # 29 February is there in one year only.
    if not candidates:
        sentence = f"{fields.shown(month_and_day)} is not a month and day."
        raise BankFileRefused("unreadable_date", sentence, line)
    return min(candidates, key=lambda day: abs(day - valued_on))
