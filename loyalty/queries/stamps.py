"""The stamp cards of a merchant as a shopper sees them, and what a sale did to them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from loyalty.reversing import StampsUsed
from okplatform.kernel import db
from okplatform.trade.facts import LineStanding


@dataclass(frozen=True, slots=True)
class StampCardNow:
    """A card in the reader's language, with the stamps that count now.

    ``count`` is below zero where goods came back whose stamps were used. ``last_day`` is the last
    one on which the stamps count, None where they stay. ``waiting`` of them are of purchases that
    can still come back where the programme lets points wait: the youngest, as full cards take the
    oldest. They count, and the last of them waits up to and including ``waits_until``.
    """

    name: str
    size: int
    percentage_bp: int
    per_visit: bool
    count: int
    last_day: date | None
    waiting: int
    waits_until: date | None

    @property
    def missing(self) -> int:
        """Return how many more it takes until the next one is free or cheaper."""
        return max(self.size - 1 - self.count, 0)


# By the merchant's calendar here; a sale counts by that of its store.
_CARDS = """
SELECT offer.name ->> %(language)s, offer.pieces, offer.percentage_bp, offer.per_visit,
    CASE WHEN held.last_day < today.day THEN 0 ELSE coalesce(held.count, 0) END,
    CASE WHEN held.last_day >= today.day AND held.count > 0 THEN held.last_day END,
    CASE WHEN held.last_day < today.day THEN 0
        ELSE least(greatest(coalesce(held.count, 0), 0), coalesce(waiting.stamps, 0)) END,
    waiting.until
FROM loyalty_offer offer JOIN parties_merchant merchant ON merchant.id = offer.merchant_id
CROSS JOIN LATERAL (SELECT (%(now)s AT TIME ZONE merchant.timezone)::date AS day) AS today
LEFT JOIN LATERAL (
    SELECT card.count, (card.last_at AT TIME ZONE merchant.timezone)::date + offer.lapse_days
        AS last_day
    FROM loyalty_member_stamps card
    WHERE card.offer_id = offer.id AND card.member_id = %(member_id)s) AS held ON true
LEFT JOIN LATERAL (
    SELECT sum(used.stamps - used.back_stamps)::int AS stamps,
        max((used.used_at AT TIME ZONE merchant.timezone)::date) + programme.pending_days AS until
    FROM loyalty_programme programme
    JOIN loyalty_stamp_use used
        ON used.offer_id = offer.id AND used.member_id = %(member_id)s
        AND used.back_stamps < used.stamps
        AND (used.used_at AT TIME ZONE merchant.timezone)::date + programme.pending_days
            >= today.day
    WHERE programme.merchant_id = offer.merchant_id AND programme.pending_days > 0
    GROUP BY programme.id) AS waiting ON true
WHERE offer.merchant_id = %(merchant_id)s AND offer.kind = 'stamps' AND offer.state = 'active'
    AND coalesce(offer.first_day <= today.day, true) AND coalesce(offer.last_day >= today.day, true)
ORDER BY coalesce(held.count, 0)::float / offer.pieces DESC, offer.priority, offer.id
"""


def stamp_cards(
    *, merchant_id: int, member_id: int | None, language: str, now: datetime
) -> list[StampCardNow]:
    """Return the cards that run today, the fullest first; without a member they are empty."""
    params = {
        "merchant_id": merchant_id,
        "member_id": member_id,
        "language": language,
        "now": now,
    }
    return [StampCardNow(*row) for row in db.call(_CARDS, params)]


@dataclass(frozen=True, slots=True)
class StampedAtSale:
    """What a sale did to a card, and how many stamps were on it right after.

    ``back`` of its stamps went with what came back.
    """

    name: str
    size: int
    percentage_bp: int
    stamps: int
    rewards: int
    back: int
    count: int


# What the card held right after is what all sales until then put on it; returns are later.
_STAMPED = """
SELECT offer.name ->> %(language)s, used.size, offer.percentage_bp, used.stamps, used.rewards,
    used.back_stamps, (
    SELECT sum(one.stamps - one.lapsed - one.size * one.rewards) FROM loyalty_stamp_use one
    WHERE one.member_id = used.member_id AND one.offer_id = used.offer_id
        AND (one.used_at, one.sale_id) <= (used.used_at, used.sale_id))::int
FROM loyalty_stamp_use used
JOIN loyalty_member member ON member.id = used.member_id AND member.person_id = %(person_id)s
JOIN loyalty_offer offer ON offer.id = used.offer_id
WHERE used.sale_id = %(sale_id)s
ORDER BY offer.priority, offer.id
"""


def stamped_at(*, sale_id: int, person_id: int, language: str) -> list[StampedAtSale]:
    """Return what a sale did to this person's stamp cards."""
    params = {"sale_id": sale_id, "person_id": person_id, "language": language}
    return [StampedAtSale(*row) for row in db.call(_STAMPED, params)]


_FIGURES = """
SELECT count(*) FILTER (WHERE held.count > 0), coalesce((
    SELECT sum(used.rewards - used.back_rewards) FROM loyalty_stamp_use used
    WHERE used.offer_id = %(offer)s AND used.merchant_id = %(merchant)s AND used.mode = 'live'), 0)
FROM loyalty_member_stamps held
WHERE held.offer_id = %(offer)s AND held.merchant_id = %(merchant)s AND held.mode = 'live'
"""


@dataclass(frozen=True, slots=True)
class StampFigures:
    """How many members have stamps on a card, and how many pieces were free or cheaper."""

    cards: int
    given: int


def stamp_figures(*, merchant_id: int, offer_id: int) -> StampFigures:
    """Return what came of a card so far, in live mode."""
    rows = db.call(_FIGURES, {"merchant": merchant_id, "offer": offer_id})
    return StampFigures(*rows[0])


_USED = """
SELECT used.offer_id, used.stamps, used.lines FROM loyalty_stamp_use used WHERE used.sale_id = %s
ORDER BY used.offer_id
"""


def stamps_used(sale_id: int, lines: Sequence[LineStanding]) -> list[StampsUsed]:
    """Return what a sale did to stamp cards, where a line of it was free; else nobody asks."""
    if all(line.paid for line in lines):
        return []
    return [(card, stamps, json.loads(on)) for card, stamps, on in db.call(_USED, [sale_id])]
