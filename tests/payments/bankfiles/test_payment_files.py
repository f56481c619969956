from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st
from sepaxml.validation import try_valid_xml

from payments.bankfiles import pain001, pain008, schemas
from payments.bankfiles.orders import (
    LARGEST,
    Creditor,
    DirectDebit,
    OrderRefused,
    OwnAccount,
    SequenceType,
    Transfer,
    batches,
)
from payments.bankfiles.texts import is_reference, reduced
from tests.payments.bankfiles.samples import ALICE, BOB, OURS

NOW = datetime(2026, 1, 4, 12, tzinfo=UTC)
MONDAY, TUESDAY = date(2026, 1, 5), date(2026, 1, 6)
OK_ACCOUNT = OwnAccount(name="OK Betalingen B.V.", iban=OURS)
OK_CREDITOR = Creditor(
    name="OK Betalingen B.V.", iban=OURS, bic="INGBNL2A", creditor_id="NL79ZZZ999999990000"
)
TO_BAKER = Transfer(
    end_to_end_id="P-1",
    amount=184050,
    name="Bäckerei Żółw & Söhne",
    iban=BOB,
    requested_on=MONDAY,
    text="Umsätze 5. Januar",
)
FROM_ALICE = DirectDebit(
    end_to_end_id="C-1",
    amount=1840,
    name="Alice de Vries",
    iban=ALICE,
    requested_on=MONDAY,
    text="Bread",
    mandate_id="M-1",
    signed_on=date(2025, 6, 1),
    sequence=SequenceType.RECURRENT,
)


def transfers(*orders: Transfer, account: OwnAccount = OK_ACCOUNT) -> bytes:
    return pain001.write(message_id="OK-7", created_at=NOW, debtor=account, transfers=orders)


def debits(*orders: DirectDebit, account: Creditor = OK_CREDITOR) -> bytes:
    return pain008.write(message_id="OK-7", created_at=NOW, creditor=account, debits=orders)


def tree(content: bytes) -> Element:
    """Return the document without its namespaces."""
    root: Element = fromstring(content)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def texts(root: Element, name: str) -> list[str | None]:
    return [element.text for element in root.iter(name)]


def test_a_transfer_says_everything_in_letters_that_banks_take() -> None:
    content = transfers(TO_BAKER)

    root = tree(content)
    try_valid_xml(content, schemas.PAIN_001)
    assert texts(root, "MsgId") == ["OK-7"]
    assert texts(root, "CreDtTm") == ["2026-01-04T12:00:00+00:00"]
    assert texts(root, "PmtInfId") == ["OK-7-1"]
    assert texts(root, "EndToEndId") == ["P-1"]
    assert texts(root, "InstdAmt") == ["1840.50"]
    assert texts(root, "CtrlSum") == ["1840.50", "1840.50"]
    assert texts(root, "Nm")[-1] == "Backerei Zolw + Sohne"
    assert texts(root, "Ustrd") == ["Umsatze 5. Januar"]
    assert texts(root, "BtchBookg") == ["true"]
    assert root.findtext(".//DbtrAgt/FinInstnId/Othr/Id") == "NOTPROVIDED"


def test_a_transfer_from_a_known_bank_names_it() -> None:
    root = tree(transfers(TO_BAKER, account=replace(OK_ACCOUNT, bic="INGBNL2A")))

    assert root.findtext(".//DbtrAgt/FinInstnId/BICFI") == "INGBNL2A"
    assert "NOTPROVIDED" not in texts(root, "Id")


def test_a_direct_debit_names_its_mandate_and_our_identifier() -> None:
    content = debits(FROM_ALICE)

    root = tree(content)
    try_valid_xml(content, schemas.PAIN_008)
    assert texts(root, "MndtId") == ["M-1"]
    assert texts(root, "DtOfSgntr") == ["2025-06-01"]
    assert texts(root, "SeqTp") == ["RCUR"]
    assert root.findtext(".//LclInstrm/Cd") == "CORE"
    assert root.findtext(".//CdtrSchmeId/Id/PrvtId/Othr/Id") == "NL79ZZZ999999990000"


def test_a_structured_reference_stands_in_the_place_of_the_text() -> None:
    reference = "RF18539007547034"
    for content in (
        transfers(replace(TO_BAKER, text="", structured=reference)),
        debits(replace(FROM_ALICE, text="", structured=reference)),
    ):
        root = tree(content)
        assert root.findtext(".//RmtInf/Strd/CdtrRefInf/Ref") == "RF18539007547034"
        assert root.find(".//RmtInf/Ustrd") is None


def test_an_order_may_say_nothing() -> None:
    root = tree(transfers(replace(TO_BAKER, text="")))

    assert root.find(".//RmtInf") is None


