"""Shops that share points: who they are, and what two of them owe each other."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from loyalty.models import ShopState
from okplatform.kernel import db

MOST_LINES = 600


@dataclass(frozen=True, slots=True)
class ShopNow:
    """A merchant in a circle, as everybody may know it."""

    id: int
    merchant_id: int
    reference: str
    name: str
    state: str
    ends_at: datetime | None

    @property
    def takes_part(self) -> bool:
        """Say whether its points count at the others."""
        return self.state in {ShopState.IN, ShopState.LEAVING}


@dataclass(frozen=True, slots=True)
class CircleNow:
    """A circle with its shops, by name: ``amount`` minor units are owed for ``points``."""

    id: int
    name: str
    founder_id: int
    founder: str
    points: int
    amount: int
    shops: Sequence[ShopNow]

    def shop_of(self, merchant_id: int) -> ShopNow | None:
        """Return where a merchant stands in it."""
        return next((one for one in self.shops if one.merchant_id == merchant_id), None)

    def others(self, merchant_id: int) -> Sequence[ShopNow]:
        """Return the other shops at which its points count."""
        return [one for one in self.shops if one.takes_part and one.merchant_id != merchant_id]


_CIRCLES = """
SELECT circle.id, circle.name, circle.merchant_id, founder.name, circle.points, circle.amount
FROM loyalty_circle_shop shop
JOIN loyalty_circle circle ON circle.id = shop.circle_id
JOIN parties_merchant founder ON founder.id = circle.merchant_id
WHERE shop.merchant_id = ANY(%s) AND shop.state = ANY(%s)
GROUP BY circle.id, founder.id ORDER BY circle.id
"""
_COLUMNS = ("id", "name", "founder_id", "founder", "points", "amount")
_SHOPS = """
SELECT shop.circle_id, shop.id, shop.merchant_id, merchant.reference, merchant.name, shop.state,
    shop.ends_at
FROM loyalty_circle_shop shop JOIN parties_merchant merchant ON merchant.id = shop.merchant_id
WHERE shop.circle_id = ANY(%s) AND shop.state <> 'out'
ORDER BY lower(merchant.name), merchant.id
"""


def circles_of(merchant_ids: Collection[int]) -> Mapping[int, CircleNow]:
    """Return the circles in which these merchants take part, by merchant."""
    found = _found(merchant_ids, [ShopState.IN, ShopState.LEAVING])
    asked = set(merchant_ids)
    return {
        shop.merchant_id: circle
        for circle in found
        for shop in circle.shops
        if shop.takes_part and shop.merchant_id in asked
    }


def invitations_of(merchant_id: int) -> list[CircleNow]:
    """Return the circles to which a merchant is invited."""
    return _found([merchant_id], [ShopState.INVITED])


def _found(merchant_ids: Collection[int], states: Sequence[ShopState]) -> list[CircleNow]:
    rows = db.call(_CIRCLES, (list(merchant_ids), [state.value for state in states]))
    if not rows:
        return []
    shops: dict[int, list[ShopNow]] = {}
    for circle_id, *shop in db.call(_SHOPS, ([row[0] for row in rows],)):
        shops.setdefault(circle_id, []).append(ShopNow(*shop))
    return [CircleNow(**dict(zip(_COLUMNS, row, strict=True)), shops=shops[row[0]]) for row in rows]


@dataclass(frozen=True, slots=True)
class Between:
    """What one month brought between a merchant and another shop, less what came back in it.

    ``given`` are the merchant's own points that were spent there, for which it ``owes``; ``taken``
    the other's that were spent here, for which it is ``owed``; in minor units.
    """

    month: date
    shop: str
    given: int
    owes: int
    taken: int
    owed: int

    @property
    def net(self) -> int:
        """Return what the other shop owes; below zero what it is owed."""
        return self.owed - self.owes


_BETWEEN = """
WITH booked AS (
    SELECT draw.other, draw.is_given, posting.booked_at,
        -sum(entry.amount) FILTER (
            WHERE account.kind = 'member_points' AND account.owner_id = draw.giver_id) AS points,
        sum(entry.amount) FILTER (
            WHERE account.kind = 'circle_settlement' AND account.owner_id = %(merchant)s) AS amount
    FROM (
        SELECT *, giver_merchant_id = %(merchant)s AS is_given,
            CASE giver_merchant_id WHEN %(merchant)s THEN merchant_id
                ELSE giver_merchant_id END AS other
        FROM loyalty_points_draw
        WHERE mode = %(mode)s AND %(merchant)s IN (merchant_id, giver_merchant_id)
    ) AS draw
    CROSS JOIN generate_series(0, draw.steps) AS step
    JOIN payments_posting posting ON posting.mode = %(mode)s
        AND posting.kind = CASE step WHEN 0 THEN 'points_drawn' ELSE 'points_drawn_back' END
        AND posting.reference = draw.sale_id || '-' || draw.giver_id
            || CASE step WHEN 0 THEN '' ELSE '-' || step END
    JOIN payments_entry entry ON entry.posting_id = posting.id
    JOIN payments_account account ON account.id = entry.account_id
    GROUP BY draw.other, draw.is_given, posting.id, posting.booked_at
)
SELECT date_trunc('month', booked.booked_at AT TIME ZONE mine.timezone)::date AS month, other.name,
    coalesce(sum(booked.points) FILTER (WHERE booked.is_given), 0)::bigint,
    -coalesce(sum(booked.amount) FILTER (WHERE booked.is_given), 0)::bigint,
    coalesce(sum(booked.points) FILTER (WHERE NOT booked.is_given), 0)::bigint,
    coalesce(sum(booked.amount) FILTER (WHERE NOT booked.is_given), 0)::bigint
