"""What a shopper sees of programmes: cards, what was earned, and today's offers."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from loyalty.queries.lots import FIRST_DAY, LAST_DAY
from okplatform.kernel import db


@dataclass(frozen=True, slots=True)
class Card:
    """A programme as one person reads it; what a member has is None before joining.

    ``points`` can be spent, those of shops that share them too; of who ``keeps_lots`` there may be
    others that wait (``loyalty.queries.lots``). Who stops sharing is ``paused`` for a while.
    """

    programme_id: int
    merchant_id: int
    merchant_reference: str
    merchant_name: str
    currency: str
    name: str
    points_name: str
    milli_points_per_cent: int
    terms: str
    terms_version: int
    member_id: int | None
    joined_at: datetime | None
    points: int | None
    keeps_lots: bool
    pending_days: int
    expiry: str
    expiry_length: int | None
    paused: bool


_CARD = """
SELECT programme.id, programme.merchant_id, merchant.reference, merchant.name, merchant.currency,
    programme.name, programme.points_name ->> %(language)s, programme.milli_points_per_cent,
    programme.terms ->> %(language)s, programme.terms_version, member.id, member.joined_at,
    loyalty_points(member.id, member.programme_id, member.mode)
        + loyalty_points_elsewhere(member.id),
    coalesce(member.keeps_lots, false),
    programme.pending_days, programme.expiry, programme.expiry_length,
    programme.paused_at IS NOT NULL OR EXISTS (
        SELECT FROM loyalty_circle_shop shop
        WHERE shop.merchant_id = programme.merchant_id AND shop.state = 'leaving')
FROM loyalty_programme programme
JOIN parties_merchant merchant ON merchant.id = programme.merchant_id
"""
_HELD = (
    _CARD  # noqa: S608 -- both parts are ours
    + """
JOIN loyalty_member member ON member.programme_id = programme.id
WHERE member.person_id = %(person_id)s AND member.mode = %(mode)s
ORDER BY (SELECT max(earning.earned_at) FROM loyalty_earning earning
          WHERE earning.member_id = member.id) DESC NULLS LAST, member.joined_at DESC
"""
)
# Where the person has shopped comes first; the rest of the country by name.
_OPEN = (
    _CARD  # noqa: S608 -- both parts are ours
    + """
LEFT JOIN loyalty_member member
    ON member.programme_id = programme.id AND member.person_id = %(person_id)s
WHERE member.id IS NULL
ORDER BY merchant.id IN (SELECT sale.merchant_id FROM trade_sale sale
                         WHERE sale.person_id = %(person_id)s) DESC, lower(merchant.name)
LIMIT %(most)s
"""
)
_ONE = (
    _CARD
    + """
LEFT JOIN loyalty_member member
    ON member.programme_id = programme.id AND member.person_id = %(person_id)s
    AND member.mode = %(mode)s
WHERE merchant.reference = %(reference)s
"""
)
_AT = (
    _CARD
    + """
LEFT JOIN loyalty_member member
    ON member.programme_id = programme.id AND member.person_id = %(person_id)s
    AND member.mode = %(mode)s
WHERE programme.merchant_id = ANY(%(merchants)s)
"""
)
MOST_OPEN = 50


def cards_held(*, person_id: int, mode: str, language: str) -> list[Card]:
    """Return the programmes a person is in, the one used last first."""
    params = {"person_id": person_id, "mode": mode, "language": language}
    return [Card(*row) for row in db.call(_HELD, params)]


def cards_open(*, person_id: int, language: str) -> list[Card]:
    """Return programmes a person could join, those where they have shopped first."""
    params = {"person_id": person_id, "language": language, "most": MOST_OPEN}
    return [Card(*row) for row in db.call(_OPEN, params)]


def card(*, person_id: int, mode: str, merchant_reference: str, language: str) -> Card | None:
    """Return a merchant's programme as a person reads it; None where there is none."""
    params = {
        "person_id": person_id,
        "mode": mode,
        "reference": merchant_reference,
        "language": language,
    }
    rows = db.call(_ONE, params)
    return Card(*rows[0]) if rows else None


