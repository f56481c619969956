import tracemalloc
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from payments.bankfiles import statements
from payments.bankfiles.lines import BankLine, StatementClosed, StatementOpened
from payments.bankfiles.opening import documents
from tests.payments.bankfiles.samples import (
    ALICE,
    BOB,
    OURS,
    balance,
    camt,
    entry,
    lines_of,
    read,
    schema,
    transaction,
)

REVERSAL = "<RvslInd>true</RvslInd>"


def party(role: str, name: str, iban: str, *, wrapped: bool = True) -> str:
    inside = f"<Pty><Nm>{name}</Nm></Pty>" if wrapped else f"<Nm>{name}</Nm>"
    return f"<{role}>{inside}</{role}><{role}Acct><Id><IBAN>{iban}</IBAN></Id></{role}Acct>"


def test_a_statement_tells_its_head_its_lines_and_its_foot() -> None:
    details = transaction(
        "18.40",
        more=(
            f"<RltdPties>{party('Dbtr', 'Alice', ALICE)}</RltdPties>"
            "<RmtInf><Ustrd>Bread and</Ustrd><Ustrd>cheese</Ustrd>"
            "<Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf>"
        ),
    )
    refs = "<Refs><AcctSvcrRef>TX-1</AcctSvcrRef><PmtInfId>B-1</PmtInfId>"
    details = details.replace("<Refs>", refs).replace("</Refs>", "<MndtId>M-1</MndtId></Refs>")

    opened, line, closed = read(camt(entry("18.40", details=details), closing="118.40"))

    assert opened == StatementOpened(
        kind="camt.053",
        message_id="MSG-1",
        number="26005",
        iban=OURS,
        currency="EUR",
        opening=10000,
        first_day=date(2026, 1, 5),
        last_day=date(2026, 1, 5),
    )
    assert line == BankLine(
        entry=1,
        part=0,
        amount=1840,
        currency="EUR",
        booked_on=date(2026, 1, 5),
        valued_on=date(2026, 1, 6),
        end_to_end_id="C-1",
        batch_id="B-1",
        mandate_id="M-1",
        bank_reference="TX-1",
        structured="RF18539007547034",
        text="Bread and cheese",
        name="Alice",
        iban=ALICE,
    )
    assert closed == StatementClosed(lines=1, total=1840, closing=11840)


def test_an_entry_without_transactions_is_one_line() -> None:
    [line] = lines_of(camt(entry("0.50", "DBIT"), closing="99.50"))

    assert (line.amount, line.bank_reference, line.end_to_end_id) == (-50, "ENTRY-1", "")
    assert (line.batch_id, line.batch_size) == ("", 1)


@pytest.mark.parametrize("details", ["", "<TxDtls><Refs><PmtInfId>B-1</PmtInfId></Refs></TxDtls>"])
def test_a_batch_booked_as_one_entry_is_one_line_with_its_id_and_size(details: str) -> None:
    batch = f"<Btch><PmtInfId>B-1</PmtInfId><NbOfTxs>250</NbOfTxs></Btch>{details}"

    [line] = lines_of(camt(entry("900.00", details=batch), closing="1000.00"))

    assert (line.amount, line.batch_id, line.batch_size) == (90000, "B-1", 250)


def test_transactions_of_one_entry_are_its_parts_each_with_its_own_sign() -> None:
    details = (
        "<Btch><PmtInfId>B-1</PmtInfId><NbOfTxs>3</NbOfTxs></Btch>"
        + transaction("5.00", "C-1")
        + transaction("7.00", "C-2", "CRDT")
        + transaction("2.00", "C-3", "DBIT")
    )

    lines = lines_of(camt(entry("1.00"), entry("10.00", details=details), closing="111.00"))

    assert [(line.entry, line.part, line.amount) for line in lines] == [
        (1, 0, 100),
        (2, 0, 500),
        (2, 1, 700),
        (2, 2, -200),
    ]
    assert [line.end_to_end_id for line in lines[1:]] == ["C-1", "C-2", "C-3"]
    assert {(line.batch_id, line.batch_size) for line in lines[1:]} == {("B-1", 1)}


def test_an_old_version_says_the_same_in_other_places() -> None:
    details = (
        "<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>"
        '<AmtDtls><TxAmt><Amt Ccy="EUR">5.00</Amt></TxAmt></AmtDtls>'
        f"<RltdPties>{party('Cdtr', 'Bob', BOB, wrapped=False)}</RltdPties></TxDtls>"
    )
    content = camt(
        entry("5.00", "DBIT", details=details, status="<Sts>BOOK</Sts>"),
        version="02",
        balances=balance("PRCD", "1.00", "DBIT") + balance("CLBD", "6.00", "DBIT"),
    )

    opened, line, closed = read(content)

    schema("camt.053.001.02").validate(content)
    assert isinstance(opened, StatementOpened)
    assert isinstance(line, BankLine)
    assert (opened.opening, closed) == (-100, StatementClosed(lines=1, total=-500, closing=-600))
    assert (line.name, line.iban, line.end_to_end_id) == ("Bob", BOB, "")


