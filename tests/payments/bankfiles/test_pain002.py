import io

import pytest

from payments.bankfiles import pain002
from payments.bankfiles.lines import BankFileRefused
from payments.bankfiles.opening import documents
from payments.bankfiles.pain002 import Status, StatusReport


def answer(inside: str, *, version: str = "10", group: str = "") -> bytes:
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.{version}">'
        "<CstmrPmtStsRpt><GrpHdr><MsgId>BANK-1</MsgId><CreDtTm>2026-01-05T09:00:00</CreDtTm>"
        "</GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>OK-7</OrgnlMsgId>"
        f"<OrgnlMsgNmId>pain.008.001.08</OrgnlMsgNmId>{group}</OrgnlGrpInfAndSts>\n"
        f"{inside}</CstmrPmtStsRpt></Document>"
    ).encode()


def reason(code: str) -> str:
    return f"<StsRsnInf><Rsn><Cd>{code}</Cd></Rsn></StsRsnInf>"


def order(name: str, status: str, more: str = "") -> str:
    return (
        f"<TxInfAndSts><OrgnlEndToEndId>{name}</OrgnlEndToEndId>"
        f"<TxSts>{status}</TxSts>{more}</TxInfAndSts>"
    )


def batch(inside: str, status: str = "") -> str:
    return (
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>OK-7-1</OrgnlPmtInfId>{status}{inside}"
        "</OrgnlPmtInfAndSts>"
    )


def read(content: bytes) -> list[StatusReport]:
    return [
        report
        for document in documents(io.BytesIO(content))
        for report in pain002.read(document.stream, namespace=document.namespace)
    ]


def report(batch_id: str, name: str, status: Status, code: str = "") -> StatusReport:
    return StatusReport(
        message_id="OK-7", batch_id=batch_id, end_to_end_id=name, status=status, reason=code
    )


@pytest.mark.parametrize("version", ["03", "10"])
def test_a_bank_answers_about_single_orders_and_their_batch(version: str) -> None:
    content = answer(
        batch(
            order("C-1", "RJCT", reason("AC01")) + order("C-2", "ACCP"),
            "<PmtInfSts>PART</PmtInfSts>",
        ),
        version=version,
    )

    assert read(content) == [
        report("OK-7-1", "C-1", Status.REJECTED, "AC01"),
        report("OK-7-1", "C-2", Status.PROFILE_ACCEPTED),
        report("OK-7-1", "", Status.PARTLY_ACCEPTED),
    ]


def test_a_bank_may_answer_about_the_whole_file() -> None:
    content = answer("", group=f"<GrpSts>RJCT</GrpSts>{reason('FF01')}")

    assert read(content) == [report("", "", Status.REJECTED, "FF01")]


@pytest.mark.parametrize("status", ["ACSP", "ACSC", "PDNG", "ACTC", "RCVD"])
def test_every_status_that_banks_use_is_known(status: str) -> None:
    [told] = read(answer(batch(order("C-1", status))))

    assert told.status == status


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (answer(batch(order("C-1", "MAYBE"))), "unknown_status"),
        (answer(batch(order("", "RJCT"))), "no_reference"),
        (answer(batch(order("NOTPROVIDED", "RJCT"))), "no_reference"),
        (answer(""), "empty"),
        (answer(batch(order("C-1", "RJCT")))[:-30], "truncated"),
        (answer(batch(order("C-1", "RJCT")), version="99"), "unknown_namespace"),
    ],
)
def test_an_answer_that_cannot_be_understood_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(BankFileRefused) as refused:
        read(content)

    assert refused.value.code == code
