"""Reads of shifts, and what tills came to; they need the merchant's scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from django.db.models import QuerySet

from loyalty.reversing import PAID_WITH_POINTS
from merchants.models import Shift
from merchants.shifts.totals import Totals, read
from okplatform.kernel import db
from okplatform.parties.models import Store, Terminal
from okplatform.parties.tills import Till
from okplatform.trade.models import Sale, SaleState

# One statement over the sales, refunds and gift cards of a till, or of a whole store, in some time.
# The sales come by the index ``sale_live``, all else by the sale it belongs to.
TOTALS = """
WITH sold AS MATERIALIZED (
    SELECT id, gross, discount, due, points_earned FROM trade_sale
    WHERE merchant_id = %(merchant)s AND mode = %(mode)s AND store_id = %(store)s
        AND closed_at >= %(since)s AND closed_at < %(until)s
        AND (%(terminal)s::bigint IS NULL OR terminal_id = %(terminal)s)
), back AS MATERIALIZED (
    SELECT id, sale_id, amount FROM trade_return
    WHERE merchant_id = %(merchant)s AND mode = %(mode)s AND store_id = %(store)s
        AND returned_at >= %(since)s AND returned_at < %(until)s
        AND (%(terminal)s::bigint IS NULL OR terminal_id = %(terminal)s)
), line AS MATERIALIZED (
    SELECT line.vat_rate_bp, line.paid, line.vat, line.reasons, line.kind
    FROM sold JOIN trade_sale_line line ON line.sale_id = sold.id
), came AS MATERIALIZED (
    SELECT was.vat_rate_bp, was.kind, came.amount, came.vat
    FROM back JOIN trade_return_line came ON came.sale_return_id = back.id
    JOIN trade_sale_line was ON was.sale_id = back.sale_id AND was.number = came.number
), spent AS (
    SELECT coalesce(sum((reason ->> 'points')::bigint), 0)::bigint AS points,
        coalesce(sum((reason ->> 'amount')::bigint), 0)::bigint AS amount
    FROM line CROSS JOIN jsonb_array_elements(line.reasons) AS reason
    WHERE line.reasons <> '[]' AND reason ->> 'kind' = ANY (%(with_points)s)
), by_tender AS (
    SELECT kind, sum(paid)::bigint AS paid, sum(given_back)::bigint AS given_back
    FROM (
        SELECT tender.kind, tender.amount AS paid, 0 AS given_back
        FROM sold JOIN trade_tender tender ON tender.sale_id = sold.id
        UNION ALL
        SELECT tender.kind, 0, tender.amount
        FROM back JOIN trade_return_tender tender ON tender.sale_return_id = back.id
    ) AS moved GROUP BY kind ORDER BY kind
), by_rate AS (
    SELECT rate_bp, sum(sold)::bigint AS sold, sum(vat)::bigint AS vat,
        sum(returned)::bigint AS returned, sum(returned_vat)::bigint AS returned_vat
    FROM (
        SELECT vat_rate_bp AS rate_bp, paid AS sold, vat, 0 AS returned, 0 AS returned_vat FROM line
        UNION ALL
        SELECT vat_rate_bp, 0, 0, amount, vat FROM came
    ) AS moved GROUP BY rate_bp ORDER BY rate_bp
), by_load AS (
    SELECT origin.paid_by, sum(greatest(booking.amount, 0))::bigint AS loaded,
        sum(greatest(-booking.amount, 0))::bigint AS taken_back
    FROM payments_gift_card_booking booking
    JOIN payments_gift_card_booking origin ON origin.merchant_id = booking.merchant_id
        AND origin.mode = booking.mode AND origin.uuid = booking.uuid
        AND origin.kind IN ('sold', 'topped_up')
    LEFT JOIN payments_gift_card_load_till till ON till.booking_id = booking.id
    WHERE booking.merchant_id = %(merchant)s AND booking.mode = %(mode)s
        AND booking.booked_at >= %(since)s AND booking.booked_at < %(until)s
        AND booking.kind IN ('sold', 'topped_up', 'taken_back')
        AND CASE WHEN %(terminal)s::bigint IS NULL THEN booking.store_id = %(store)s
            ELSE till.terminal_id = %(terminal)s END
    GROUP BY origin.paid_by ORDER BY origin.paid_by
)
SELECT jsonb_build_object(
    'sales', (SELECT count(*) FROM sold),
    'gross', (SELECT coalesce(sum(gross), 0) FROM sold),
    'discount', (SELECT coalesce(sum(discount), 0) FROM sold),
    'due', (SELECT coalesce(sum(due), 0) FROM sold),
    'refunds', (SELECT count(*) FROM back),
    'refunded', (SELECT coalesce(sum(amount), 0) FROM back),
    'points_earned', (SELECT coalesce(sum(points_earned), 0) FROM sold),
    'points_spent', (SELECT points FROM spent),
    'points_amount', (SELECT amount FROM spent),
    'tips', (SELECT coalesce(sum(paid), 0) FROM line WHERE kind = 'tip'),
    'tips_given_back', (SELECT coalesce(sum(amount), 0) FROM came WHERE kind = 'tip'),
    'deposits', (SELECT coalesce(sum(paid), 0) FROM line WHERE kind = 'deposit'),
    'empties', (SELECT coalesce(-sum(paid), 0) FROM line WHERE kind = 'deposit_return'),
    'deposits_given_back', (SELECT coalesce(sum(amount), 0) FROM came WHERE kind = 'deposit'),
    'tenders', (SELECT coalesce(jsonb_agg(to_jsonb(by_tender)), '[]') FROM by_tender),
    'vat', (SELECT coalesce(jsonb_agg(to_jsonb(by_rate)), '[]') FROM by_rate),
    'loads', (SELECT coalesce(jsonb_agg(to_jsonb(by_load)), '[]') FROM by_load))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A till, or with no terminal a whole store, from a moment until before another."""

    merchant_id: int
    mode: str
    store_id: int
    terminal_id: int | None
    since: datetime
    until: datetime


def totals_of(span: Span) -> Totals:
    """Return what was sold, came back and was put on gift cards."""
    ((found,),) = db.call(
        TOTALS,
        {
            "merchant": span.merchant_id,
            "mode": span.mode,
            "store": span.store_id,
            "terminal": span.terminal_id,
            "since": span.since,
            "until": span.until,
            "with_points": sorted(PAID_WITH_POINTS),
        },
    )
    return read(orjson.loads(found) if isinstance(found, (str, bytes)) else found)


def span_of(shift: Shift, now: datetime) -> Span:
    """Return the span of a shift; one that is open counts what there is so far."""
    return Span(
        merchant_id=shift.merchant_id,
        mode=shift.mode,
        store_id=shift.store_id,
        terminal_id=shift.terminal_id,
        since=shift.opened_at,
        until=shift.closed_at or now,
    )


def shifts_of(*, mode: str, store_id: int, terminal_id: int | None = None) -> QuerySet[Shift]:
    """Return the shifts of a till, or of all tills of a store."""
    found = Shift.objects.filter(mode=mode, store_id=store_id)
    if terminal_id is not None:
        found = found.filter(terminal_id=terminal_id)
    return found.select_related("store", "terminal")


def find_shift(till: Till, uuid: UUID) -> Shift | None:
    """Return a shift of the merchant in scope that this till may see, or None."""
    found = Shift.objects.filter(mode=till.mode, uuid=uuid)
    if till.store_id is not None:
        found = found.filter(store_id=till.store_id)
    if till.terminal_id is not None:
        found = found.filter(terminal_id=till.terminal_id)
    return found.select_related("store", "terminal").first()


def unsettled_at(shift: Shift) -> int:
    """Return how many sales of its till have no final verdict."""
    there = Sale.objects.filter(mode=shift.mode, store_id=shift.store_id)
    opened = there.filter(state=SaleState.OPEN, closed_at__isnull=True)
    return int(opened.filter(terminal_id=shift.terminal_id).count())


def stores_with_tills(store_id: int | None) -> Sequence[Store]:
    """Return the merchant's stores, or the one that somebody works at."""
    stores = Store.objects.order_by("name")
    return list(stores if store_id is None else stores.filter(pk=store_id))


def tills_of(store: Store) -> Sequence[Terminal]:
    """Return the tills of a store."""
    return list(Terminal.objects.filter(store=store).order_by("reference"))
