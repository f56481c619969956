"""Reads an acquirer's settlement file, a CSV whose columns a mapping names (pure).

Each acquirer has its own; what comes out is the same as of a bank's statement, so that PIN sales
are reconciled as everything else is. Such a file has no balances.
"""

import csv
import io
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, BinaryIO, Literal

from payments.bankfiles import fields
from payments.bankfiles.lines import (
    BankFileRefused,
    BankLine,
    Read,
    StatementClosed,
    StatementOpened,
)

KIND = "acquirer.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class AcquirerMapping:
    """How an acquirer writes its file: the headings of its columns, empty for what it has not.

    A minus before an amount, or one of ``debit_words`` in ``direction``, takes from the account.
    ``fee`` is what the acquirer keeps of the amount, whose column is gross; ``batch`` what it pays
    in one go. ``date_format`` is strptime's.
    """

    amount: str
    booked_on: str
    reference: str = ""
    bank_reference: str = ""
    text: str = ""
    fee: str = ""
    batch: str = ""
    direction: str = ""
    debit_words: frozenset[str] = frozenset()
    decimal_mark: Literal[".", ","] = "."
    date_format: str = "%Y-%m-%d"
    delimiter: str = ","
    encoding: str = "utf-8-sig"

    def columns(self) -> set[str]:
        """Return the headings that must be there."""
        named = (self.amount, self.booked_on, self.reference, self.bank_reference)
        others = (self.text, self.fee, self.batch, self.direction)
        return {heading for heading in (*named, *others) if heading}

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return asdict(self) | {"debit_words": sorted(self.debit_words)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "AcquirerMapping":
        """Return what was kept."""
        return cls(**{**kept, "debit_words": frozenset(kept["debit_words"])})


def read(
    stream: BinaryIO, mapping: AcquirerMapping, *, number: str, iban: str, currency: str
) -> Read:
    """Yield what the file tells; ``number`` is what the acquirer, or its file name, calls it.

    Raises ``BankFileRefused``: "unreadable_amount", "unknown_currency", "unreadable_date",
    "missing_column", "unreadable_row", "unreadable_text", "empty".
    """
    fields.check_currency(currency, line=None)
    lines = total = 0
    for line_number, row in _rows(stream, mapping):
        if not lines:
            yield StatementOpened(
                kind=KIND,
                message_id=number,
                number=number,
                iban=iban,
                currency=currency,
                opening=None,
                first_day=None,
                last_day=None,
            )
        amount = _amount(row, mapping, currency, line_number)
        lines, total = lines + 1, total + amount
        yield BankLine(
            entry=lines,
            part=0,
            amount=amount,
            currency=currency,
            booked_on=_day(row[mapping.booked_on], mapping.date_format, line_number),
            valued_on=None,
            end_to_end_id=row.get(mapping.reference, ""),
            batch_id=row.get(mapping.batch, ""),
            fee=_fee(row.get(mapping.fee, ""), mapping, currency, line_number),
            bank_reference=row.get(mapping.bank_reference, ""),
            text=row.get(mapping.text, ""),
        )
    if not lines:
        raise BankFileRefused("empty", "The file has no rows.")
    yield StatementClosed(lines=lines, total=total, closing=None)


def _rows(stream: BinaryIO, mapping: AcquirerMapping) -> Iterator[tuple[int, Mapping[str, str]]]:
    text = io.TextIOWrapper(stream, encoding=mapping.encoding, newline="")
    rows = csv.DictReader(text, delimiter=mapping.delimiter, strict=True)
    try:
        missing = mapping.columns() - {heading.strip() for heading in rows.fieldnames or ()}
        if missing:
            sentence = f"The file has no column {', '.join(map(fields.shown, sorted(missing)))}."
            raise BankFileRefused("missing_column", sentence, 1)
        for row in rows:
            if None in row or None in row.values():
                sentence = "A row has another number of columns than the heading."
                raise BankFileRefused("unreadable_row", sentence, rows.line_num)
            yield rows.line_num, {name.strip(): value.strip() for name, value in row.items()}
    except UnicodeDecodeError as error:
        sentence = f"The file is not written in {mapping.encoding}."
        raise BankFileRefused("unreadable_text", sentence) from error
    except csv.Error as error:
        sentence = f"A row cannot be read: {error}."
        raise BankFileRefused("unreadable_row", sentence, rows.reader.line_num) from error
    finally:
        # The stream is the caller's; it must not be closed with its text.
        text.detach()


def _amount(row: Mapping[str, str], mapping: AcquirerMapping, currency: str, line: int) -> int:
    text = row[mapping.amount]
    size = fields.minor_units(
        text.removeprefix("-"), currency=currency, line=line, mark=mapping.decimal_mark
    )
    is_debit = text.startswith("-") != (row.get(mapping.direction, "") in mapping.debit_words)
    return -size if is_debit else size


def _fee(text: str, mapping: AcquirerMapping, currency: str, line: int) -> int:
    """Read what the acquirer keeps; empty is nothing, a minus is what it gives."""
    if not text:
        return 0
    size = fields.minor_units(
        text.removeprefix("-"), currency=currency, line=line, mark=mapping.decimal_mark
    )
    return -size if text.startswith("-") else size


def _day(text: str, date_format: str, line: int) -> date:
    try:
        return date(*time.strptime(text, date_format)[:3])
    except ValueError:
        sentence = f"{fields.shown(text)} is not a date as the file writes them."
        raise BankFileRefused("unreadable_date", sentence, line) from None