def cards_at(
    *, person_id: int, mode: str, merchant_ids: Collection[int], language: str
) -> list[Card]:
    """Return the programmes of these merchants as a person reads them, joined or not."""
    params = {
        "person_id": person_id,
        "mode": mode,
        "merchants": list(merchant_ids),
        "language": language,
    }
    return [Card(*row) for row in db.call(_AT, params)]


@dataclass(frozen=True, slots=True)
class EarnedAtSale:
    """What one sale earned, for the member's own eyes; below zero what it took or gave back."""

    earned_at: datetime
    points: int
    paid: int
    store: str
    merchant: str


_EARNINGS = """
SELECT moved.at, moved.points, moved.amount, store.name, merchant.name
FROM (
    (SELECT earning.earned_at AS at, earning.points, sale.due AS amount, sale.store_id
     FROM loyalty_earning earning JOIN trade_sale sale ON sale.id = earning.sale_id
     WHERE earning.member_id = ANY(%(members)s) ORDER BY earning.earned_at DESC LIMIT %(most)s)
    UNION ALL
    (SELECT reversal.reversed_at, -reversal.points, -back.amount, back.store_id
     FROM loyalty_reversal reversal JOIN trade_return back ON back.id = reversal.sale_return_id
     WHERE reversal.member_id = ANY(%(members)s) ORDER BY reversal.reversed_at DESC LIMIT %(most)s)
    UNION ALL
    (SELECT spend.spent_at, spend.given_back - spend.points, sale.due, sale.store_id
     FROM loyalty_spend spend JOIN trade_sale sale ON sale.id = spend.sale_id
     WHERE spend.member_id = ANY(%(members)s) AND spend.given_back < spend.points
     ORDER BY spend.spent_at DESC LIMIT %(most)s)
) AS moved
JOIN parties_store store ON store.id = moved.store_id
JOIN parties_merchant merchant ON merchant.id = store.merchant_id
ORDER BY moved.at DESC LIMIT %(most)s
"""


