"""A merchant's own entries of the ledger, one after another, none left out (ADR 0007's order).

Entries are read in the order of their transactions, and only of those before which none is still
running (the watermark of ``ledger_fold``). Ids cannot do this: they are given out before commit,
so a reader that has seen 8 may never see 7.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.db import call
from okplatform.kernel.errors import Refusal

CURSOR = re.compile(r"(?P<xid>[0-9]{1,20})-(?P<posting>[0-9]{1,18})-(?P<number>[0-9]{1,4})")
START = "0-0-0"
LARGEST_XID = 2**64 - 1


class CursorUnknown(Refusal):
    """It is no cursor of ours."""

    code = "cursor_unknown"
    status = 422
    sentence = _("This cursor is not one that we gave. Send back `next` as it came.")


class CursorOutdated(Refusal):
    """The books moved to another server: its transactions are numbered anew."""

    code = "cursor_outdated"
    status = 410
    sentence = _("The ledger was restored since. Read it from the start again, without a cursor.")


AHEAD = "SELECT %s::xid8 > pg_snapshot_xmax(pg_current_snapshot())"

# A reference is a number only for the kinds that say so.
ENTRIES = """
WITH line AS (
    SELECT line.xid, line.posting_id, line.number, line.amount, line.recorded_at,
        account.kind AS account, account.asset
    FROM payments_account account JOIN payments_entry line ON line.account_id = account.id
    WHERE account.owner_type = 'merchant' AND account.owner_id = %(merchant)s
        AND account.mode = %(mode)s
        -- Each would tell when somebody bought at another shop: its page adds them up by month.
        AND account.kind <> 'circle_settlement'
        AND line.xid >= %(xid)s::xid8 AND line.xid < pg_snapshot_xmin(pg_current_snapshot())
        AND (line.xid, line.posting_id, line.number)
            > (%(xid)s::xid8, %(posting)s::bigint, %(number)s::smallint)
    ORDER BY line.xid, line.posting_id, line.number LIMIT %(most)s
), booked AS (
    SELECT line.*, posting.kind, posting.booked_at,
        payments_sale_of(posting.kind, posting.reference) AS sale_id,
        CASE WHEN posting.kind IN ('payout_ordered', 'payout_returned',
            'invoice_issued', 'invoice_credited') THEN posting.reference::bigint END AS subject
    FROM line JOIN payments_posting posting ON posting.id = line.posting_id
)
SELECT booked.xid::text || '-' || booked.posting_id || '-' || booked.number, booked.posting_id,
    booked.account, booked.kind, booked.amount, booked.asset, booked.booked_at,
    booked.recorded_at, sale.uuid, payout.end_to_end_id, invoice.number
FROM booked
LEFT JOIN trade_sale sale ON sale.id = booked.sale_id
LEFT JOIN payments_payout payout
    ON booked.kind IN ('payout_ordered', 'payout_returned') AND payout.id = booked.subject
LEFT JOIN payments_invoice invoice
    ON booked.kind IN ('invoice_issued', 'invoice_credited') AND invoice.id = booked.subject
ORDER BY booked.xid, booked.posting_id, booked.number
"""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry; ``cursor`` is where the feed goes on behind it. Amounts in minor units."""

    cursor: str
    posting_id: int
    account: str
    kind: str
    amount: int
    asset: str
    booked_at: datetime
    recorded_at: datetime
    sale: UUID | None
    payout: str | None
    invoice: str | None


def entries_after(cursor: str, *, merchant_id: int, mode: str, most: int) -> list[FeedEntry]:
    """Return at most so many entries of a merchant's accounts behind a cursor, oldest first.

    What a transaction wrote appears as soon as none that began before it is still running. An
    empty cursor is the start. Raises ``CursorUnknown`` or ``CursorOutdated``.
    """
    found = CURSOR.fullmatch(cursor or START)
    if found is None or int(found["xid"]) > LARGEST_XID:
        raise CursorUnknown
    if call(AHEAD, [found["xid"]])[0][0]:
        raise CursorOutdated
    asked = {**found.groupdict(), "merchant": merchant_id, "mode": mode, "most": most}
    return [FeedEntry(*row) for row in call(ENTRIES, asked)]
