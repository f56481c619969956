"""Where a member stands, and how members stand in a programme's tiers."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from loyalty.models import TierBasis
from loyalty.tiers import ladder_of
from okplatform.kernel import db


@dataclass(frozen=True, slots=True)
class TierNow:
    """A member's tier in the reader's language, and the next one; empty where there is none.

    ``missing`` is what the next one takes still, in whole points, or minor units where it is of
    ``money``; ``amount`` of ``threshold`` is there. ``last_day`` is the last one of the tier if
    nothing more is earned.
    """

    name: str
    next_name: str
    money: bool
    amount: int
    threshold: int
    missing: int
    last_day: date | None


_STANDS = """
SELECT stands.tier, coalesce(stands.amount, 0), stands.review_on - 1,
    jsonb_build_object('tiers', programme.tiers, 'tier_period', programme.tier_period,
        'tier_basis', programme.tier_basis, 'tier_grace_days', programme.tier_grace_days)
FROM loyalty_member member JOIN loyalty_programme programme ON programme.id = member.programme_id
LEFT JOIN loyalty_member_tier stands ON stands.member_id = member.id
WHERE member.id = %s AND programme.tiers <> '[]'
"""


def tier_of(*, member_id: int, language: str) -> TierNow | None:
    """Return where a member stands; None where the programme has no tiers."""
    rows = db.call(_STANDS, (member_id,))
    if not rows:
        return None
    key, amount, last_day, columns = rows[0]
    ladder = ladder_of(json.loads(columns))
    mine = next((tier for tier in ladder.tiers if tier.key == key), None)
    above = [one for one in ladder.tiers if mine is None or one.threshold > mine.threshold]
    goal = above[0] if above else None
    return TierNow(
        name=mine.name._asdict()[language] if mine else "",
        next_name=goal.name._asdict()[language] if goal else "",
        money=ladder.basis == TierBasis.SPEND,
        amount=amount // ladder.scale,
        threshold=goal.threshold if goal else 0,
        missing=max(goal.threshold - amount // ladder.scale, 0) if goal else 0,
        last_day=last_day if mine else None,
    )


_HOW_MANY = """
SELECT stands.tier, count(*) FROM loyalty_member_tier stands
WHERE stands.merchant_id = %s AND stands.mode = 'live' GROUP BY stands.tier
"""


def members_by_tier(merchant_id: int) -> dict[int | None, int]:
    """Return how many members stand where, by the tier's key; None are those in no tier."""
    return dict(db.call(_HOW_MANY, (merchant_id,)))


_BEST = """
SELECT max(earned.amount) FROM (
    SELECT sum(CASE %(basis)s WHEN 'points' THEN earning.points ELSE sale.due END) AS amount
    FROM loyalty_earning earning JOIN trade_sale sale ON sale.id = earning.sale_id
    WHERE earning.merchant_id = %(merchant)s AND earning.mode = 'live'
        AND earning.earned_at > %(since)s
    GROUP BY earning.member_id
) AS earned
"""


def best_since(*, merchant_id: int, basis: str, since: datetime) -> int | None:
    """Return the most that a member earned, or spent, since then; None: nobody bought."""
    rows: list[tuple[Any]] = db.call(
        _BEST, {"merchant": merchant_id, "basis": basis, "since": since}
    )
    return int(rows[0][0]) if rows[0][0] is not None else None
