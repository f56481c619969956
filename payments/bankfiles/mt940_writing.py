"""Writes an MT940, the statement of an account in lines, in constant memory (pure)."""

from collections.abc import Iterable, Iterator
from datetime import date

from payments.bankfiles import fields
from payments.bankfiles.lines import BankLine, StatementClosed, StatementOpened
from payments.bankfiles.mt940_details import KEYWORD, LINES, WIDTH
from payments.bankfiles.texts import reduced

_REFERENCE, _NAME, _TEXT = 16, 70, 140


def write(
    opened: StatementOpened, lines: Iterable[BankLine], closed: StatementClosed
) -> Iterator[bytes]:
    """Yield the statement piece by piece, one line of it for each transaction.

    ``number`` is a statement number of at most five digits (field 28C), ``message_id`` at most 16
    long; ``first_day`` and ``last_day`` must be known. Texts are reduced to SWIFT's character set.
    Raises ``ValueError`` when the lines are not those that the balances promise; what was written
    by then is no statement.
    """
    if opened.first_day is None or opened.last_day is None:
        message = "a statement is about a period"
        raise ValueError(message)
    if (
        opened.opening is None
        or closed.closing is None
        or opened.opening + closed.total != (closed.closing)
    ):
        message = "a statement needs balances that its lines add up to"
        raise ValueError(message)
    yield _field("20", opened.message_id[:_REFERENCE])
    yield _field("25", opened.iban)
    yield _field("28C", opened.number)
    yield _field("60F", _balance(opened.opening, opened.currency, opened.first_day))
    count = total = 0
    for line in lines:
        count, total = count + 1, total + line.amount
        yield _field("61", _line(line))
        yield _field("86", *_wrapped(_details(line)))
    if (count, total) != (closed.lines, closed.total):
        message = f"{count} lines of {total}, but promised were {closed.lines} of {closed.total}"
        raise ValueError(message)
    yield _field("62F", _balance(closed.closing, opened.currency, opened.last_day))
    yield b"-\r\n"


def _field(tag: str, *lines: str) -> bytes:
    value = "\r\n".join(lines)
    return f":{tag}:{value}\r\n".encode("ascii")


def _balance(amount: int, currency: str, on: date) -> str:
    mark = "C" if amount >= 0 else "D"
    return f"{mark}{on:%y%m%d}{currency}{fields.written(amount, currency=currency, mark=',')}"


def _line(line: BankLine) -> str:
    """Return field 61. References are often longer than its 16: they stand whole in field 86."""
    mark = "C" if line.amount >= 0 else "D"
    if line.is_reversal:
        mark = "RD" if line.amount >= 0 else "RC"
    amount = fields.written(line.amount, currency=line.currency, mark=",")
    day = line.valued_on or line.booked_on
    reference = "EREF" if line.end_to_end_id else "NONREF"
    bank_reference = _value(line.bank_reference)[:_REFERENCE]
    return f"{day:%y%m%d}{line.booked_on:%m%d}{mark}{amount}NTRF{reference}//{bank_reference}"


def _details(line: BankLine) -> str:
    """Return field 86 as Dutch banks write it: keyword by keyword, the text last."""
    batch_size = str(line.batch_size) if line.batch_size > 1 else ""
    parts = (
        ("EREF", line.end_to_end_id),
        ("PREF", line.batch_id),
        ("NRTX", batch_size),
        ("MARF", line.mandate_id),
        ("RTRN", line.reason),
        ("IBAN", line.iban),
        ("NAME", reduced(line.name, _NAME)),
        ("REMI", f"STRD/ISO/{line.structured}" if line.structured else ""),
        ("REMI", f"USTD//{_value(line.text)[:_TEXT]}" if line.text else ""),
    )
    # What is too long loses the end of its text; all by which a line is known stands before it.
    written = "".join(f"/{keyword}/{_value(value)}" for keyword, value in parts if value)
    return written[: WIDTH * LINES - LINES]


def _value(text: str) -> str:
    """Return a value that cannot be taken for a keyword."""
    value = reduced(text, len(text))
    while match := KEYWORD.search(f"{value}/"):
        value = f"{value[: match.start()]} {match[1]} {value[match.end() :]}"
    return value


def _wrapped(text: str) -> Iterator[str]:
    """Cut at 65 characters, or a little before.

    No line may begin with a colon or a hyphen, which end a field, and no space may stand at a cut,
    where programs lose it.
    """
    while len(text) > WIDTH:
        width = WIDTH
        while width > 1 and (text[width] in ":- " or text[width - 1] == " "):
            width -= 1
        yield text[:width]
        text = text[width:]
    yield text
