from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import mt940 as library
import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.bankfiles import mt940_writing
from payments.bankfiles.lines import BankLine
from tests.payments.bankfiles.samples import ALICE, around, line, lines_of, read
from tests.payments.bankfiles.strategies import LATIN_TEXTS, TEXTS, lines


def written(known: Sequence[BankLine]) -> bytes:
    opened, closed = around(known)
    return b"".join(mt940_writing.write(opened, known, closed))


@given(st.lists(lines(LATIN_TEXTS), max_size=4))
def test_a_statement_is_read_back_as_it_was(known: list[BankLine]) -> None:
    known = [replace(one, entry=number) for number, one in enumerate(known, start=1)]
    opened, closed = around(known)

    assert read(written(known)) == [
        replace(opened, kind="MT940", number="2026-01-05/26005", last_day=None),
        *known,
        closed,
    ]


@given(st.lists(lines(LATIN_TEXTS), min_size=1, max_size=4))
def test_a_library_that_is_not_ours_reads_the_same(known: list[BankLine]) -> None:
    options = library.Options(reversal_sign=True, unbounded_details=True)

    read_back = library.parse(written(known).decode(), options=options)

    assert read_back.data["final_opening_balance"].amount.amount == Decimal(100)
    assert len(read_back) == len(known)
    for theirs, ours in zip(read_back, known, strict=True):
        assert theirs.data["amount"].amount * 100 == ours.amount
        assert theirs.data["date"] == ours.valued_on
        assert theirs.data["entry_date"] == ours.booked_on
        assert theirs.data["bank_reference"] == ours.bank_reference
        details = theirs.data["transaction_details"].replace("\n", "")
        assert f"/EREF/{ours.end_to_end_id}" in details or not ours.end_to_end_id
        assert details.endswith(ours.text)


@given(lines(TEXTS))
def test_no_text_can_break_the_form(known: BankLine) -> None:
    tricky = replace(known, text=f"-:61:/REMI/x//EREF/C-9/{known.text}:20:", name=":62F:-")

    content = written([tricky])

    assert content.isascii()
    for row in content.decode().split("\r\n"):
        assert len(row) <= 65 + len(":86:")
    [told] = lines_of(content)
    assert (told.amount, told.end_to_end_id) == (known.amount, known.end_to_end_id)


def test_what_is_too_long_loses_the_end_of_its_text_only() -> None:
    known = line(
        end_to_end_id="E" * 35,
        batch_id="B" * 35,
        mandate_id="M" * 35,
        iban=ALICE,
        name="N" * 70,
        structured="RF18539007547034",
        text="bread " * 100,
        reason="AM04",
    )

    [told] = lines_of(written([known]))

    assert told.text.startswith("bread bread")
    assert len(told.text) < len(known.text)
    assert replace(told, text="") == replace(known, text="")
    assert written([known]).count(b"\r\n") <= 13


def test_lines_that_are_not_what_the_balances_promise_are_no_statement() -> None:
    opened, closed = around([line()])
    wrong = (
        (opened, [line(), line(entry=2)], closed),
        (opened, [line()], replace(closed, closing=0)),
        (replace(opened, first_day=None), [line()], closed),
    )
    for head, known, foot in wrong:
        with pytest.raises(ValueError, match=r"statement|promised"):
            list(mt940_writing.write(head, known, foot))


def test_a_statement_below_zero_says_so() -> None:
    opened, closed = around([line(amount=-200)], opening=100)

    content = b"".join(mt940_writing.write(opened, [line(amount=-200)], closed))

    assert b":60F:C260105EUR1,00" in content
    assert b":62F:D260131EUR1,00" in content
    assert read(content)[-1] == closed
    assert date(2026, 1, 31) == opened.last_day