FROM booked
JOIN parties_merchant mine ON mine.id = %(merchant)s
JOIN parties_merchant other ON other.id = booked.other
GROUP BY month, other.id ORDER BY month DESC, lower(other.name), other.id LIMIT %(most)s
"""


def between_shops(merchant_id: int, *, mode: str) -> list[Between]:
    """Return what a merchant and each other shop brought each other, the newest month first.

    Nothing of what others have between themselves, and nobody's purchases.
    """
    asked = {"merchant": merchant_id, "mode": mode, "most": MOST_LINES}
    return [Between(*row) for row in db.call(_BETWEEN, asked)]


@dataclass(frozen=True, slots=True)
class Shares:
    """What a merchant's own points did: issued by its sales, and spent, at home or elsewhere."""

    issued: int
    spent_here: int
    spent_elsewhere: int
    taken: int
    net: int

    @property
    def owes(self) -> int:
        """Return what it owes all others together, where that is more than they owe it."""
        return max(-self.net, 0)


_SHARES = """
SELECT coalesce((SELECT sum(points) FROM loyalty_earning
        WHERE merchant_id = %(merchant)s AND mode = %(mode)s), 0)::bigint
    - coalesce((SELECT sum(points) FROM loyalty_reversal
        WHERE merchant_id = %(merchant)s AND mode = %(mode)s), 0)::bigint,
    coalesce((SELECT sum(points - given_back) FROM loyalty_spend
        WHERE merchant_id = %(merchant)s AND mode = %(mode)s), 0)::bigint,
    coalesce((SELECT sum(points - back) FROM loyalty_points_draw
        WHERE giver_merchant_id = %(merchant)s AND mode = %(mode)s), 0)::bigint,
    coalesce((SELECT sum(points - back) FROM loyalty_points_draw
        WHERE merchant_id = %(merchant)s AND mode = %(mode)s), 0)::bigint,
    ledger_balance_for('circle_settlement', %(merchant)s, 'EUR', %(mode)s)
"""


def shares_of(merchant_id: int, *, mode: str) -> Shares:
    """Return what a merchant's points came to so far, and what all others owe it."""
    issued, spent, elsewhere, taken, net = db.call(
        _SHARES, {"merchant": merchant_id, "mode": mode}
    )[0]
    return Shares(issued, spent - taken, elsewhere, taken, net)
