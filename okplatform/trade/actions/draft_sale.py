"""Keep what an open sale's till asked and what it was told."""

from collections.abc import Mapping
from typing import Any

import orjson

from okplatform.kernel import db
from okplatform.trade.actions.refusals import SaleNotOpen

SAVE = """
UPDATE trade_sale SET
    revision = %(revision)s, basket_hash = %(basket_hash)s, draft = %(draft)s,
    person_id = %(person_id)s, store_id = %(store_id)s, terminal_id = %(terminal_id)s,
    gross = %(gross)s, discount = %(discount)s, due = %(gross)s - %(discount)s,
    points_earned = %(points_earned)s, operator = %(operator)s, language = %(language)s,
    reference = %(reference)s
WHERE id = %(sale_id)s AND state = 'open'
RETURNING id
"""


@db.transaction_required
def save_draft(
    *,
    sale_id: int,
    revision: int,
    basket_hash: bytes,
    draft: Mapping[str, Any],
    store_id: int,
    terminal_id: int | None,
    person_id: int | None,
    gross: int,
    discount: int,
    points_earned: int,
    operator: str,
    language: str,
    reference: str,
) -> None:
    """Replace the draft of a sale this transaction holds; raises ``SaleNotOpen`` once it has ended.

    ``draft`` is the request and its quote, without facts about the person: those are rendered anew,
    through consent, each time. Whether a revision may follow the last one is the checkout's rule.
    """
    saved = db.call(
        SAVE,
        {
            "sale_id": sale_id,
            "revision": revision,
            "basket_hash": basket_hash,
            "draft": orjson.dumps(draft).decode(),
            "store_id": store_id,
            "terminal_id": terminal_id,
            "person_id": person_id,
            "gross": gross,
            "discount": discount,
            "points_earned": points_earned,
            "operator": operator,
            "language": language,
            "reference": reference,
        },
    )
    if not saved:
        raise SaleNotOpen
