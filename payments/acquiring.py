"""What a merchant's pages and actions know of its acquirers: reads, and what they refuse.

Nothing here is OK's money. Amounts in minor units; reads are for the merchant whose scope is open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.db import call, transaction_required
from okplatform.kernel.errors import Refusal
from payments.models import (
    AcquirerAccount,
    AcquirerArrival,
    AcquirerBatch,
    AcquirerFile,
    AcquirerLine,
    AcquirerRule,
    ExternalTender,
    SettledState,
)

STEPS = """
SELECT 'sold', count(*), coalesce(sum(amount), 0)::bigint, min(sold_at), NULL::date
FROM payments_external_tender
WHERE merchant_id = %(merchant)s AND mode = %(mode)s AND state = 'open'
UNION ALL
SELECT 'to_come', count(*), coalesce(sum(gross - fee - arrived), 0)::bigint, NULL, min(last_day)
FROM payments_acquirer_batch
WHERE merchant_id = %(merchant)s AND mode = %(mode)s AND arrived <> gross - fee
UNION ALL
SELECT 'arrived', count(*) FILTER (WHERE arrived <> 0), coalesce(sum(arrived), 0)::bigint, NULL,
    max(arrived_on)
FROM payments_acquirer_batch WHERE merchant_id = %(merchant)s AND mode = %(mode)s
UNION ALL
SELECT 'fees', count(*), coalesce(sum(fee), 0)::bigint, NULL, NULL
FROM payments_acquirer_batch WHERE merchant_id = %(merchant)s AND mode = %(mode)s
UNION ALL
SELECT 'strange', count(*), coalesce(sum(amount), 0)::bigint, NULL, NULL
FROM payments_acquirer_line
WHERE merchant_id = %(merchant)s AND mode = %(mode)s AND state = 'open'
UNION ALL
SELECT 'cash', count(*), coalesce(sum(amount), 0)::bigint, NULL, NULL
FROM payments_external_tender
WHERE merchant_id = %(merchant)s AND mode = %(mode)s AND kind = 'cash' AND sold_at >= %(today)s
"""

UNPAID = """
SELECT tender.sale_id, tender.number, tender.amount, tender.sold_at, tender.reference,
    sale.uuid, store.name
FROM payments_external_tender tender
JOIN trade_sale sale ON sale.id = tender.sale_id
JOIN parties_store store ON store.id = sale.store_id
WHERE tender.merchant_id = %(merchant)s AND tender.mode = %(mode)s AND tender.state = 'open'
    AND (tender.sold_at, tender.sale_id) > (%(at)s, %(after)s)
ORDER BY tender.sold_at, tender.sale_id, tender.number LIMIT %(limit)s
"""


CANDIDATES = """
SELECT line.id, near.sale_id, near.number, near.amount, near.sold_at, near.reference, sale.uuid,
    store.name
FROM payments_acquirer_line line
CROSS JOIN LATERAL (
    SELECT * FROM payments_external_tender tender
    WHERE tender.merchant_id = line.merchant_id AND tender.mode = line.mode
        AND tender.state = 'open' AND tender.amount = line.amount
        AND tender.sold_at >= (line.booked_on - 3)::timestamp AT TIME ZONE %(zone)s
        AND tender.sold_at < (line.booked_on + 4)::timestamp AT TIME ZONE %(zone)s
    ORDER BY tender.sold_at LIMIT 3
) AS near
JOIN trade_sale sale ON sale.id = near.sale_id
JOIN parties_store store ON store.id = sale.store_id
WHERE line.id = ANY(%(lines)s)
ORDER BY line.id, near.sold_at
"""


class AcquirerUnknown(Refusal):
    """The merchant has no such contract, file, line or tender."""

    code = "acquirer_unknown"
    status = 404
    sentence = _("This is not there.")


@dataclass(frozen=True, slots=True)
class CardStep:
    """How much is at one step of a card payment: of how many, since when, up to which day."""

    count: int
    amount: int
    since: datetime | None
    day: date | None


@dataclass(frozen=True, slots=True)
class Cards:
    """Where a merchant's card payments and cash are, as far as they are followed.

    ``sold`` waits for the acquirer's line, ``to_come`` is in its file and ``arrived`` on the
    merchant's bank account, less ``fees``. ``strange`` was paid at a terminal for no sale of ours.
    ``cash`` is today's.
    """

    sold: CardStep
    to_come: CardStep
    arrived: CardStep
    fees: CardStep
    strange: CardStep
    cash: CardStep


@dataclass(frozen=True, slots=True)
class Unpaid:
    """A card payment of a sale that no acquirer has settled."""

    sale_id: int
    number: int
    amount: int
    sold_at: datetime
    reference: str
    uuid: UUID
    store: str


@dataclass(frozen=True, slots=True)
class CardLeg:
    """The road of one card payment: the acquirer's line, its batch, the bank's line."""

    tender: ExternalTender
    batch: AcquirerBatch | None
    arrivals: Sequence[AcquirerArrival]


@dataclass(frozen=True, slots=True)
class Decided:
    """What people decided: tenders they paired or explained, lines and arrivals they explained."""

    tenders: Sequence[ExternalTender]
    lines: Sequence[AcquirerLine]
    arrivals: Sequence[AcquirerArrival]


@transaction_required
def hold_acquirers(merchant_id: int, mode: str) -> Sequence[AcquirerAccount]:
    """Lock a merchant's contracts: one at a time reads its files, matches and decides."""
    accounts = AcquirerAccount.objects.filter(merchant_id=merchant_id, mode=mode)
    return list(accounts.order_by("pk").select_for_update(no_key=True))


