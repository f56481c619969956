"""Where a merchant's money is: how much at each step, and the road of one sale to the bank's line.

Reads, for the merchant whose scope is open. Amounts in minor units.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from uuid import UUID

from okplatform.kernel.db import call
from okplatform.trade.models import Sale, SaleState
from payments.chart import (
    EUR,
    MERCHANT_PAYABLE,
)
from payments.postings import (
    PAYOUT_RETURNED,
)

AMOUNT = re.compile(r"€?\s*([0-9]{1,9})[.,]([0-9]{2})")
BEGINNING = re.compile(r"[0-9a-f]{4,32}")
LONGEST_ROAD = 20
"""Payouts that one sale's money went through, each of which came back but the last."""

# One statement, so one snapshot: what is owed and what waits are of the same moment.
STEPS = """
SELECT 'owed', 0, ledger_balance_for(%(payable)s, %(merchant)s, %(currency)s, %(mode)s),
    NULL::timestamptz, NULL::date
UNION ALL
SELECT 'waiting', count(*), coalesce(sum(amount), 0)::bigint, min(booked_at), NULL
FROM payments_payout_item
WHERE merchant_id = %(merchant)s AND mode = %(mode)s AND payout_id IS NULL
UNION ALL
SELECT CASE file.state WHEN 'sent' THEN 'at_bank' ELSE 'ordered' END, count(*),
    sum(payout.amount)::bigint, min(payout.ordered_at), NULL
FROM payments_payout payout JOIN payments_outgoing_file file ON file.id = payout.outgoing_file_id
WHERE payout.merchant_id = %(merchant)s AND payout.mode = %(mode)s AND payout.state = 'ordered'
GROUP BY 1
UNION ALL
SELECT 'in_doubt', count(*), coalesce(sum(amount), 0)::bigint, min(ordered_at), NULL
FROM payments_payout
WHERE merchant_id = %(merchant)s AND mode = %(mode)s AND state = 'unknown'
UNION ALL
SELECT 'paid', count(*), coalesce(sum(amount), 0)::bigint, NULL, max(paid_on)
FROM payments_payout
WHERE merchant_id = %(merchant)s AND mode = %(mode)s AND state = 'paid'
"""

_ITEM = """
SELECT item.amount, item.booked_at, item.posting_id, posting.kind, posting.reference, sale.uuid,
    coalesce(store.name, '')
FROM payments_payout_item item
JOIN payments_posting posting ON posting.id = item.posting_id
LEFT JOIN trade_sale sale ON sale.id = payments_sale_of(posting.kind, posting.reference)
LEFT JOIN parties_store store ON store.id = sale.store_id
WHERE item.merchant_id = %(merchant)s AND item.mode = %(mode)s AND {which}
    AND (item.booked_at, item.posting_id) > (%(at)s, %(posting)s)
ORDER BY item.booked_at, item.posting_id LIMIT %(limit)s
"""
WAITING = _ITEM.format(which="item.payout_id IS NULL")
OF_PAYOUT = _ITEM.format(which="item.payout_id = %(payout)s")

PARTS = """
SELECT posting.kind, count(*), sum(item.amount)::bigint
FROM payments_payout_item item JOIN payments_posting posting ON posting.id = item.posting_id
WHERE item.merchant_id = %(merchant)s AND item.payout_id = %(payout)s
GROUP BY posting.kind
ORDER BY posting.kind NOT IN ('sale_paid', 'part_captured'), posting.kind DESC
"""

PURCHASES = """
SELECT posting.kind, posting.reference FROM payments_purchases_of(%s, %s) AS bought
JOIN payments_posting posting ON posting.id = bought.posting_id ORDER BY posting.id
"""

