"""Reads a merchant's live account at OK over a period, a stream of any length."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection

from okplatform.kernel.db import call
from okplatform.kernel.modes import Mode
from payments.bookkeeping.account_books import Booking, PaidOut, code_of
from payments.calendar import ZONE
from payments.chart import (
    EUR,
    MERCHANT_PAYABLE,
)
from payments.postings import (
    PAYOUT_ORDERED,
)

ROWS_AT_ONCE = 2_000

# What is invoiced and not taken off the account has no entry there, but stands in the books. Of a
# later payout nothing is said. A reference is a number only for the kinds that say so.
BOOKINGS = """
WITH line AS (
    SELECT posting_id, sum(amount)::bigint AS amount FROM payments_entry
    WHERE account_id = (
        SELECT id FROM payments_account WHERE owner_id = %(merchant)s
            AND kind = %(kind)s AND asset = %(asset)s AND mode = %(mode)s)
    GROUP BY posting_id
    UNION ALL
    SELECT posting.id, 0 FROM payments_invoice invoice
    JOIN payments_posting posting ON posting.reference = invoice.id::text
        AND posting.kind IN ('invoice_issued', 'invoice_credited') AND posting.mode = %(mode)s
    WHERE invoice.merchant_id = %(merchant)s AND invoice.settled = 0 AND %(books)s
), booked AS (
    SELECT posting.id, posting.kind, posting.booked_at, line.amount, posting.reference,
        payments_sale_of(posting.kind, posting.reference) AS sale_id,
        CASE WHEN posting.kind IN ('payout_ordered', 'payout_returned',
            'invoice_issued', 'invoice_credited') THEN posting.reference::bigint END AS subject
    FROM line JOIN payments_posting posting ON posting.id = line.posting_id
    WHERE posting.booked_at >= %(since)s AND posting.booked_at < %(until)s
)
SELECT booked.id, (booked.booked_at AT TIME ZONE %(zone)s)::date, booked.kind, booked.amount,
    coalesce(nullif(sale.reference, ''), sale.uuid::text, ordered.end_to_end_id, invoice.number,
        booked.reference) AS document,
    coalesce(store.name, ''), coalesce(ordered.end_to_end_id, payout.end_to_end_id, ''),
    coalesce(ordered.iban, ''), ordered.id, coalesce(invoice.net, 0), coalesce(invoice.vat, 0),
    coalesce((SELECT max(vat_rate_bp) FROM payments_invoice_line
        WHERE invoice_id = invoice.id), 0)
FROM booked
LEFT JOIN trade_sale sale ON sale.id = booked.sale_id
LEFT JOIN parties_store store ON store.id = sale.store_id
LEFT JOIN payments_payout ordered
    ON booked.kind IN ('payout_ordered', 'payout_returned') AND ordered.id = booked.subject
LEFT JOIN payments_invoice invoice
    ON booked.kind IN ('invoice_issued', 'invoice_credited') AND invoice.id = booked.subject
LEFT JOIN payments_payout_item item
    ON item.posting_id = booked.id AND item.merchant_id = %(merchant)s
LEFT JOIN payments_payout payout
    ON payout.id = item.payout_id AND payout.ordered_at < %(until)s
ORDER BY booked.id
"""

ITEMS = """
WITH item AS (
    SELECT item.posting_id, item.amount, posting.kind, posting.reference,
        payments_sale_of(posting.kind, posting.reference) AS sale_id,
        CASE WHEN posting.kind IN ('payout_returned', 'invoice_issued', 'invoice_credited')
            THEN posting.reference::bigint END AS subject
    FROM payments_payout_item item JOIN payments_posting posting ON posting.id = item.posting_id
    WHERE item.payout_id = %s
)
SELECT coalesce(nullif(sale.reference, ''), sale.uuid::text, back.end_to_end_id, invoice.number,
    item.reference), item.amount
FROM item
LEFT JOIN trade_sale sale ON sale.id = item.sale_id
LEFT JOIN payments_payout back ON item.kind = 'payout_returned' AND back.id = item.subject
LEFT JOIN payments_invoice invoice
    ON item.kind IN ('invoice_issued', 'invoice_credited') AND invoice.id = item.subject
ORDER BY item.posting_id
"""

TOTALS = """
SELECT coalesce(sum(line.amount) FILTER (WHERE posting.booked_at < %(since)s), 0)::bigint,
    coalesce(sum(line.amount) FILTER (WHERE posting.booked_at >= %(since)s), 0)::bigint,
    count(DISTINCT posting.id) FILTER (WHERE posting.booked_at >= %(since)s)
FROM payments_entry line JOIN payments_posting posting ON posting.id = line.posting_id
WHERE posting.booked_at < %(until)s AND line.account_id = (
    SELECT id FROM payments_account WHERE owner_id = %(merchant)s
        AND kind = %(kind)s AND asset = %(asset)s AND mode = %(mode)s)
"""


class Booked:
    """What was booked on one merchant's account from a moment up to another."""

    def __init__(self, merchant_id: int, *, since: datetime, until: datetime) -> None:
        self.asked: dict[str, Any] = {
            "merchant": merchant_id,
            "kind": MERCHANT_PAYABLE.kind,
            "asset": EUR,
            "mode": Mode.LIVE.value,
            "since": since,
            "until": until,
            "zone": ZONE.key,
        }

    def totals(self) -> tuple[int, int, int]:
        """Return the balance before, the sum of what was booked, and of how many postings."""
        opening, total, count = call(TOTALS, self.asked)[0]
        return int(opening), int(total), int(count)

    def bookings(self, *, books: bool) -> Iterator[Booking]:
        """Yield what was booked, in order; for ``books`` also what touched no account."""
        with connection.chunked_cursor() as cursor:
            cursor.execute(BOOKINGS, {**self.asked, "books": books})
            while rows := cursor.fetchmany(ROWS_AT_ONCE):
                yield from map(_booking, rows)


def _booking(row: Any) -> Booking:
    number, day, kind, amount, document, place, payout, iban, payout_id, net, vat, rate = row
    items = call(ITEMS, [payout_id]) if kind == PAYOUT_ORDERED else ()
    return Booking(
        number=number,
        day=day,
        kind=kind,
        amount=amount,
        document=document,
        place=place,
        payout=payout,
        iban=iban,
        items=[PaidOut(*item) for item in items],
        net=net,
        vat=vat,
        vat_code=code_of(rate) if rate else "",
    )
