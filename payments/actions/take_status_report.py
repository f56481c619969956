"""Take in what the bank says of our files (pain.002): what it rejects will never come.

A transfer that it rejects because it timed out may come all the same: it is in doubt.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction, transaction_required
from okplatform.kernel.tenancy import operator_scope
from payments.actions.expect import unexpect
from payments.actions.reopen_debt import reopen_debt
from payments.actions.return_proof import return_proof
from payments.actions.settle_payout import doubt_payout, return_payout
from payments.actions.settle_refund import doubt_refund, return_refund
from payments.bankfiles.pain002 import Status, StatusReport
from payments.calendar import local_day
from payments.models import (
    Collection,
    Expectation,
    ExpectationKind,
    ExpectationState,
    FileKind,
    HouseAccount,
    OutgoingFile,
    OwnershipProof,
    Payout,
    Refund,
)
from payments.states import (
    UNCERTAIN,
    CollectionState,
    PayoutState,
    ProofState,
    RefundState,
    State,
)

BankOrder = Collection | Payout | Refund | OwnershipProof
REJECTING = frozenset({Status.REJECTED, Status.CANCELLED})

ORDERS: Mapping[str, Sequence[type[BankOrder]]] = {
    FileKind.DEBITS: (Collection,),
    FileKind.TRANSFERS: (Payout, Refund, OwnershipProof),
}
"""What a file of each kind may ask for."""

_IS: Mapping[type[BankOrder], tuple[ExpectationKind, Sequence[State]]] = {
    Collection: (ExpectationKind.COLLECTION, (CollectionState.SENT,)),
    Payout: (ExpectationKind.PAYOUT, (PayoutState.ORDERED, PayoutState.UNKNOWN)),
    Refund: (ExpectationKind.REFUND, (RefundState.ORDERED, RefundState.UNKNOWN)),
    # Whatever became of its code meanwhile.
    OwnershipProof: (ExpectationKind.PROOF, tuple(ProofState)),
}


@dataclass(frozen=True, slots=True)
class StatusTaken:
    """What a report came to.

    ``rejected`` orders were undone, ``doubted`` ones may happen all the same. ``known`` were undone
    or doubted before, or are on our account for all that: only a statement says that money moved.
    ``strange`` answers are about nothing of ours.
    """

    rejected: int = 0
    doubted: int = 0
    known: int = 0
    strange: int = 0


def take_status_report(
    *, reports: Iterable[StatusReport], now: datetime, actor: Actor
) -> StatusTaken:
    """Undo every order that the bank rejected: alone, with its batch, or with the whole file.

    A transfer that it rejected because it timed out is put in doubt (``settle_doubts``).

    ``reports`` are read to their end first: of a file that cannot be read nothing is taken, and
    ``BankFileRefused`` passes. The same report twice changes nothing.
    """
    rejections = [report for report in reports if report.status in REJECTING]
    counted: Counter[str] = Counter()
    for message_id in dict.fromkeys(report.message_id for report in rejections):
        about = [report for report in rejections if report.message_id == message_id]
        counted += _take(message_id, about, now=now, actor=actor)
    return StatusTaken(**counted)


def _take(
    message_id: str, rejections: Sequence[StatusReport], *, now: datetime, actor: Actor
) -> Counter[str]:
    """Take what is about one file of ours, whole."""
    counted: Counter[str] = Counter()
    with transaction(), operator_scope("settlement"):
        file = OutgoingFile.objects.filter(message_id=message_id).first()
        if file is None:
            return Counter(strange=len(rejections))
        # First of all, as whoever sends or matches does; what follows waits for nobody else.
        HouseAccount.objects.select_for_update(no_key=True).get(pk=file.house_account_id)
        seen: set[BankOrder] = set()
        # An order's own reason comes before that of its batch, and that before the file's.
        for report in sorted(rejections, key=_breadth):
            orders = _orders(file, report)
            counted["strange"] += not orders
            for order in orders:
                counted[_answered(order, report, seen, now=now, actor=actor)] += 1
        audit.record(
            actor=actor,
            action="status_report_taken",
            object_type="outgoing_file",
            object_id=file.pk,
            mode=file.mode,
            data=dict(counted),
        )
    return +counted


def _breadth(report: StatusReport) -> int:
    return 0 if report.end_to_end_id else 1 if report.batch_id else 2


def _orders(file: OutgoingFile, report: StatusReport) -> Sequence[BankOrder]:
    """Return what an answer is about, of this file only, in the order of their keys."""
    return [order for model in ORDERS[file.kind] for order in _of_kind(model, file, report)]


def _of_kind(
    model: type[BankOrder], file: OutgoingFile, report: StatusReport
) -> Sequence[BankOrder]:
    mine = model.objects.filter(outgoing_file=file).order_by("pk")
    if report.end_to_end_id:
        return list(mine.filter(end_to_end_id=report.end_to_end_id))
    if report.batch_id:
        names = Expectation.objects.filter(
            house_account_id=file.house_account_id, batch_id=report.batch_id
        ).values("end_to_end_id")
        return list(mine.filter(end_to_end_id__in=names))
    return list(mine)


@transaction_required
def _answered(
    order: BankOrder, report: StatusReport, seen: set[BankOrder], *, now: datetime, actor: Actor
) -> str:
    """Do what the first answer about an order asks for; say what that was."""
    if order in seen:
        return "known"
    seen.add(order)
    if report.reason in UNCERTAIN and isinstance(order, Payout | Refund):
        return _doubt(order, report.reason, now=now, actor=actor)
    return _undo(order, report.reason, now=now, actor=actor)


@transaction_required
def _doubt(order: Payout | Refund, code: str, *, now: datetime, actor: Actor) -> str:
    """Put a transfer in doubt of which no line has come yet; say whether it was to be doubted."""
    kind, _on_its_way = _IS[type(order)]
    expected = Expectation.objects.filter(
        kind=kind, subject_id=order.pk, state=ExpectationState.OPEN, outstanding=F("amount")
    )
    is_ordered = order.state in (PayoutState.ORDERED, RefundState.ORDERED)
    if not is_ordered or not expected.exists():
        return "known"
    if isinstance(order, Payout):
        doubt_payout(payout_id=order.pk, code=code, now=now, actor=actor)
    else:
        doubt_refund(refund_id=order.pk, code=code, now=now, actor=actor)
    return "doubted"


@transaction_required
def _undo(order: BankOrder, reason: str, *, now: datetime, actor: Actor) -> str:
    """Undo one order that the bank rejected; say whether it was to be undone."""
    kind, on_its_way = _IS[type(order)]
    is_in_doubt = order.state in (PayoutState.UNKNOWN, RefundState.UNKNOWN)
    if is_in_doubt and not reason:
        # What the bank says without a reason makes nothing certain.
        return "known"
    if order.state not in on_its_way or not unexpect(kind=kind, subject_id=order.pk, now=now):
        return "known"
    today = local_day(now)
    if isinstance(order, Payout):
        return_payout(payout_id=order.pk, reason=reason, returned_on=today, now=now, actor=actor)
    elif isinstance(order, Refund):
        return_refund(refund_id=order.pk, reason=reason, returned_on=today, now=now, actor=actor)
    elif isinstance(order, OwnershipProof):
        return_proof(proof_id=order.pk, reason=reason, returned_on=today, now=now, actor=actor)
    else:
        reopen_debt(collection_id=order.pk, reason=reason, returned_on=today, now=now, actor=actor)
    return "rejected"