# From a booking to the bank's line: each step is there, or not yet.
LEG = """
SELECT posting.kind, posting.booked_at, item.amount, item.posting_id IS NOT NULL, payout.id,
    payout.amount, payout.ordered_at, payout.iban, payout.end_to_end_id, file.name, file.sent_at,
    entry.booked_on, statement.number, payout.doubted_on, payout.returned_on, payout.reason
FROM payments_posting posting
LEFT JOIN payments_payout_item item
    ON item.posting_id = posting.id AND item.merchant_id = %(merchant)s
LEFT JOIN payments_payout payout ON payout.id = item.payout_id
LEFT JOIN payments_outgoing_file file ON file.id = payout.outgoing_file_id
LEFT JOIN payments_expectation expectation
    ON (expectation.end_to_end_id, expectation.mode) = (payout.end_to_end_id, payout.mode)
LEFT JOIN LATERAL (
    SELECT entry_id FROM payments_match
    WHERE expectation_id = expectation.id AND NOT is_return ORDER BY entry_id DESC LIMIT 1
) AS came ON true
LEFT JOIN payments_bank_entry entry ON entry.id = came.entry_id
LEFT JOIN payments_bank_statement statement ON statement.id = entry.statement_id
WHERE posting.reference = %(reference)s AND posting.kind = %(kind)s AND posting.mode = %(mode)s
"""


@dataclass(frozen=True, slots=True)
class Step:
    """How much is at one step: of how many, the oldest since when, the last on which day."""

    count: int = 0
    amount: int = 0
    since: datetime | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """All of a merchant's money at OK, and what of it went to its bank.

    ``owed`` is the ledger's balance: what OK still keeps. ``waiting`` is what the next payouts are
    made of; ``ordered`` payouts are not with the bank yet, those ``at_bank`` are; on those
    ``in_doubt`` the bank timed out, and its statement will tell; ``paid`` ones have their line.
    """

    owed: int
    waiting: Step
    ordered: Step
    at_bank: Step
    in_doubt: Step
    paid: Step

    @property
    def fresh(self) -> int:
        """Return what was booked so lately that it is in no queue yet."""
        return self.owed - self.waiting.amount

    @property
    def under_way(self) -> int:
        """Return what OK has ordered, and the bank has not confirmed."""
        return self.ordered.amount + self.at_bank.amount + self.in_doubt.amount

    @property
    def to_come(self) -> int:
        """Return what is the merchant's, and not on its bank account yet."""
        return self.owed + self.under_way

    @property
    def total(self) -> int:
        """Return everything that was ever booked for the merchant."""
        return self.owed + self.under_way + self.paid.amount


@dataclass(frozen=True, slots=True)
class Item:
    """A booking that waits for a payout, or is in one; ``uuid`` and ``store`` of a sale."""

    amount: int
    booked_at: datetime
    posting_id: int
    kind: str
    reference: str
    uuid: UUID | None
    store: str


@dataclass(frozen=True, slots=True)
class Part:
    """What a payout has of one kind of booking."""

    kind: str
    count: int
    amount: int


@dataclass(frozen=True, slots=True)
class Leg:
    """The road of a booking through one payout; None and empty is: not yet.

    ``kind`` is the booking's. ``is_counted`` once it waits for a payout or is in one. ``paid_on``
    and ``statement`` are of the bank's own line; ``doubted_on`` is when the bank timed out.
    """

    kind: str
    booked_at: datetime
    amount: int | None
    is_counted: bool
    payout_id: int | None
    payout_amount: int | None
    ordered_at: datetime | None
    iban: str | None
    end_to_end_id: str | None
    file_name: str | None
    sent_at: datetime | None
    paid_on: date | None
    statement: str | None
    doubted_on: date | None
    returned_on: date | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of items begins: after this one, by when it was booked."""

    booked_at: datetime
    posting_id: int


def whereabouts(*, merchant_id: int, mode: str) -> Whereabouts:
    """Count a merchant's money by where it is, all at one moment."""
    steps = {
        name: Step(count, amount, since, last_day)
        for name, count, amount, since, last_day in call(
            STEPS,
            {
                "payable": MERCHANT_PAYABLE.kind,
                "merchant": merchant_id,
                "currency": EUR,
                "mode": mode,
            },
        )
    }
    return Whereabouts(
        owed=steps["owed"].amount,
        waiting=steps["waiting"],
        ordered=steps.get("ordered", Step()),
        at_bank=steps.get("at_bank", Step()),
        in_doubt=steps["in_doubt"],
        paid=steps["paid"],
    )


