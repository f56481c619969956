"""A file that a spreadsheet reads as it was booked, and never runs."""

import csv
import io
from dataclasses import replace
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.bookkeeping.audit import BooksRefusedError
from payments.bookkeeping.books import Books
from payments.bookkeeping.csv_export import COLUMNS, CsvForm, Separator, harmless, write_csv
from tests.payments.bookkeeping.samples import SALE, books, journal

DUTCH = CsvForm("nl")
ENGLISH = CsvForm("en", Separator.COMMA)


def rows(some: Books, form: CsvForm) -> list[list[str]]:
    text = b"".join(write_csv(some, form)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=form.separator.value))


def test_a_dutch_file_has_semicolons_and_decimal_commas() -> None:
    first = rows(books(), DUTCH)[1]
    assert first == [
        *("OK", "41", "2026-02-27", "1310", "Te ontvangen", "Verkoop <kassa 2>", "R-41", "", "OK"),
        *("PO-7", "10,90", "", "", "", "EUR"),
    ]


def test_an_english_file_has_commas_and_decimal_points() -> None:
    second = rows(books(), ENGLISH)[2]
    assert second[10:] == ["", "10.00", "LAAG", "-0.90", "EUR"]


@pytest.mark.parametrize("form", [DUTCH, ENGLISH, CsvForm("nl", Separator.COMMA)])
def test_every_line_has_every_column(form: CsvForm) -> None:
    table = rows(books(), form)
    assert table[0] == list(COLUMNS[form.language])
    assert {len(row) for row in table} == {len(COLUMNS["en"])}
    assert len(table) == 6


def test_it_begins_with_a_byte_order_mark_and_ends_its_lines_as_the_standard_says() -> None:
    file = b"".join(write_csv(books(), DUTCH))
    assert file.startswith(b"\xef\xbb\xbf")
    assert file.count(b"\r\n") == file.count(b"\n") == 6
    assert file == b"".join(write_csv(books(), DUTCH))


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        " =1+1",
        "\uff1d1+1",
        "\x00=1",
        "=cmd|' /C'!A0",
    ],
)
def test_what_people_wrote_is_no_formula(text: str) -> None:
    hostile = books(journal([replace(SALE, text=text)]))
    assert rows(hostile, DUTCH)[1][5].startswith("'")


@given(text=st.text())
def test_no_text_is_a_formula(text: str) -> None:
    assert normalize("NFKC", harmless(text))[:1] not in {*"=+-@\t\r\n"}


@given(text=st.text(min_size=1), amount=st.integers(1, 10**15))
def test_what_was_booked_can_be_read_back(text: str, amount: int) -> None:
    lines = (
        replace(SALE.lines[0], text=text, amount=amount),
        replace(SALE.lines[2], text=text, amount=-amount),
    )
    _head, debit, credit = rows(books(journal([replace(SALE, lines=lines)])), DUTCH)
    assert debit[5] == credit[5] == (harmless(text) or "")
    assert int(debit[10].replace(",", "")) == int(credit[11].replace(",", "")) == amount


def test_books_that_do_not_add_up_are_refused_before_a_byte_is_written() -> None:
    with pytest.raises(BooksRefusedError):
        write_csv(books(journal([replace(SALE, lines=SALE.lines[:2])])), DUTCH)


def test_a_language_that_is_not_ours_is_refused() -> None:
    with pytest.raises(KeyError):
        write_csv(books(), CsvForm("de"))
