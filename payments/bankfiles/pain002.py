"""Reads a pain.002.001.03 or .10: what became of the orders we sent (pure).

A bank may answer about the whole file, about a batch, or about single orders; usually only about
what it refuses. Silence says nothing: only a statement says that money moved.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from payments.bankfiles.fields import reference, shown
from payments.bankfiles.lines import BankFileRefused
from payments.bankfiles.records import Place, Record, layout, records

_REPORT = "Document/CstmrPmtStsRpt"
_REASON = ("StsRsnInf/Rsn/Cd", "StsRsnInf/Rsn/Prtry")


class Status(StrEnum):
    """What the bank did with it: ISO 20022 ExternalPaymentTransactionStatus1Code, as used here."""

    RECEIVED = "RCVD"
    PENDING = "PDNG"
    PARTLY_ACCEPTED = "PART"
    TECHNICALLY_ACCEPTED = "ACTC"
    PROFILE_ACCEPTED = "ACCP"
    ACCEPTED_WITH_CHANGE = "ACWC"
    SETTLEMENT_IN_PROCESS = "ACSP"
    SETTLED = "ACSC"
    SETTLED_AT_CREDITOR = "ACCC"
    REJECTED = "RJCT"
    CANCELLED = "CANC"


_KNOWN = frozenset(Status)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReport:
    """One answer. About the whole file ``batch_id`` is empty, about a batch ``end_to_end_id``.

    ``reason`` is a code of ISO 20022 ExternalStatusReason1Code, such as AM04.
    """

    message_id: str
    batch_id: str
    end_to_end_id: str
    status: Status
    reason: str


def read(stream: BinaryIO, *, namespace: str) -> Iterator[StatusReport]:
    """Yield the answers; a batch's own follows those about its orders.

    Raises ``BankFileRefused``: what ``records`` refuses, and "unknown_status", "no_reference",
    "empty".
    """
    message_id, answers = "", 0
    for record in records(stream, _layout(namespace)):
        if record.name == "OrgnlGrpInfAndSts":
            message_id = record.text("OrgnlMsgId")
        report = _report(message_id, record)
        if report is not None:
            answers += 1
            yield report
    if not answers:
        raise BankFileRefused("empty", "The file answers nothing.")


def _layout(namespace: str) -> Place:
    batch = f"{_REPORT}/OrgnlPmtInfAndSts"
    return layout(
        namespace,
        {
            f"{_REPORT}/OrgnlGrpInfAndSts": ("OrgnlMsgId", "GrpSts", *_REASON),
            batch: ("OrgnlPmtInfId", "PmtInfSts", *_REASON),
            f"{batch}/TxInfAndSts": ("OrgnlEndToEndId", "TxSts", *_REASON),
        },
    )


def _report(message_id: str, record: Record) -> StatusReport | None:
    """Return the answer of one record; none where only those below it have a status."""
    status = record.text("GrpSts", "PmtInfSts", "TxSts")
    if not status:
        return None
    if status not in _KNOWN:
        raise BankFileRefused("unknown_status", f"{shown(status)} is no status.", record.line)
    end_to_end_id = reference(record.text("OrgnlEndToEndId"))
    if record.name == "TxInfAndSts" and not end_to_end_id:
        sentence = "A status of an order that is not named."
        raise BankFileRefused("no_reference", sentence, record.line)
    return StatusReport(
        message_id=message_id,
        batch_id=(record.parent or record).text("OrgnlPmtInfId"),
        end_to_end_id=end_to_end_id,
        status=Status(status),
        reason=record.text(*_REASON),
    )
