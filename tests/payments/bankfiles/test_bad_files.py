"""Every bad file is refused whole: with a code, a sentence and where one can say it a line."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.bankfiles.lines import BankFileRefused
from tests.payments.bankfiles.samples import (
    OURS,
    balance,
    camt,
    entry,
    mt940,
    read,
    transaction,
    zipped,
)

LAUGHS = '<!DOCTYPE Document [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE Document [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
GOOD = camt(entry("1.00"), closing="101.00")
TWO = transaction("1.00") + transaction("2.00")
PARTIES = "<RltdPties><DbtrAcct><Id><IBAN>NL00ABNA0417164300</IBAN></Id></DbtrAcct></RltdPties>"

XML = {
    "unreadable amount": (camt(entry("1,00")), "unreadable_amount", 5),
    "negative amount": (camt(entry("-1.00")), "unreadable_amount", 5),
    "no amount": (camt(entry("")), "unreadable_amount", 5),
    "amount finer than a cent": (camt(entry("1.005")), "unreadable_amount", 5),
    "unreadable balance": (camt(opening="1O0"), "unreadable_amount", 4),
    "unknown currency": (camt(entry("1.00", currency="EUX")), "unknown_currency", 5),
    "currency of another account": (camt(entry("1.00", currency="USD")), "other_currency", 5),
    "neither credit nor debit": (camt(entry("1.00", "BOTH")), "unreadable_direction", 5),
    "no day": (
        camt(entry("1.00").replace("<Dt>2026-01-05</Dt>", "<Dt>soon</Dt>")),
        "unreadable_date",
        5,
    ),
    "own IBAN wrong": (camt(iban="NL69INGB0123456780"), "wrong_iban", 4),
    "no IBAN": (camt(iban=""), "wrong_iban", 4),
    "other IBAN wrong": (
        camt(entry("1.00", details=transaction("1.00", more=PARTIES))),
        "wrong_iban",
        5,
    ),
    "balances do not add up": (camt(entry("1.00")), "balances_do_not_add_up", 4),
    "no closing balance": (camt(balances=balance("OPBD", "1.00")), "balance_missing", 4),
    "no opening balance": (camt(balances=balance("CLBD", "1.00")), "balance_missing", 4),
    "entry does not add up": (camt(entry("4.00", details=TWO)), "entry_does_not_add_up", 5),
    "only transaction differs": (
        camt(entry("4.00", details=transaction("1.00"))),
        "entry_does_not_add_up",
        5,
    ),
    "one of two without amount": (
        camt(entry("1.00", details=transaction("1.00") + transaction())),
        "amount_missing",
        5,
    ),
    "batch of no number": (
        camt(entry("1.00", details="<Btch><NbOfTxs>some</NbOfTxs></Btch>")),
        "unreadable_count",
        5,
    ),
    "other namespace": (
        GOOD.replace(b"camt.053.001.08", b"camt.060.001.03"),
        "unknown_namespace",
        1,
    ),
    "version of another year": (camt(version="15"), "unknown_namespace", 1),
    "no namespace": (b"<Document/>", "unknown_namespace", 1),
    "a web page": (b"<html><body>Log in</body></html>", "unknown_namespace", 1),
    "billion laughs": (camt(doctype=LAUGHS), "document_type_forbidden", 2),
    "outside entity": (camt(doctype=OUTSIDE), "document_type_forbidden", 2),
    "undeclared entity": (camt("&xxe;"), "document_type_forbidden", 5),
    "truncated": (GOOD[:-20], "truncated", 6),
    "truncated before its root": (GOOD[:60], "truncated", 2),
    "not well-formed": (GOOD.replace(b"</Stmt>", b"</Stnt>"), "malformed_xml", 6),
    "two documents in one": (GOOD + GOOD, "malformed_xml", 6),
    "no statement": (
        GOOD.replace(b"<Stmt>", b"<Xtmt>").replace(b"</Stmt>", b"</Xtmt>"),
        "empty",
        None,
    ),
    "too deep": (camt("<a>" * 30_000), "too_large", 5),
    "a text without end": (
        camt(f"<Ntry><Amt>{'1' * 300_000}</Amt></Ntry>"),
        "too_large",
        5,
    ),
    "an entry of texts without end": (
        camt("<Ntry><NtryDtls><TxDtls><RmtInf>" + "<Ustrd>x</Ustrd>" * 10_000),
        "too_large",
        5,
    ),
    "names without end": (
        camt("".join(f"<a{number}/>" for number in range(20_000))),
        "too_large",
        5,
    ),
    "comments without end": (b"<!--" + b"-x" * 70_000 + b"-->" + GOOD, "unknown_form", None),
}
LINES = {
    "unreadable amount": (mt940(":61:260105C1.00NTRFNONREF"), "unreadable_amount", 8),
    "no amount": (mt940(":61:260105CNTRFNONREF"), "unreadable_amount", 8),
    "unreadable line": (mt940(":61:yesterday"), "unreadable_line", 8),
    "unreadable day": (mt940(":61:260230C1,00NTRFNONREF"), "unreadable_date", 8),
    "unreadable booking day": (mt940(":61:2601051301C1,00NTRFNONREF"), "unreadable_date", 8),
    "unreadable balance": (mt940(opening="100,00"), "malformed_mt940", 7),
    "unknown currency": (mt940(opening="C260102EUX1,00"), "unknown_currency", 7),
    "closing in another currency": (mt940(closing="C260105USD100,00"), "other_currency", 8),
    "balances do not add up": (
        mt940(":61:260105C1,00NTRFNONREF"),
        "balances_do_not_add_up",
        9,
    ),
    "own IBAN wrong": (
        mt940().replace(OURS.encode(), b"NL69INGB0123456780"),
        "wrong_iban",
        5,
    ),
    "other IBAN wrong": (
        mt940(":61:260105C1,00NTRFNONREF", ":86:/IBAN/NL00ABNA0417164300/REMI/x"),
        "wrong_iban",
        9,
    ),
    "line before the opening": (
        mt940().replace(b":60F:", b":61:260105C1,00NTRFNONREF\r\n:60F:"),
        "malformed_mt940",
        7,
    ),
    "no opening": (mt940().replace(b":60F:", b":65:"), "malformed_mt940", 8),
    "no number": (mt940().replace(b":28C:", b":21:"), "malformed_mt940", 7),
    "truncated": (mt940()[: mt940().index(b":62F:")], "truncated", 7),
    "a statement within another": (
        mt940().replace(b":62F:", b":20:REF-2\r\n:62F:"),
        "truncated",
        8,
    ),
    "a line without end": (mt940(":86:" + "x" * 5_000), "malformed_mt940", 8),
    "a field without end": (
        mt940(":61:260105C1,00NTRFNONREF", ":86:x", *["x"] * 200),
        "malformed_mt940",
        109,
    ),
}
OTHERS = {
    "nothing": (b"", "empty", None),
    "nothing but space": (b" \r\n\t", "empty", None),
    "a letter": (b"Dear customer,", "unknown_form", 1),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3", "unknown_form", 1),
    "a zip of nothing": (zipped({}), "empty", None),
    "a zip of an empty file": (zipped({"statement.xml": b""}), "empty", None),
    "a zip in a zip": (zipped({"inner.zip": zipped({"a": GOOD})}), "nested_zip", None),
    "half a zip": (zipped({"a": GOOD})[:-30], "unreadable_zip", None),
    "a damaged zip": (
        zipped({"a": GOOD * 50}, 0).replace(b"MSG-1", b"MSG-2", 1),
        "unreadable_zip",
        None,
    ),
    "a zip with a document type": (
        zipped({"a": camt(doctype=LAUGHS)}),
        "document_type_forbidden",
        2,
    ),
}
BAD = {
    f"{form}, {name}": case
    for form, cases in (("camt.053", XML), ("MT940", LINES), ("file", OTHERS))
    for name, case in cases.items()
}


@pytest.mark.parametrize(("content", "code", "line"), BAD.values(), ids=BAD)
def test_a_bad_file_is_refused_whole_with_a_reason_and_a_line(
    content: bytes, code: str, line: int | None
) -> None:
    with pytest.raises(BankFileRefused) as refused:
        read(content)

    assert (refused.value.code, refused.value.line) == (code, line)
    assert str(refused.value).endswith(".")


@given(st.integers(1, len(GOOD) - 2))
def test_a_truncated_statement_is_never_read_to_its_end(length: int) -> None:
    with pytest.raises(BankFileRefused):
        read(GOOD[:length])


@given(st.binary(max_size=300))
def test_whatever_is_delivered_is_read_or_refused(content: bytes) -> None:
    for delivered in (content, b"<" + content, mt940() + content, GOOD[:400] + content):
        with suppress(BankFileRefused):
            read(delivered)
