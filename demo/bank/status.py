"""pain.002.001.10: what became of a file, as the bank answers it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from demo.bank.clock import ZONE
from demo.bank.xmltree import Node, document, node

KIND = "pain.002.001.10"
ACCEPTED, REJECTED, PARTLY, CREDITED = "ACCP", "RJCT", "PART", "ACCC"


class Original(NamedTuple):
    """The file that is answered: its message id and its kind."""

    message_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one transaction; a code says why it was rejected."""

    end_to_end_id: str
    status: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """What became of one PmtInf; its own code where all of it was rejected."""

    id: str
    answers: Sequence[Answer]
    code: str = ""

    @property
    def status(self) -> str:
        """Sum up its transactions."""
        return _together([answer.status for answer in self.answers])


def status_report(
    original: Original, batches: Sequence[BatchAnswer], *, at: datetime, reference: str
) -> bytes:
    """Answer a file transaction by transaction."""
    status = _together([answer.status for batch in batches for answer in batch.answers])
    return _report(reference, at, _group(original, status), *map(_batch, batches))


def file_rejected(
    original: Original, code: str, sentence: str, *, at: datetime, reference: str
) -> bytes:
    """Refuse a file whole; ``code`` is of ExternalStatusReason1Code."""
    return _report(reference, at, _group(original, REJECTED, _reason(code, sentence)))


def _together(statuses: Sequence[str]) -> str:
    rejected = statuses.count(REJECTED)
    if rejected == 0:
        return ACCEPTED
    return REJECTED if rejected == len(statuses) else PARTLY


def _report(reference: str, at: datetime, *nodes: Node) -> bytes:
    head = node(
        "GrpHdr",
        node("MsgId", reference),
        node("CreDtTm", at.astimezone(ZONE).isoformat(timespec="seconds")),
    )
    return document(KIND, node("CstmrPmtStsRpt", head, *nodes))


def _group(original: Original, status: str, reason: Node | None = None) -> Node:
    return node(
        "OrgnlGrpInfAndSts",
        node("OrgnlMsgId", original.message_id),
        node("OrgnlMsgNmId", original.name),
        node("GrpSts", status),
        reason,
    )


def _batch(batch: BatchAnswer) -> Node:
    return node(
        "OrgnlPmtInfAndSts",
        node("OrgnlPmtInfId", batch.id),
        node("PmtInfSts", batch.status),
        _reason(batch.code),
        *[
            node(
                "TxInfAndSts",
                node("OrgnlEndToEndId", answer.end_to_end_id),
                node("TxSts", answer.status),
                _reason(answer.code),
            )
            for answer in batch.answers
        ],
    )


def _reason(code: str, sentence: str = "") -> Node | None:
    if not code:
        return None
    more = node("AddtlInf", sentence[:105]) if sentence else None
    return node("StsRsnInf", node("Rsn", node("Cd", code)), more)
