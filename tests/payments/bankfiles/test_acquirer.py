import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.bankfiles import acquirer, fields
from payments.bankfiles.acquirer import AcquirerMapping
from payments.bankfiles.lines import BankFileRefused, BankLine, StatementClosed, StatementOpened
from tests.payments.bankfiles.samples import OURS, Event

DUTCH = AcquirerMapping(
    amount="Bedrag",
    booked_on="Datum",
    reference="Referentie",
    bank_reference="Volgnummer",
    text="Kaart",
    direction="Af/Bij",
    debit_words=frozenset({"Af"}),
    decimal_mark=",",
    date_format="%d-%m-%Y",
    delimiter=";",
)
ENGLISH = AcquirerMapping(amount="Gross", booked_on="Date")
HEADING = "Datum;Referentie;Volgnummer;Kaart;Af/Bij;Bedrag\r\n"


def read(content: str | bytes, mapping: AcquirerMapping = DUTCH) -> list[Event]:
    stream = io.BytesIO(content.encode() if isinstance(content, str) else content)
    events = list(acquirer.read(stream, mapping, number="S-1", iban=OURS, currency="EUR"))
    assert not stream.closed
    return events


def test_a_settlement_file_tells_what_a_statement_tells() -> None:
    opened, sold, refunded, closed = read(
        HEADING + "05-01-2026;S-1;1;Maestro;Bij;18,40\r\n05-01-2026;S-2;2;Visa;Af;1,00\r\n"
    )

    assert opened == StatementOpened(
        kind="acquirer.csv",
        message_id="S-1",
        number="S-1",
        iban=OURS,
        currency="EUR",
        opening=None,
        first_day=None,
        last_day=None,
    )
    assert sold == BankLine(
        entry=1,
        part=0,
        amount=1840,
        currency="EUR",
        booked_on=date(2026, 1, 5),
        valued_on=None,
        end_to_end_id="S-1",
        bank_reference="1",
        text="Maestro",
    )
    assert isinstance(refunded, BankLine)
    assert refunded.amount == -100
    assert closed == StatementClosed(lines=2, total=1740, closing=None)


def test_a_sign_says_it_too_and_columns_nobody_asked_for_are_passed_over() -> None:
    events = read("\ufeffGross,Shop, Date \n-1.5,Delft,2026-01-05\n2,Delft,2026-01-06\n", ENGLISH)

    assert [event.amount for event in events if isinstance(event, BankLine)] == [-150, 200]


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=5))
def test_every_amount_is_read_exactly(amounts: list[int]) -> None:
    rows = "".join(
        f"{'-' if amount < 0 else ''}{fields.written(amount, currency='EUR')},2026-01-05\n"
        for amount in amounts
    )

    events = read(f"Gross,Date\n{rows}", ENGLISH)

    assert [event.amount for event in events if isinstance(event, BankLine)] == amounts
    assert events[-1] == StatementClosed(lines=len(amounts), total=sum(amounts), closing=None)


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        ("", "missing_column", 1),
        ("Datum;Bedrag\n", "missing_column", 1),
        (HEADING, "empty", None),
        (HEADING + "05-01-2026;S;1;V;Bij;18.40\n", "unreadable_amount", 2),
        (HEADING + "05-01-2026;S;1;V;Bij;1.018,40\n", "unreadable_amount", 2),
        (HEADING + "05-01-2026;S;1;V;Bij;\n", "unreadable_amount", 2),
        (HEADING + "2026-01-05;S;1;V;Bij;1,00\n", "unreadable_date", 2),
        (HEADING + "05-01-2026;S;1;V;Bij;1,00\n05-01-2026;S;2;V\n", "unreadable_row", 3),
        (HEADING + "05-01-2026;S;1;V;Bij;1,00;more\n", "unreadable_row", 2),
        (HEADING + '05-01-2026;S;1;"V"x;Bij;1,00\n', "unreadable_row", 2),
        (HEADING.encode() + b"05-01-2026;S;1;V\xe9;Bij;1,00\n", "unreadable_text", None),
    ],
)
def test_a_bad_file_is_refused_with_a_reason_and_a_line(
    content: str | bytes, code: str, line: int | None
) -> None:
    with pytest.raises(BankFileRefused) as refused:
        read(content)

    assert (refused.value.code, refused.value.line) == (code, line)


def test_an_unknown_currency_is_refused_before_anything_is_read() -> None:
    with pytest.raises(BankFileRefused) as refused:
        list(acquirer.read(io.BytesIO(), DUTCH, number="S", iban=OURS, currency="EUX"))

    assert refused.value.code == "unknown_currency"
