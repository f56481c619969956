"""Make the ledger ready: its chart of accounts, and a partition for each month to come."""

from datetime import datetime

from okplatform.kernel.db import call
from payments.chart import CHART, Floor

MONTHS_AHEAD = 3
"""Postings fail in a month without a partition; the task runs each minute: three are ample."""

KINDS = """
INSERT INTO payments_account_kind (kind, owner_type, floor, credit_floor)
SELECT * FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::boolean[])
ON CONFLICT (kind) DO UPDATE SET (owner_type, floor, credit_floor) =
    (EXCLUDED.owner_type, EXCLUDED.floor, EXCLUDED.credit_floor)
WHERE (payments_account_kind.owner_type, payments_account_kind.floor,
       payments_account_kind.credit_floor)
    IS DISTINCT FROM (EXCLUDED.owner_type, EXCLUDED.floor, EXCLUDED.credit_floor)
"""

MONTHS = """
SELECT count(*) FILTER (WHERE ledger_open_month(month::date))
FROM generate_series(date_trunc('month', %(now)s AT TIME ZONE 'UTC'),
                     (%(now)s AT TIME ZONE 'UTC') + make_interval(months => %(ahead)s),
                     interval '1 month') AS month
"""


def is_there() -> bool:
    """Say whether the ledger's functions exist: not halfway through its migrations."""
    return bool(call("SELECT to_regproc('ledger_post_for') IS NOT NULL")[0][0])


def prepare_ledger(*, now: datetime) -> int:
    """Bring the chart into the database and open this month and the next; return how many months.

    Safe to call at any time, by several at once. A transaction is not needed: each statement
    stands for itself. The months are those of PostgreSQL's clock, by which entries are filed.
    """
    call(
        KINDS,
        [
            [line.kind for line in CHART],
            [line.owner.value for line in CHART],
            [0 if line.floor is Floor.ZERO else None for line in CHART],
            [line.floor is Floor.CREDIT for line in CHART],
        ],
    )
    return int(call(MONTHS, {"now": now, "ahead": MONTHS_AHEAD})[0][0])
