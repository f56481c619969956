"""Open a sale, or take hold of it: the first word of every call about one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from okplatform.kernel import db, tracing
from okplatform.trade.facts import SaleKey

OPEN = """
INSERT INTO trade_sale (
    merchant_id, mode, uuid, store_id, terminal_id, person_id, revision, state, currency, gross,
    discount, due, points_earned, basket_hash, draft, operator, language, reference, opened_at,
    trace_id)
VALUES (
    %(merchant_id)s, %(mode)s, %(uuid)s, %(store_id)s, %(terminal_id)s, NULL, 0, 'open',
    %(currency)s, 0, 0, 0, 0, '', '{}', '', %(language)s, '', %(now)s, %(trace_id)s)
ON CONFLICT (merchant_id, mode, uuid) DO NOTHING
RETURNING id
"""

LOCK = """
SELECT id, state, revision, store_id, terminal_id, person_id, due, points_earned, basket_hash, draft
FROM trade_sale
WHERE merchant_id = %s AND mode = %s AND uuid = %s
FOR UPDATE
"""


TAKE_ID = "SELECT nextval('trade_sale_id_seq')"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldSale:
    """A sale whose row this transaction has locked; ``is_new``: it did not exist before."""

    id: int
    is_new: bool
    state: str
    store_id: int | None
    terminal_id: int | None
    revision: int = 0
    person_id: int | None = None
    due: int = 0
    points_earned: int = 0
    basket_hash: bytes = b""
    draft: Mapping[str, Any] = field(default_factory=dict)


def take_sale_id() -> int:
    """Take an id for a sale that is to be written in one go; one that is not used is lost."""
    return int(db.call(TAKE_ID)[0][0])


@db.transaction_required
def open_or_lock(
    *,
    key: SaleKey,
    store_id: int,
    terminal_id: int | None,
    currency: str,
    language: str,
    now: datetime,
) -> HeldSale:
    """Open the sale, or lock it if it exists; whoever calls at the same moment waits here.

    An open sale is a draft and no fact yet, so nothing is audited or published: closing and
    cancelling are.
    """
    opened = db.call(
        OPEN,
        {
            "merchant_id": key.merchant_id,
            "mode": key.mode,
            "uuid": key.uuid,
            "store_id": store_id,
            "terminal_id": terminal_id,
            "currency": currency,
            "language": language,
            "now": now,
            "trace_id": tracing.current_trace_id(),
        },
    )
    if opened:
        return HeldSale(
            id=opened[0][0], is_new=True, state="open", store_id=store_id, terminal_id=terminal_id
        )
    held = lock(key=key)
    if held is None:
        message = f"Sale {key.uuid} exists and cannot be found."
        raise RuntimeError(message)
    return held


@db.transaction_required
def lock(*, key: SaleKey) -> HeldSale | None:
    """Lock a sale that should exist; None if it does not."""
    rows = db.call(LOCK, (key.merchant_id, key.mode, key.uuid))
    if not rows:
        return None
    (row,) = rows
    return HeldSale(
        id=row[0],
        is_new=False,
        state=row[1],
        revision=row[2],
        store_id=row[3],
        terminal_id=row[4],
        person_id=row[5],
        due=row[6],
        points_earned=row[7],
        basket_hash=bytes(row[8]),
        draft=orjson.loads(row[9]),
    )
