"""Find sales that something comes back of, and what came back. Each needs the merchant's scope."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from loyalty.models import Reversal, SpendBack
from loyalty.queries.stamps import stamps_used
from merchants.models import BookedAs, OfflineSale
from merchants.returns.asking import RefundAsked
from merchants.returns.facts import LineBack, RefundFacts
from merchants.returns.refusals import SaleNotCaptured, SaleNotPaid, SaleToRefundUnknown
from merchants.returns.working_out import OK, OTHER, work_out
from merchants.training_marks import is_training
from okplatform.trade.facts import ReturnLineFacts, ReturnTenderFacts, SaleKey, TenderStanding
from okplatform.trade.models import (
    Return,
    ReturnLine,
    ReturnTender,
    Sale,
    SaleLine,
    SaleState,
)
from okplatform.trade.queries import lines_standing, tenders_standing
from payments.queries import is_set_aside

RECENT = timedelta(days=14)
"""How far back a receipt number is looked for where no day is named: it has no index of its own."""
MOST_FOUND = 20


def find_paid(key: SaleKey) -> Sale:
    """Return a closed sale; raises ``SaleToRefundUnknown``, and what ``unpaid`` says."""
    found = Sale.objects.filter(mode=key.mode, uuid=key.uuid).select_related("store", "terminal")
    sale = found.defer("draft").first()
    if sale is None:
        raise SaleToRefundUnknown
    if sale.state != SaleState.CLOSED:
        raise unpaid(sale.pk)
    return sale


def reference_of(sale_id: int) -> str:
    """Return the number that the merchant gave a sale, or nothing."""
    return str(Sale.objects.values_list("reference", flat=True).get(pk=sale_id) or "")


def unpaid(sale_id: int) -> SaleNotPaid | SaleNotCaptured:
    """Return why nothing can be given back of a sale that is not closed."""
    return SaleNotCaptured() if is_set_aside(sale_id) else SaleNotPaid()


def paid_by(sale_id: int) -> list[TenderStanding]:
    """Return what a closed sale was paid by, and what is left of it.

    Raises ``SaleNotPaid`` where a till without a network made it and nobody paid: it is a loss.
    """
    tenders = tenders_standing(sale_id)
    if any(tender.kind == OTHER for tender in tenders):
        lost = OfflineSale.objects.filter(sale_id=sale_id, booked_as=BookedAs.LOSS.value)
        if lost.exists():
            raise SaleNotPaid
    return tenders


def sales_like(text: str, *, mode: str, since: datetime, until: datetime) -> list[Sale]:
    """Return the closed sales of this number, the newest first.

    A sale's own number (UUID) is found however old it is, a receipt number in the given time.
    """
    closed = Sale.objects.filter(mode=mode, state=SaleState.CLOSED)
    try:
        closed = closed.filter(uuid=UUID(text))
    except ValueError:
        closed = closed.filter(reference=text, closed_at__gte=since, closed_at__lt=until)
    found = closed.select_related("store").defer("draft").order_by("-closed_at", "-id")
    return list(found[:MOST_FOUND])


def preview(
    sale: Sale, asked: RefundAsked
) -> tuple[list[ReturnLineFacts], list[ReturnTenderFacts]]:
    """Return what a refund would give back now; raises what ``work_out`` refuses."""
    lines = lines_standing(sale.pk)
    return work_out(asked, lines, paid_by(sale.pk), stamps_used(sale.pk, lines))


def find_refund(*, mode: str, uuid: UUID) -> RefundFacts | None:
    """Return the refund of this number, or None."""
    found = refunds_among(Return.objects.filter(mode=mode, uuid=uuid))
    return found[0] if found else None


def refunds_of(sale: Sale) -> list[RefundFacts]:
    """Return what came back of a sale, the first first."""
    return refunds_among(Return.objects.filter(sale=sale))


def refunds_among(returns: QuerySet[Return]) -> list[RefundFacts]:
    """Read returns with their lines, tenders and points, in a few statements however many."""
    found = list(returns.select_related("store", "terminal", "sale").order_by("pk"))
    ids = [one.pk for one in found]
    lines, tenders = _lines_of(found), _tenders_of(ids)
    points = Reversal.objects.filter(pk__in=ids).in_bulk()
    given = dict(SpendBack.objects.filter(pk__in=ids).values_list("pk", "points"))
    return [
        _facts(one, lines[one.pk], tenders[one.pk], points.get(one.pk), given.get(one.pk, 0))
        for one in found
    ]


def _lines_of(returns: Sequence[Return]) -> Mapping[int, list[LineBack]]:
    sold = {
        (line.sale_id, line.number): line
        for line in SaleLine.objects.filter(sale__in={one.sale_id for one in returns})
    }
    sale_of = {one.pk: one.sale_id for one in returns}
    back: dict[int, list[LineBack]] = defaultdict(list)
    for came in ReturnLine.objects.filter(sale_return__in=sale_of).order_by("number"):
        line = sold[sale_of[came.sale_return_id], came.number]
        back[came.sale_return_id].append(
            LineBack(
                number=came.number,
                sku=line.sku,
                name=line.name,
                quantity=came.quantity,
                unit=line.unit,
                amount=came.amount,
                vat_rate_bp=line.vat_rate_bp,
                vat=came.vat,
            )
        )
    return back


def _tenders_of(return_ids: Sequence[int]) -> Mapping[int, list[ReturnTenderFacts]]:
    given: dict[int, list[ReturnTenderFacts]] = defaultdict(list)
    rows = ReturnTender.objects.filter(sale_return__in=return_ids)
    for one in sorted(rows, key=lambda tender: (tender.kind != OK, tender.kind)):
        given[one.sale_return_id].append(
            ReturnTenderFacts(kind=one.kind, amount=one.amount, reference=one.reference)
        )
    return given


def _facts(
    back: Return,
    lines: Sequence[LineBack],
    tenders: Sequence[ReturnTenderFacts],
    reversal: Reversal | None,
    points_given_back: int,
) -> RefundFacts:
    return RefundFacts(
        return_id=back.pk,
        request_hash=bytes(back.request_hash),
        uuid=back.uuid,
        sale=back.sale.uuid,
        store=back.store.reference,
        store_name=back.store.name,
        terminal=back.terminal.reference if back.terminal else None,
        operator=back.operator,
        reason=back.reason,
        language=back.language,
        currency=back.currency,
        amount=back.amount,
        vat=back.vat,
        lines=lines,
        tenders=tenders,
        points=reversal.points if reversal else 0,
        points_owed=reversal.points - reversal.taken if reversal else 0,
        points_given_back=points_given_back,
        refunded_at=back.returned_at,
        is_training=is_training(mode=back.mode, reference=back.sale.reference),
    )