def test_a_return_tells_its_reason_and_who_it_comes_back_from() -> None:
    details = transaction(
        "18.40",
        more=(
            f"<RltdPties>{party('Dbtr', 'Alice', ALICE)}{party('Cdtr', 'OK', OURS)}</RltdPties>"
            "<RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf>"
        ),
    )

    for reversal in ("", REVERSAL):
        [line] = lines_of(
            camt(entry("18.40", "DBIT", details=details, reversal=reversal), closing="81.60")
        )
        assert (line.amount, line.reason, line.is_reversal) == (-1840, "AM04", bool(reversal))
        assert (line.name, line.iban) == ("Alice", ALICE)


def test_only_what_is_booked_is_a_line() -> None:
    pending = entry("7.00", status="<Sts><Cd>PDNG</Cd></Sts>", details=transaction("7.00"))

    opened, line, closed = read(camt(pending, entry("1.00"), form="camt.052"))

    assert isinstance(opened, StatementOpened)
    assert isinstance(line, BankLine)
    assert (opened.kind, opened.opening) == ("camt.052", None)
    assert (line.entry, line.amount) == (2, 100)
    assert closed == StatementClosed(lines=1, total=100, closing=None)


def test_a_notification_has_lines_and_no_balances() -> None:
    opened, line, closed = read(camt(entry("1.00"), form="camt.054"))

    assert isinstance(opened, StatementOpened)
    assert isinstance(line, BankLine)
    assert (opened.kind, opened.opening, line.amount) == ("camt.054", None, 100)
    assert closed == StatementClosed(lines=1, total=100, closing=None)


def test_an_amount_sent_in_another_currency_does_not_hide_what_was_booked() -> None:
    details = transaction("20.00").replace('Ccy="EUR"', 'Ccy="USD"')

    [line] = lines_of(camt(entry("18.40", details=details), closing="118.40"))

    assert (line.amount, line.currency) == (1840, "EUR")


def test_a_file_may_hold_several_statements() -> None:
    one = camt(entry("1.00"), closing="101.00")
    body = one[one.index(b"<Stmt>") : one.index(b"</Stmt>") + 7]

    events = read(one.replace(b"</Stmt>", b"</Stmt>" + body.replace(b"26005", b"26006")))

    assert [event.number for event in events if isinstance(event, StatementOpened)] == [
        "26005",
        "26006",
    ]
    assert sum(isinstance(event, StatementClosed) for event in events) == 2


def test_prefixed_names_are_the_same_names() -> None:
    content = camt(entry("1.00"), closing="101.00").replace(b"xmlns=", b"xmlns:n=")
    content = content.replace(b"</", b"\0").replace(b"<", b"<n:").replace(b"\0", b"</n:")

    assert len(lines_of(content.replace(b"<n:?", b"<?"))) == 1


def many_entries(count: int) -> Iterator[bytes]:
    head, foot = camt("ENTRIES", closing=f"{100 + count}.00").split(b"ENTRIES")
    one = entry("1.00", details=transaction("1.00")).encode()
    yield head
    for _ in range(count // 50):
        yield one * 50
    yield foot


def one_entry_of_many_transactions(count: int) -> Iterator[bytes]:
    whole = camt(entry(f"{count}.00", details="DETAILS"), closing=f"{100 + count}.00")
    head, foot = whole.split(b"DETAILS")
    yield head
    for _ in range(count // 50):
        yield transaction("1.00").encode() * 50
    yield foot


def peak_of_reading(path: Path, parts: Iterator[bytes]) -> tuple[int, int]:
    """Return how many lines were read, and the most bytes it took."""
    with path.open("wb") as file:
        file.writelines(parts)
    tracemalloc.start()
    try:
        count = sum(
            isinstance(event, BankLine)
            for document in documents(path)
            for event in statements.read(document)
        )
        return count, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


LENGTHS = [many_entries, one_entry_of_many_transactions]


@pytest.mark.parametrize("parts", LENGTHS)
def test_a_longer_statement_takes_no_more_memory(
    parts: Callable[[int], Iterator[bytes]], tmp_path: Path
) -> None:
    peak_of_reading(tmp_path / "first", parts(50))  # what is learnt once is learnt

    few, little = peak_of_reading(tmp_path / "few", parts(1_000))
    many, much = peak_of_reading(tmp_path / "many", parts(4_000))

    assert (few, many) == (1_000, 4_000)
    assert much < little + 600_000  # 3,000 lines kept take twice that


@pytest.mark.long
@pytest.mark.parametrize("parts", LENGTHS)
def test_50_000_lines_are_read_in_less_than_20_mb(
    parts: Callable[[int], Iterator[bytes]], tmp_path: Path
) -> None:
    count, peak = peak_of_reading(tmp_path / "statement", parts(50_000))

    assert count == 50_000
    assert peak < 20_000_000