def accounts_of(*, merchant_id: int, mode: str) -> Sequence[AcquirerAccount]:
    """Return a merchant's contracts, the first one first."""
    found = AcquirerAccount.objects.filter(merchant_id=merchant_id, mode=mode)
    return list(found.order_by("pk"))


def cards(*, merchant_id: int, mode: str, today: datetime) -> Cards:
    """Count card payments by where they are, and the cash since ``today`` began."""
    rows = call(STEPS, {"merchant": merchant_id, "mode": mode, "today": today})
    return Cards(**{name: CardStep(*step) for name, *step in rows})


def unpaid(
    *, merchant_id: int, mode: str, after: tuple[datetime, int] | None, limit: int
) -> Sequence[Unpaid]:
    """Return the sales that no acquirer has paid out, the oldest first."""
    at, sale_id = after or ("-infinity", 0)
    rows = call(
        UNPAID,
        {"merchant": merchant_id, "mode": mode, "at": at, "after": sale_id, "limit": limit},
    )
    return [Unpaid(*row) for row in rows]


def strange_lines(
    *, merchant_id: int, mode: str, after: int | None, limit: int
) -> Sequence[AcquirerLine]:
    """Return what was paid at a terminal for no sale of ours, in the order of the files."""
    found = AcquirerLine.objects.filter(
        merchant_id=merchant_id, mode=mode, state="open", pk__gt=after or 0
    )
    return list(found.select_related("batch").order_by("pk")[:limit])


def strange_arrivals(*, merchant_id: int, mode: str, limit: int) -> Sequence[AcquirerArrival]:
    """Return what the acquirer paid, by the bank, and no file of it explains."""
    found = AcquirerArrival.objects.filter(merchant_id=merchant_id, mode=mode, state="open")
    return list(found.order_by("pk")[:limit])


def files_of(*, merchant_id: int, mode: str, limit: int) -> Sequence[AcquirerFile]:
    """Return the last files, taken in and refused."""
    found = AcquirerFile.objects.filter(merchant_id=merchant_id, mode=mode).defer("content")
    return list(found.select_related("account").order_by("-pk")[:limit])


def batches_of(*, merchant_id: int, mode: str, limit: int) -> Sequence[AcquirerBatch]:
    """Return the last of what the acquirers pay in one go, the newest first."""
    found = AcquirerBatch.objects.filter(merchant_id=merchant_id, mode=mode)
    return list(found.order_by("-pk")[:limit])


def candidates_of(line_ids: Sequence[int], *, zone: str) -> dict[int, list[Unpaid]]:
    """Return the sales of the same amount, about its day, that each of these lines may be for."""
    found: dict[int, list[Unpaid]] = {}
    for line_id, *row in call(CANDIDATES, {"lines": list(line_ids), "zone": zone}):
        found.setdefault(line_id, []).append(Unpaid(*row))
    return found


def decided(*, merchant_id: int, mode: str, limit: int) -> Decided:
    """Return what people decided, the newest of each kind first."""
    mine = {"merchant_id": merchant_id, "mode": mode, "rule": AcquirerRule.PERSON}
    explained = mine | {"state": SettledState.EXPLAINED}
    tenders = ExternalTender.objects.filter(**mine).select_related("sale__store")
    lines = AcquirerLine.objects.filter(**explained).select_related("batch")
    return Decided(
        tenders=list(tenders.order_by("-sold_at", "-sale_id")[:limit]),
        lines=list(lines.order_by("-pk")[:limit]),
        arrivals=list(AcquirerArrival.objects.filter(**explained).order_by("-pk")[:limit]),
    )


def card_legs(*, merchant_id: int, sale_id: int) -> dict[int, CardLeg]:
    """Return the road of each card payment of a sale, by the number of its tender."""
    tenders = ExternalTender.objects.filter(merchant_id=merchant_id, sale_id=sale_id)
    legs = {}
    for tender in tenders.select_related("line", "line__batch"):
        batch = tender.line.batch if tender.line else None
        arrived = AcquirerArrival.objects.filter(batch=batch) if batch else []
        legs[tender.number] = CardLeg(tender, batch, list(arrived))
    return legs