def waiting_items(
    *, merchant_id: int, mode: str, after: Place | None, limit: int
) -> Sequence[Item]:
    """Return what waits for a payout, the oldest first."""
    return _items(WAITING, merchant_id, mode, after, limit, payout_id=None)


def items_of(
    *, merchant_id: int, mode: str, payout_id: int, after: Place | None, limit: int
) -> Sequence[Item]:
    """Return what a payout of this merchant is made of, the oldest first."""
    return _items(OF_PAYOUT, merchant_id, mode, after, limit, payout_id=payout_id)


def _items(
    sql: str, merchant_id: int, mode: str, after: Place | None, limit: int, *, payout_id: int | None
) -> Sequence[Item]:
    rows = call(
        sql,
        {
            "merchant": merchant_id,
            "mode": mode,
            "payout": payout_id,
            "at": after.booked_at if after else "-infinity",
            "posting": after.posting_id if after else 0,
            "limit": limit,
        },
    )
    return [Item(*row) for row in rows]


def parts_of(*, merchant_id: int, payout_id: int) -> Sequence[Part]:
    """Return what a payout is made of by kind of booking; they add up to it."""
    rows = call(PARTS, {"merchant": merchant_id, "payout": payout_id})
    return [Part(*row) for row in rows]


def roads(*, merchant_id: int, mode: str, sale_id: int) -> Sequence[Sequence[Leg]]:
    """Return the road of what was paid with OK for a sale, or of each part that was captured.

    None if nothing was. A payout that came back is booked again: its money goes a second leg.
    """
    purchases = call(PURCHASES, [sale_id, mode])
    return [list(_legs(merchant_id, mode, kind, reference)) for kind, reference in purchases]


def _legs(merchant_id: int, mode: str, kind: str, reference: str) -> Iterator[Leg]:
    for _payout in range(LONGEST_ROAD):
        names = {"merchant": merchant_id, "mode": mode, "kind": kind, "reference": reference}
        rows = call(LEG, names)
        if not rows:
            return
        leg = Leg(*rows[0])
        yield leg
        if leg.returned_on is None:
            return
        kind, reference = PAYOUT_RETURNED, str(leg.payout_id)


def find_sales(*, mode: str, text: str, day: date, zone: tzinfo, limit: int) -> Sequence[Sale]:
    """Return the closed sales that a text may mean, the newest first.

    The first characters of a sale's number find it on any day, an amount ("18,40") among those of
    the day, and no text at all finds those of the day.
    """
    closed = Sale.objects.filter(mode=mode, state=SaleState.CLOSED).select_related("store")
    begins = datetime.combine(day, datetime.min.time(), zone)
    of_day = closed.filter(closed_at__gte=begins, closed_at__lt=begins + timedelta(days=1))
    wanted = text.strip().lower()
    if amount := AMOUNT.fullmatch(wanted):
        found = of_day.filter(due=int(amount[1]) * 100 + int(amount[2]))
    elif numbers := _numbers(wanted):
        found = closed.filter(uuid__range=numbers)
    else:
        found = closed.none() if wanted else of_day
    return list(found.defer("draft", "basket_hash").order_by("-closed_at", "-id")[:limit])


def _numbers(start: str) -> tuple[UUID, UUID] | None:
    """Return the first and the last UUID that begin like this; None for what is no beginning."""
    digits = start.replace("-", "")
    if not BEGINNING.fullmatch(digits):
        return None
    return UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))
