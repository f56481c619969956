"""An auditfile is valid by the published schema, and a reader that is not ours finds it right."""

import io
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import pyxaf
from hypothesis import given, settings
from hypothesis import strategies as st

from payments.bookkeeping.audit import BooksRefusedError
from payments.bookkeeping.books import (
    AccountType,
    BookPeriod,
    Books,
    Journal,
    LedgerAccount,
    OpeningLine,
    Relation,
    RelationType,
    Transaction,
    TransactionLine,
    VatCode,
)
from payments.bookkeeping.xaf import XafVersion, write_xaf
from tests.payments.bookkeeping.samples import LOW, PAYOUT, SALE, books, journal

VERSIONS = list(XafVersion)


def written(some: Books, version: XafVersion = XafVersion.XAF_32) -> bytes:
    return b"".join(write_xaf(some, version=version, software_version="1.0"))


def cents(line: pyxaf.Line) -> int:
    assert line.signed_amount is not None
    return int(line.signed_amount * 100)


def findings(xml: bytes) -> list[str]:
    """What the schema and the reader hold against a file, warnings included."""
    report = pyxaf.validate(io.BytesIO(xml), xsd=True)
    return [str(finding) for finding in (*report.errors, *report.warnings)]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_schema_and_the_reader_find_nothing(version: XafVersion) -> None:
    assert findings(written(books(), version)) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_the_same_books_give_the_same_bytes(version: XafVersion) -> None:
    assert written(books(), version) == written(books(), version)


def test_the_new_version_says_the_same_in_its_own_words() -> None:
    xml = written(books(), XafVersion.XAF_40)
    with pyxaf.open(io.BytesIO(xml)) as read:
        assert read.version == pyxaf.Version.XAF40
        assert read.company.name == books().company.name
        assert [cents(line) for line in read.lines()] == [1090, -1000, -90, 1090, -1090]
    assert xml.count(b"<desc>PO-7</desc>") == 3
    assert b"<RGScode>BSchBtw</RGScode>" in xml
    assert b"matchKeyID" not in xml


def test_the_new_version_has_no_letter_for_what_is_neither() -> None:
    other = Relation(code="X", party=books().company, type=RelationType.OTHER)
    mixed = LedgerAccount(code="9", name="Verrekening", type=AccountType.MIXED)
    some = books(relations=(*books().relations, other), accounts=(*ACCOUNTS, mixed))
    for version in VERSIONS:
        assert findings(written(some, version)) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_a_company_without_an_address_is_written_too(version: XafVersion) -> None:
    company = replace(books().company, address=None)
    assert findings(written(books(company=company), version)) == []


def test_the_judge_notices_what_is_wrong() -> None:
    xml = written(books())
    assert findings(xml.replace(b"<linesCount>5<", b"<linesCount>6<")) != []
    assert findings(xml.replace(b"<docRef>R-41</docRef>", b"")) != []


def test_the_reader_reads_what_the_books_say() -> None:
    with pyxaf.open(io.BytesIO(written(books()))) as read:
        assert read.version == pyxaf.Version.XAF32
        assert (read.header.fiscal_year, read.company.name) == ("2026", books().company.name)
        (totals,) = [read.transaction_totals]
        assert totals is not None
        assert (totals.lines_count, str(totals.total_debit)) == (5, "21.80")
        lines = list(read.lines())
        assert [cents(line) for line in lines] == [1090, -1000, -90, 1090, -1090]
        assert [line.period_key for line in lines] == ["1", "1", "1", "2", "2"]


def test_the_sales_of_a_payout_are_matched_to_it() -> None:
    assert written(books()).count(b"<matchKeyID>PO-7</matchKeyID>") == 3


def test_books_without_anything_in_them_are_valid_too() -> None:
    empty = books(journal(()), relations=(), vat_codes=(), opening=(), periods=())
    assert [f for f in findings(written(empty)) if "error" in f.lower()] == []


def changed(transaction: Transaction, line: int, **changes: Any) -> Transaction:
    lines = list(transaction.lines)
    lines[line] = replace(lines[line], **changes)
    return replace(transaction, lines=tuple(lines))


