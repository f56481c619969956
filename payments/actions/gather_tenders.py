"""Read what was paid with cards and cash from the stream of sales, to follow it from there."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, Value
from django.db.models.functions import Coalesce, Greatest

from okplatform.kernel.db import call, transaction
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.models import Merchant
from payments.models import AcquirerAccount

OVERLAP = timedelta(hours=1)
"""How long after its moment a sale may still be committed; what was read before is read again."""
AT_ONCE = timedelta(days=1)

GATHER = """
INSERT INTO payments_external_tender
    (sale_id, number, merchant_id, mode, kind, amount, reference, sold_at, state, rule, reason)
SELECT tender.sale_id, tender.number, sale.merchant_id, sale.mode, tender.kind, tender.amount,
    tender.reference, sale.closed_at, CASE tender.kind WHEN 'pin' THEN 'open' ELSE 'explained' END,
    '', ''
FROM trade_sale sale JOIN trade_tender tender ON tender.sale_id = sale.id
WHERE sale.merchant_id = %(merchant)s AND sale.mode = %(mode)s AND sale.state = 'closed'
    AND sale.closed_at >= %(since)s AND sale.closed_at < %(until)s
    AND tender.kind IN ('pin', 'cash')
ON CONFLICT DO NOTHING
"""


def gather_tenders(*, account: AcquirerAccount, now: datetime, back_to: date | None = None) -> None:
    """Read the sales of an account's merchant since the last time, or ``back_to`` a day.

    Never from before the day since which they are followed. A day at a time, each in a transaction
    of its own; what is there already stays as it is, so it may run twice and side by side.
    """
    zone = ZoneInfo(Merchant.objects.get(pk=account.merchant_id).timezone)
    first = _midnight(account.since, zone)
    since = max(first, account.gathered_until - OVERLAP) if account.gathered_until else first
    if back_to is not None:
        since = max(first, min(since, _midnight(back_to, zone)))
    while since < now:
        until = min(since + AT_ONCE, now)
        with merchant_scope(account.merchant_id), transaction():
            where = {"merchant": account.merchant_id, "mode": account.mode}
            call(GATHER, {**where, "since": since, "until": until})
            mine = AcquirerAccount.objects.filter(pk=account.pk)
            mine.update(
                gathered_until=Greatest(Coalesce(F("gathered_until"), Value(until)), Value(until))
            )
        since = until


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, datetime.min.time(), zone)
