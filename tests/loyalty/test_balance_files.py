"""Files of other programmes are read as they were written, and each wrong line is named."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.balance_files import (
    Balance,
    Fault,
    Outcome,
    UnreadableError,
    guessed,
    plain_card,
    read,
    sheet_of,
)

TODAY = date(2026, 11, 17)
COLUMNS = {"card": "Kaart", "points": "Punten"}
ALL = {**COLUMNS, "email": "Mail", "ends": "Tot"}


def outcome(text: str, columns: dict[str, str] | None = None, *, ends: bool = True) -> Outcome:
    sheet = sheet_of(text.encode())
    return read(sheet, columns or COLUMNS, today=TODAY, ends_allowed=ends)


@pytest.mark.parametrize(
    ("content", "encoding", "delimiter"),
    [
        (b"Kaart;Punten\nA1;5\n", "utf-8", ";"),
        ("\ufeffKaart,Punten\nA1,5\n".encode(), "utf-8", ","),
        ("Kaart\tPunten\r\nA1\t5\r\n".encode("utf-16"), "utf-16", "\t"),
        ("Kaart;Punten;Naam\nA1;5;Zoë\n".encode("cp1252"), "cp1252", ";"),
    ],
)
def test_how_a_file_was_written_is_found_out(content: bytes, encoding: str, delimiter: str) -> None:
    sheet = sheet_of(content)
    assert (sheet.encoding, sheet.delimiter, sheet.lines) == (encoding, delimiter, 1)
    found = read(sheet, COLUMNS, today=TODAY, ends_allowed=True)
    assert found.balances == [Balance(2, "A1", "", 5, None)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"Kaart;Punten\n", "empty"),
        (b"Kaart\nA1\n", "one_column"),
        (b"PK\x03\x04\x00\x00;\n", "not_text"),
        (b"\x89PNG\r\n\x1a\n\x81;\x8d", "not_text"),
        (b"Kaart;Kaart\nA1;5\n", "same_heading"),
        (b"Kaart;Punten\n" + b"A;1\n" * 100_001, "too_many_lines"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        sheet_of(content)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("A1;12,5;;", Fault(3, "no_number", "12,5")),
        ("A1;veel;;", Fault(3, "no_number", "veel")),
        ("A1;-5;;", Fault(3, "negative", "-5")),
        ("A1;1000000001;;", Fault(3, "too_many_points", "1000000001")),
        (";5;;", Fault(3, "nobody")),
        ("A1;5;alice;", Fault(3, "no_address")),
        ("A1;5;;31-02-2027", Fault(3, "no_day", "31-02-2027")),
        ("A1;5;;2026-11-16", Fault(3, "ended", "2026-11-16")),
        ("b-0;5;;", Fault(3, "twice", "2")),
        ("A1;5;BOB@example.nl;", Fault(3, "twice", "2")),
        ("A1;5;;;;", Fault(3, "too_many_columns")),
        (f"{'A' * 255};5;;", Fault(3, "too_long")),
    ],
)
def test_a_wrong_line_is_named(row: str, fault: Fault) -> None:
    found = outcome(f"Kaart;Punten;Mail;Tot\nB0;1;bob@example.nl;\n{row}\n", ALL)
    assert found.faults == [fault]
    assert len(found.balances) == 1


def test_what_is_good_comes_in_and_empty_lines_do_not_count() -> None:
    text = "Kaart;Punten;Mail;Tot;Naam\nA 1;1.250;;31-12-2027;Alice\n\n;0;x@y.nl;;\n"
    found = outcome(text, ALL)
    assert found.balances == [Balance(2, "A1", "", 1250, date(2027, 12, 31))]
    assert (found.without_points, found.unused, found.faults) == (1, ("Naam",), [])


def test_columns_that_cannot_be_are_said_before_any_line() -> None:
    text = "Kaart;Punten;Tot\nA1;x;2027-01-01\n"
    cases: list[tuple[dict[str, str], set[str]]] = [
        ({"card": "Kaart", "points": "Saldo"}, {"unknown_column"}),
        ({"card": "Kaart"}, {"no_points_column"}),
        ({"points": "Punten"}, {"no_member_column"}),
        ({"card": "Kaart", "points": "Kaart"}, {"column_twice"}),
        ({**COLUMNS, "ends": "Tot"}, {"points_never_end"}),
    ]
    for columns, codes in cases:
        found = outcome(text, columns, ends=False)
        assert {fault.code for fault in found.faults} == codes
        assert not found.balances


def test_columns_are_guessed_by_their_headings() -> None:
    assert guessed(["Kaartnummer", "E-mail", "Saldo", "Vervaldatum"]) == {
        "card": "Kaartnummer",
        "email": "E-mail",
        "points": "Saldo",
        "ends": "Vervaldatum",
    }
    assert guessed(["a", "b"]) == {}


@given(st.integers(1, 10**9), st.sampled_from(["{:d}", "{:,d}", "{:,d}.00"]))
def test_however_points_are_written_they_are_the_same(points: int, form: str) -> None:
    for text in (form.format(points), form.format(points).translate(str.maketrans(",.", ".,"))):
        found = outcome(f"Kaart;Punten\nA1;{text}\n")
        assert [one.points for one in found.balances] == [points]


@given(st.text(max_size=40))
def test_a_card_number_is_read_the_same_twice(text: str) -> None:
    assert plain_card(plain_card(text)) == plain_card(text)


@given(st.binary(max_size=300))
def test_whatever_comes_is_read_or_refused(content: bytes) -> None:
    try:
        sheet = sheet_of(content)
    except UnreadableError:
        return
    found = read(
        sheet,
        {"card": sheet.headings[0], "points": sheet.headings[1]},
        today=TODAY,
        ends_allowed=True,
    )
    assert len(found.balances) + found.without_points <= sheet.lines