def test_orders_go_together_by_day_and_sequence_under_ids_known_beforehand() -> None:
    orders = [
        replace(
            FROM_ALICE, end_to_end_id=f"C-{day.day}-{sequence}", requested_on=day, sequence=sequence
        )
        for sequence in SequenceType
        for day in (TUESDAY, MONDAY)
    ]
    expected = batches("OK-7", orders)

    root = tree(debits(*orders))

    assert len(expected) == 8
    for batch, written in zip(expected, root.iter("PmtInf"), strict=True):
        assert written.findtext("PmtInfId") == batch.batch_id
        assert written.findtext("ReqdColltnDt") == batch.requested_on.isoformat()
        assert written.findtext(".//SeqTp") == batch.sequence
        assert texts(written, "EndToEndId") == [order.end_to_end_id for order in batch.orders]
    assert [batch.batch_id for batch in expected] == [f"OK-7-{number}" for number in range(1, 9)]


def test_the_same_orders_are_the_same_bytes() -> None:
    later = replace(TO_BAKER, end_to_end_id="P-2", requested_on=TUESDAY)

    assert transfers(TO_BAKER, later) == transfers(TO_BAKER, later) == transfers(later, TO_BAKER)
    assert debits(FROM_ALICE) == debits(FROM_ALICE)


@settings(max_examples=25)
@given(
    amounts=st.lists(st.integers(1, LARGEST), min_size=1, max_size=5),
    name=st.text(min_size=1, max_size=100).filter(lambda name: bool(reduced(name, 70))),
    text=st.text(max_size=200),
)
def test_whatever_is_ordered_is_valid_and_adds_up(amounts: list[int], name: str, text: str) -> None:
    orders = [
        replace(TO_BAKER, end_to_end_id=f"P-{number}", amount=amount, name=name, text=text)
        for number, amount in enumerate(amounts)
    ]

    root = tree(transfers(*orders))

    assert [str(one).replace(".", "").lstrip("0") for one in texts(root, "InstdAmt")] == [
        str(amount) for amount in amounts
    ]
    assert str(texts(root, "CtrlSum")[0]).replace(".", "").lstrip("0") == str(sum(amounts))
    assert set(texts(root, "NbOfTxs")) == {str(len(amounts))}


WRONG: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (transfers, "no_orders"),
    "no amount": (lambda: transfers(replace(TO_BAKER, amount=0)), "wrong_amount"),
    "a negative amount": (lambda: transfers(replace(TO_BAKER, amount=-1)), "wrong_amount"),
    "too much": (lambda: transfers(replace(TO_BAKER, amount=LARGEST + 1)), "wrong_amount"),
    "a wrong IBAN": (lambda: transfers(replace(TO_BAKER, iban=BOB[:-1] + "0")), "wrong_iban"),
    "our own IBAN wrong": (
        lambda: transfers(TO_BAKER, account=replace(OK_ACCOUNT, iban="NL00")),
        "wrong_iban",
    ),
    "nobody": (lambda: transfers(replace(TO_BAKER, name=" ")), "no_name"),
    "a reference with a space": (
        lambda: transfers(replace(TO_BAKER, end_to_end_id="P 1")),
        "wrong_reference",
    ),
    "no mandate": (lambda: debits(replace(FROM_ALICE, mandate_id="")), "wrong_reference"),
    "the same reference twice": (lambda: transfers(TO_BAKER, TO_BAKER), "repeated_reference"),
    "a wrong structured reference": (
        lambda: transfers(replace(TO_BAKER, text="", structured="RF19539007547034")),
        "wrong_structured_reference",
    ),
    "both references": (
        lambda: transfers(replace(TO_BAKER, structured="RF18539007547034")),
        "wrong_structured_reference",
    ),
    "a wrong creditor identifier": (
        lambda: debits(FROM_ALICE, account=replace(OK_CREDITOR, creditor_id="NL00ZZZ1")),
        "wrong_creditor_id",
    ),
    "a message id too long": (
        lambda: pain001.write(
            message_id="M" * 30, created_at=NOW, debtor=OK_ACCOUNT, transfers=[TO_BAKER]
        ),
        "wrong_reference",
    ),
}


@pytest.mark.parametrize(("write", "code"), WRONG.values(), ids=WRONG)
def test_an_order_that_a_bank_would_refuse_is_never_written(
    write: Callable[[], bytes], code: str
) -> None:
    with pytest.raises(OrderRefused) as refused:
        write()

    assert refused.value.code == code


def test_a_document_that_is_not_by_its_schema_says_where() -> None:
    broken = transfers(TO_BAKER).replace(b"<PmtMtd>TRF", b"<PmtMtd>CASH")

    with pytest.raises(schemas.SchemaBreach, match="PmtMtd"):
        schemas.validate(broken, schemas.PAIN_001)


@given(st.text(max_size=200))
def test_a_reduced_text_has_only_what_banks_take(text: str) -> None:
    short = reduced(text, 70)

    assert len(short) <= 70
    assert set(short) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-?:().,'+ "
    )
    assert reduced(short, 70) == short


def test_a_reference_must_come_back_as_it_went() -> None:
    assert all(map(is_reference, ("C-1", "INV/2026/1", "a" * 35)))
    assert not any(map(is_reference, ("", "/C", "C/", "C//1", "C 1", "é", "a" * 36, "C_1")))
