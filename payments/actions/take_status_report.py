"""Take in what the bank says of our files (pain.002): what it rejects will never come."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction, transaction_required
from okplatform.kernel.tenancy import operator_scope
from payments.actions.expect import unexpect
from payments.actions.reopen_debt import reopen_debt
from payments.actions.return_proof import return_proof
from payments.actions.settle_payout import return_payout
from payments.bankfiles.pain002 import Status, StatusReport
from payments.calendar import local_day
from payments.models import (
    Collection,
    Expectation,
    ExpectationKind,
    FileKind,
    HouseAccount,
    OutgoingFile,
    OwnershipProof,
    Payout,
)
from payments.states import CollectionState, PayoutState

REJECTING = frozenset({Status.REJECTED, Status.CANCELLED})

Order = Collection | Payout | OwnershipProof
ORDERS: Mapping[str, Sequence[type[Order]]] = {
    FileKind.DEBITS: (Collection,),
    FileKind.TRANSFERS: (Payout, OwnershipProof),
}
"""What a file of each kind may ask for."""


@dataclass(frozen=True, slots=True)
class StatusTaken:
    """What a report came to.

    ``rejected`` orders were undone. ``known`` were undone before, or are on our account for all
    that: only a statement says that money moved. ``strange`` answers are about nothing of ours.
    """

    rejected: int = 0
    known: int = 0
    strange: int = 0


def take_status_report(
    *, reports: Iterable[StatusReport], now: datetime, actor: Actor
) -> StatusTaken:
    """Undo every order that the bank rejected: alone, with its batch, or with the whole file.

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
        # An order's own reason comes before that of its batch, and that before the file's.
        for report in sorted(rejections, key=_breadth):
            orders = _orders(file, report)
            counted["strange"] += not orders
            for order in orders:
                counted[_undo(order, report.reason, now=now, actor=actor)] += 1
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


def _orders(file: OutgoingFile, report: StatusReport) -> Sequence[Order]:
    """Return what an answer is about, of this file only, in the order of their keys."""
    return [order for model in ORDERS[file.kind] for order in _of_kind(model, file, report)]


def _of_kind(model: type[Order], file: OutgoingFile, report: StatusReport) -> Sequence[Order]:
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
def _undo(order: Order, reason: str, *, now: datetime, actor: Actor) -> str:
    """Undo one order that the bank rejected; say whether it was to be undone."""
    today = local_day(now)
    if isinstance(order, OwnershipProof):
        if not _no_longer(ExpectationKind.PROOF, order.pk, now):
            return "known"
        return_proof(proof_id=order.pk, reason=reason, returned_on=today, now=now, actor=actor)
        return "rejected"
    if isinstance(order, Payout):
        if order.state != PayoutState.ORDERED or not _no_longer(
            ExpectationKind.PAYOUT, order.pk, now
        ):
            return "known"
        return_payout(payout_id=order.pk, reason=reason, returned_on=today, now=now, actor=actor)
        return "rejected"
    if order.state != CollectionState.SENT or not _no_longer(
        ExpectationKind.COLLECTION, order.pk, now
    ):
        return "known"
    reopen_debt(collection_id=order.pk, reason=reason, returned_on=today, now=now, actor=actor)
    return "rejected"


def _no_longer(kind: ExpectationKind, subject_id: int, now: datetime) -> bool:
    return unexpect(kind=kind, subject_id=subject_id, now=now)