ACCOUNTS = books().accounts


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (books(journal([changed(SALE, 0, amount=1091)])), "debit 1091 is not credit 1090"),
        (books(journal([replace(SALE, lines=())])), "debit 0 is not credit 0"),
        (books(journal([changed(SALE, 0, account="9999")])), "no account '9999'"),
        (books(journal([changed(SALE, 0, relation="Alice")])), "no relation 'Alice'"),
        (books(journal([changed(SALE, 1, vat_code="HOOG")])), "no VAT code 'HOOG'"),
        (books(journal([changed(SALE, 1, vat_code="")])), "VAT without a VAT code"),
        (books(journal([changed(SALE, 0, document=" ")])), "names the document"),
        (books(journal([changed(SALE, 0, match="x" * 36)])), "too long"),
        (books(journal([PAYOUT, SALE])), "41 comes after 42"),
        (books(journal([SALE, SALE])), "41 comes after 41"),
        (books(journal([replace(SALE, day=date(2027, 1, 1))])), "falls in no period"),
        (books(journal([replace(SALE, day=date(2025, 12, 31))])), "falls in no period"),
        (books(journal(), journal()), "a journal is there twice"),
        (books(journal(name=" ")), "journal OK has no name"),
        (books(accounts=(*ACCOUNTS, ACCOUNTS[0])), "an? account is there twice"),
        (books(accounts=(*ACCOUNTS, replace(ACCOUNTS[0], code="a  b"))), "is no code"),
        (books(accounts=(*ACCOUNTS, replace(ACCOUNTS[0], code="x" * 36))), "is no code"),
        (books(opening=(OpeningLine("1100", 1),)), "opening balance: debit 1"),
        (books(opening=(OpeningLine("x", 1), OpeningLine("1100", -1))), "no account 'x'"),
        (
            books(vat_codes=(VatCode(code="LAAG", name="Btw", vat=LOW, to_pay="x"),)),
            "VAT code LAAG: there is no account 'x'",
        ),
        (books(periods=books().periods[::-1]), "does not come after"),
        (books(last_day=date(2026, 6, 30)), "not within the year"),
        (books(fiscal_year=" "), "have a year"),
    ],
)
def test_books_that_do_not_add_up_are_refused_before_a_byte_is_written(
    wrong: Books, reason: str
) -> None:
    with pytest.raises(BooksRefusedError, match=reason):
        write_xaf(wrong)


def test_books_that_change_while_they_are_written_are_never_finished() -> None:
    readings: Iterator[list[Transaction]] = iter([[SALE, PAYOUT], [SALE]])
    pieces = write_xaf(books(journals=lambda: [journal(next(readings))]))
    seen: list[bytes] = []
    with pytest.raises(BooksRefusedError, match="changed while they were written"):
        seen.extend(pieces)
    assert b"</auditfile>" not in b"".join(seen)


def peak_of(transactions: int) -> int:
    """Return how much memory an auditfile of that many transactions takes, at its highest."""

    def many() -> Iterator[Journal]:
        yield journal(replace(SALE, number=number) for number in range(1, transactions + 1))

    tracemalloc.start()
    size = sum(len(piece) for piece in write_xaf(books(journals=many)))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 700 * transactions
    return peak


def test_a_year_of_any_size_takes_no_memory() -> None:
    assert peak_of(1_200) < 1.2 * peak_of(300)


TEXTS = st.text(max_size=60)
DAYS = st.integers(0, 364).map(lambda days: date(2026, 1, 1) + timedelta(days=days))


@st.composite
def years(draw: st.DrawFn) -> list[Transaction]:
    transactions = []
    for number in range(1, draw(st.integers(1, 6))):
        amounts = draw(st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=5))
        codes = st.sampled_from([account.code for account in ACCOUNTS])
        lines = [
            TransactionLine(
                account=draw(codes), amount=amount, document=f"D{draw(TEXTS)}", text=draw(TEXTS)
            )
            for amount in (*amounts, -sum(amounts))
        ]
        transactions.append(
            Transaction(number=number, day=draw(DAYS), text=draw(TEXTS), lines=lines)
        )
    return transactions


@settings(max_examples=50)
@given(year=years(), version=st.sampled_from(VERSIONS))
def test_whatever_was_booked_it_is_valid_and_adds_up(
    year: list[Transaction], version: XafVersion
) -> None:
    xml = written(books(journal(year)), version)
    assert findings(xml) == []
    with pyxaf.open(io.BytesIO(xml)) as read:
        amounts = [cents(line) for line in read.lines()]
    assert amounts == [line.amount for transaction in year for line in transaction.lines]


def test_a_period_is_found_at_its_edges() -> None:
    months = tuple(
        BookPeriod(number=month, name=f"{month}", first=date(2026, month, 1), last=last)
        for month, last in ((1, date(2026, 1, 31)), (2, date(2026, 2, 28)))
    )
    edges = [date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28)]
    year = [replace(SALE, number=number, day=day) for number, day in enumerate(edges, start=1)]
    xml = written(books(journal(year), periods=months))
    assert xml.count(b"<periodNumber>1</periodNumber>\n<trDt>") == 2
    assert xml.count(b"<periodNumber>2</periodNumber>\n<trDt>") == 2


def test_an_account_keeps_its_reference_of_the_national_chart() -> None:
    account = LedgerAccount(code="1520", name="Btw", type=ACCOUNTS[2].type, reference="BSchBtw")
    assert account in {replace(one, name="Btw") for one in ACCOUNTS}
    assert b"<leadCode>BSchBtw</leadCode>" in written(books())