def latest_earnings(member_ids: Collection[int], *, most: int) -> list[EarnedAtSale]:
    """Return what these members earned, spent and lost again, newest first."""
    rows = db.call(_EARNINGS, {"members": list(member_ids), "most": most})
    return [EarnedAtSale(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class OfferToday:
    """An offer that runs today, in the reader's language."""

    name: str
    members_only: bool
    last_day: date | None


_OFFERS_NOW = """
SELECT offer.name ->> %(language)s, offer.members_only, offer.last_day
FROM loyalty_offer offer JOIN parties_merchant merchant ON merchant.id = offer.merchant_id
CROSS JOIN LATERAL (SELECT (%(now)s AT TIME ZONE merchant.timezone)::date AS day) AS today
WHERE offer.merchant_id = %(merchant_id)s AND offer.state = 'active'
    AND NOT offer.by_code AND offer.kind <> 'stamps'
    AND (NOT offer.assigned OR EXISTS (
        SELECT FROM loyalty_assignment given
        JOIN loyalty_member member ON member.id = given.member_id
        JOIN wallet_consent consent ON consent.person_id = member.person_id
            AND consent.merchant_id = member.merchant_id
            AND consent.purpose = 'offers' AND consent.withdrawn_at IS NULL
        WHERE given.offer_id = offer.id AND given.member_id = %(member_id)s))
    AND coalesce(offer.first_day <= today.day, true) AND coalesce(offer.last_day >= today.day, true)
    AND NOT EXISTS (
        SELECT FROM loyalty_offer_budget budget
        WHERE budget.offer_id = offer.id AND budget.mode = %(mode)s
        HAVING sum(budget.left_amount) = 0 OR sum(budget.left_uses) = 0)
ORDER BY offer.members_only DESC, offer.priority, offer.id
LIMIT %(most)s
"""
MOST_OFFERS = 20


def offers_now(
    *, merchant_id: int, member_id: int | None, mode: str, language: str, now: datetime
) -> list[OfferToday]:
    """Return the offers that run today by the merchant's calendar and have something left.

    Those of everybody, and the personal ones of this member.
    """
    params = {
        "merchant_id": merchant_id,
        "member_id": member_id,
        "mode": mode,
        "language": language,
        "now": now,
        "most": MOST_OFFERS,
    }
    return [OfferToday(*row) for row in db.call(_OFFERS_NOW, params)]


@dataclass(frozen=True, slots=True)
class EarnedNote:
    """What the receipt of a sale says of points.

    ``counts_from`` is the day on which they begin to count, where they waited, and ``last_day`` the
    one on which they end; None also where each purchase puts that off.
    """

    points: int
    balance: int
    near_miss: Mapping[str, Any] | None
    points_name: str
    currency: str
    counts_from: date | None
    last_day: date | None


_EARNED_AT = f"""
SELECT earning.points, earning.balance, earning.near_miss,
    programme.points_name ->> %s, sale.currency, {FIRST_DAY},
    CASE WHEN NOT lot.rolling THEN {LAST_DAY} END
FROM loyalty_earning earning
JOIN loyalty_member member ON member.id = earning.member_id AND member.person_id = %s
JOIN loyalty_programme programme ON programme.id = member.programme_id
JOIN trade_sale sale ON sale.id = earning.sale_id
JOIN parties_store store ON store.id = sale.store_id
JOIN parties_merchant merchant ON merchant.id = earning.merchant_id
LEFT JOIN loyalty_lot lot ON lot.sale_id = earning.sale_id
WHERE earning.sale_id = %s
"""  # noqa: S608 -- all parts are ours


@dataclass(frozen=True, slots=True)
class TakenBackNote:
    """What came back of a sale's points; ``owed`` is what the next points still pay."""

    points: int
    owed: int
    points_name: str


_TAKEN_BACK = """
SELECT sum(reversal.points)::bigint, coalesce(sum(debt.outstanding), 0)::bigint,
    programme.points_name ->> %s
FROM loyalty_reversal reversal
JOIN loyalty_member member ON member.id = reversal.member_id AND member.person_id = %s
JOIN loyalty_programme programme ON programme.id = member.programme_id
LEFT JOIN loyalty_points_debt debt ON debt.reversal_id = reversal.sale_return_id
WHERE reversal.sale_id = %s
GROUP BY programme.id HAVING sum(reversal.points) > 0
"""


def taken_back(*, sale_id: int, person_id: int, language: str) -> TakenBackNote | None:
    """Return the points that this person lost again by what came back of a sale."""
    rows = db.call(_TAKEN_BACK, (language, person_id, sale_id))
    return TakenBackNote(*rows[0]) if rows else None


_OWED = "SELECT coalesce(sum(outstanding), 0) FROM loyalty_points_debt WHERE member_id = %s"


def points_owed(member_id: int) -> int:
    """Return the points that a member's next ones pay: spent before their purchase came back."""
    return int(db.call(_OWED, (member_id,))[0][0])


def earned_at(*, sale_id: int, person_id: int, language: str) -> EarnedNote | None:
    """Return what a sale earned this person; None if it earned somebody else, or nobody."""
    rows = db.call(_EARNED_AT, (language, person_id, sale_id))
    if not rows:
        return None
    points, balance, near_miss, points_name, currency, counts_from, last_day = rows[0]
    return EarnedNote(
        points=points,
        balance=balance,
        near_miss=json.loads(near_miss) if near_miss else None,
        points_name=points_name,
        currency=currency,
        counts_from=counts_from,
        last_day=last_day,
    )
