from datetime import date

import pytest

from payments.bankfiles.lines import BankLine, StatementClosed, StatementOpened
from tests.payments.bankfiles.samples import ALICE, OURS, lines_of, mt940, read

CREDIT = ":61:2601050106C18,40NTRFEREF//BANK-1"
CLOSING = "C260105EUR118,40"
ABOUT_A_COLLECTION = {
    "ING": (
        f":86:/EREF/C-1//MARF/M-1//CNTP/{ALICE}/ABNANL2A/Alice de Vries///REMI/U",
        "STD//Bread and cheese/",
    ),
    "Rabobank": (
        ":86:/MARF/M-1/EREF/C-1/ORDP//NAME/Alice de Vries/REMI/Bread and cheese",
        f"/IBAN/{ALICE}",
    ),
    "ABN AMRO": (
        f":86:/TRTP/SEPA INCASSO/IBAN/{ALICE}/BIC/ABNANL2A/NAME/Alice de",
        " Vries/REMI/Bread and cheese/MARF/M-1/EREF/C-1",
    ),
}


def test_a_statement_tells_its_head_its_lines_and_its_foot() -> None:
    opened, line, closed = read(mt940(CREDIT, *ABOUT_A_COLLECTION["ING"], closing=CLOSING))

    assert opened == StatementOpened(
        kind="MT940",
        message_id="REF-1",
        number="2026-01-02/26005/1",
        iban=OURS,
        currency="EUR",
        opening=10000,
        first_day=date(2026, 1, 2),
        last_day=None,
    )
    assert line == BankLine(
        entry=1,
        part=0,
        amount=1840,
        currency="EUR",
        booked_on=date(2026, 1, 6),
        valued_on=date(2026, 1, 5),
        end_to_end_id="C-1",
        mandate_id="M-1",
        bank_reference="BANK-1",
        text="Bread and cheese",
        name="Alice de Vries",
        iban=ALICE,
    )
    assert closed == StatementClosed(lines=1, total=1840, closing=11840)


@pytest.mark.parametrize("about", ABOUT_A_COLLECTION.values(), ids=ABOUT_A_COLLECTION)
def test_dutch_banks_say_the_same_each_in_its_own_way(about: tuple[str, ...]) -> None:
    [line] = lines_of(mt940(CREDIT, *about, closing=CLOSING))

    assert (line.end_to_end_id, line.mandate_id) == ("C-1", "M-1")
    assert (line.name, line.iban) == ("Alice de Vries", ALICE)
    assert "Bread and cheese" in line.text


@pytest.mark.parametrize(
    "remittance",
    [
        "STRD/CUR/9001123412341234/",
        "STRD/CDTRREFTP/CD/SCOR/ISSR/CUR/CDTRREF/9001123412341234",
        "STRD//9001123412341234",
    ],
)
def test_a_structured_reference_is_no_text(remittance: str) -> None:
    [line] = lines_of(mt940(CREDIT, f":86:/EREF/C-1/REMI/{remittance}", closing=CLOSING))

    assert (line.structured, line.text) == ("9001123412341234", "")


def test_a_return_and_a_batch_are_known_by_their_keywords() -> None:
    returned, batch = lines_of(
        mt940(
            ":61:260105RC18,40NRTIEREF",
            ":86:/RTRN/MD06//EREF/C-1/",
            ":61:260105D20,00NTRFPREF",
            ":86:/PREF/OK-7-1//NRTX/00025/PIND/BATCH-BOOKING/",
            closing="C260105EUR61,60",
        )
    )

    assert (returned.amount, returned.is_reversal, returned.reason) == (-1840, True, "MD06")
    assert (returned.end_to_end_id, batch.end_to_end_id) == ("C-1", "")
    assert (batch.amount, batch.batch_id, batch.batch_size) == (-2000, "OK-7-1", 25)


def test_a_reversed_debit_comes_back() -> None:
    [line] = lines_of(mt940(":61:260105RD1,00NTRFNONREF", closing="C260105EUR101,00"))

    assert (line.amount, line.is_reversal) == (100, True)


def test_plain_text_and_an_own_reference_are_kept() -> None:
    lines = lines_of(
        mt940(
            ":61:260105C1,00NTRFINVOICE 12//B",
            ":86:Invoice 12  ",
            "thank you",
            ":61:260105C2,00NMSCNONREF",
            "cash deposit",
            closing="C260105EUR103,00",
        )
    )

    assert [(line.end_to_end_id, line.text) for line in lines] == [
        ("INVOICE 12", "Invoice 12 thank you"),
        ("", "cash deposit"),
    ]


def test_the_booking_day_may_lie_in_the_next_year_or_the_last() -> None:
    days = {
        "2512310102": date(2026, 1, 2),
        "2601021231": date(2025, 12, 31),
        "2402280229": date(2024, 2, 29),
        "260105": date(2026, 1, 5),
        "260105    ": date(2026, 1, 5),
    }
    for written, booked_on in days.items():
        [line] = lines_of(mt940(f":61:{written}C1,00NTRFNONREF", closing="C260105EUR101,00"))
        assert line.booked_on == booked_on


def test_an_account_may_have_its_bank_and_its_currency_beside_it() -> None:
    for account in (
        OURS,
        f"{OURS}EUR",
        f"{OURS} EUR",
        f"INGBNL2A/{OURS}",
        "NL69 INGB 0123 4567 89",
    ):
        opened = read(mt940().replace(f"{OURS}EUR".encode(), account.encode()))[0]
        assert isinstance(opened, StatementOpened)
        assert opened.iban == OURS


def test_each_page_must_add_up_and_a_file_may_hold_several_statements() -> None:
    page = mt940(":61:260105C1,00NTRFNONREF", closing="C260105EUR101,00")
    first = page.replace(b":62F:", b":62M:")
    second = page.replace(b":60F:C260102EUR100", b":60M:C260105EUR101").replace(b"/1\r", b"/2\r")
    second = second.replace(b":62F:C260105EUR101", b":62F:C260105EUR102")

    events = read(first + second)

    numbers = [event.number for event in events if isinstance(event, StatementOpened)]
    assert numbers == ["2026-01-02/26005/1", "2026-01-05/26005/2"]
    assert [event.closing for event in events if isinstance(event, StatementClosed)] == [
        10100,
        10200,
    ]


def test_letters_of_an_older_export_are_still_letters() -> None:
    content = mt940(":61:260105C1,00NTRFNONREF", ":86:Café", closing="C260105EUR101,00")

    for encoding in ("utf-8", "latin-1"):
        [line] = lines_of(content.decode().encode(encoding))
        assert line.text == "Café"
