"""Writes a camt.053.001.08, the statement of an account, in constant memory (pure)."""

import re
import textwrap
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import groupby
from xml.etree.ElementTree import Element, tostring

from payments.bankfiles import fields
from payments.bankfiles.lines import BankLine, StatementClosed, StatementOpened

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAME, _TEXT = 140, 140


def write(
    opened: StatementOpened,
    lines: Iterable[BankLine],
    closed: StatementClosed,
    *,
    created_at: datetime,
) -> Iterator[bytes]:
    """Yield the statement piece by piece; lines of one entry must follow each other.

    ``first_day`` and ``last_day`` must be known. Raises ``ValueError`` when the lines are not those
    that the balances promise; what was written by then is no statement.
    """
    if (
        opened.opening is None
        or closed.closing is None
        or opened.opening + closed.total != (closed.closing)
    ):
        message = "a statement needs balances that its lines add up to"
        raise ValueError(message)
    yield f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{NAMESPACE}">'.encode()
    yield b"<BkToCstmrStmt>"
    yield from map(_xml, _head(opened, closed.closing, created_at))
    count = total = 0
    for _, group in groupby(lines, key=lambda line: line.entry):
        entry = list(group)
        count, total = count + len(entry), total + sum(line.amount for line in entry)
        yield _xml(_entry(entry))
    if (count, total) != (closed.lines, closed.total):
        message = f"{count} lines of {total}, but promised were {closed.lines} of {closed.total}"
        raise ValueError(message)
    yield b"</Stmt></BkToCstmrStmt></Document>"


def _xml(element: Element | bytes) -> bytes:
    return element if isinstance(element, bytes) else tostring(element, encoding="utf-8")


def _element(name: str, *inside: Element | str | None, **attributes: str) -> Element:
    """Return an element with what is inside it: a text, or elements of which some may be absent."""
    element = Element(name, attributes)
    for part in inside:
        if isinstance(part, str):
            element.text = _NOT_XML.sub(" ", part)
        elif part is not None:
            element.append(part)
    return element


def _if_any(name: str, *inside: Element | str | None) -> Element | None:
    """Return the element, or nothing when nothing is inside."""
    return (
        _element(name, *inside) if any(part is not None and part != "" for part in inside) else None
    )


def _head(opened: StatementOpened, closing: int, created_at: datetime) -> Iterator[Element | bytes]:
    if opened.first_day is None or opened.last_day is None or opened.opening is None:
        message = "a statement is about a period"
        raise ValueError(message)
    created = _element("CreDtTm", created_at.isoformat(timespec="seconds"))
    yield _element("GrpHdr", _element("MsgId", opened.message_id), created)
    yield b"<Stmt>"
    yield _element("Id", opened.number)
    yield created
    yield _element(
        "FrToDt",
        _element("FrDtTm", f"{opened.first_day.isoformat()}T00:00:00"),
        _element("ToDtTm", f"{opened.last_day.isoformat()}T23:59:59"),
    )
    yield _element(
        "Acct",
        _element("Id", _element("IBAN", opened.iban)),
        _element("Ccy", opened.currency),
    )
    yield _balance("OPBD", opened.opening, opened.currency, opened.first_day)
    yield _balance("CLBD", closing, opened.currency, opened.last_day)


def _balance(kind: str, amount: int, currency: str, on: date) -> Element:
    return _element(
        "Bal",
        _element("Tp", _element("CdOrPrtry", _element("Cd", kind))),
        *_amount(amount, currency),
        _element("Dt", _element("Dt", on.isoformat())),
    )


def _amount(amount: int, currency: str) -> tuple[Element, Element]:
    size = fields.written(amount, currency=currency)
    direction = "CRDT" if amount >= 0 else "DBIT"
    return _element("Amt", size, Ccy=currency), _element("CdtDbtInd", direction)


def _entry(lines: list[BankLine]) -> Element:
    first = lines[0]
    is_batch = len(lines) == 1 and first.batch_size > 1
    # The family is not told: our books know what a line is for, not by which scheme it came.
    family = _element("Fmly", _element("Cd", "NTAV"), _element("SubFmlyCd", "NTAV"))
    return _element(
        "Ntry",
        *_amount(sum(line.amount for line in lines), first.currency),
        _element("RvslInd", "true") if first.is_reversal else None,
        _element("Sts", _element("Cd", "BOOK")),
        _element("BookgDt", _element("Dt", first.booked_on.isoformat())),
        _if_any("ValDt", _day(first.valued_on)),
        _element("BkTxCd", _element("Domn", _element("Cd", "PMNT"), family)),
        _element("NtryDtls", _batch(first) if is_batch else None, *map(_transaction, lines)),
    )


def _day(day: date | None) -> Element | None:
    return _element("Dt", day.isoformat()) if day else None


def _batch(line: BankLine) -> Element:
    return _element(
        "Btch", _if_any("PmtInfId", line.batch_id), _element("NbOfTxs", str(line.batch_size))
    )


def _transaction(line: BankLine) -> Element:
    return _element(
        "TxDtls",
        _element(
            "Refs",
            _if_any("AcctSvcrRef", line.bank_reference),
            _if_any("PmtInfId", line.batch_id),
            _element("EndToEndId", line.end_to_end_id or "NOTPROVIDED"),
            _if_any("MndtId", line.mandate_id),
        ),
        *_amount(line.amount, line.currency),
        _if_any("RltdPties", *_parties(line)),
        _if_any("RmtInf", *_remittance(line)),
        _if_any("RtrInf", _if_any("Rsn", _if_any("Cd", line.reason))),
    )


def _parties(line: BankLine) -> Iterator[Element | None]:
    """Yield the other side: who paid, or was paid; a reversal keeps the parties it had."""
    role = "Dbtr" if (line.amount >= 0) != line.is_reversal else "Cdtr"
    yield _if_any(role, _if_any("Pty", _if_any("Nm", line.name[:_NAME])))
    yield _if_any(f"{role}Acct", _if_any("Id", _if_any("IBAN", line.iban)))


def _remittance(line: BankLine) -> Iterator[Element]:
    for text in textwrap.wrap(line.text, _TEXT):
        yield _element("Ustrd", text)
    if line.structured:
        # ISO 11649 is issued by ISO and is a structured communication reference.
        kind = _element(
            "Tp", _element("CdOrPrtry", _element("Cd", "SCOR")), _element("Issr", "ISO")
        )
        yield _element("Strd", _element("CdtrRefInf", kind, _element("Ref", line.structured)))
