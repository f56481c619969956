"""What the engine needs: the rules, and what stands beside them for one sale."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from loyalty.coupons import NOTHING_OWN, Own, own_of
from loyalty.engine import Left, MemberSnapshot
from okplatform.kernel import db

SNAPSHOT = """
SELECT version, newest_category, member_id, points, carry, joined_at, left_of
FROM loyalty_snapshot(%s, %s, %s, %s::bigint[])
"""

OWN = """
    loyalty_own(%s, %s, %s, %s, %s, %s) || loyalty_got(%s, %s, %s, %s::bigint[])
    || loyalty_assigned(%s, %s, %s, %s::bigint[]) || loyalty_wanted(%s, %s, %s, %s)
    || loyalty_standing(%s, %s, %s, %s)
"""
"""What only this shopper has; a part of the statement that asks for the snapshot."""

SNAPSHOT_AND_OWN = f"""
SELECT version, newest_category, member_id, points, carry, joined_at, left_of, {OWN}
FROM loyalty_snapshot(%s, %s, %s, %s::bigint[])
"""  # noqa: S608 -- both parts are ours

SNAPSHOT_AND_SHARED = SNAPSHOT_AND_OWN.replace("FROM", "|| loyalty_shared(%s, %s, %s) FROM")
"""The same at a merchant that shares points: what those of other shops come to."""

# One statement, so one moment: no rule of another version slips in.
RULES = """
SELECT book.version,
    (SELECT max(category.id) FROM trade_category category
        WHERE category.merchant_id = book.merchant_id),
    (SELECT to_jsonb(programme) || (SELECT jsonb_build_object(
            'shares', count(*) > 0,
            -- Who leaves a circle stops earning at once, until its notice is over.
            'paused_at', coalesce(
                programme.paused_at, max(shop.ends_at) FILTER (WHERE shop.state = 'leaving')))
        FROM loyalty_circle_shop shop
        WHERE shop.merchant_id = book.merchant_id AND shop.state IN ('in', 'leaving'))
        FROM loyalty_programme programme WHERE programme.merchant_id = book.merchant_id),
    (SELECT to_jsonb(spending) FROM loyalty_spending spending
        WHERE spending.merchant_id = book.merchant_id AND spending.is_on),
    (SELECT jsonb_agg(to_jsonb(reward)) FROM loyalty_reward reward
        WHERE reward.merchant_id = book.merchant_id AND reward.state = 'active'
            AND reward.kind NOT IN ('donation', 'gift_card')),
    (SELECT jsonb_agg(to_jsonb(offer)) FROM loyalty_offer offer
        WHERE offer.merchant_id = book.merchant_id AND offer.state = 'active'),
    (SELECT jsonb_object_agg(category.reference, above.reference)
        FROM trade_category category
        LEFT JOIN trade_category above ON above.id = category.parent_id
        WHERE category.merchant_id = book.merchant_id),
    (SELECT jsonb_object_agg(
            product.sku, loyalty_floor(product.cost, product.vat_rate_bp, kept.margin_bp))
        FROM loyalty_least_margin kept
        JOIN trade_product product ON product.merchant_id = kept.merchant_id
        WHERE kept.merchant_id = book.merchant_id AND product.cost IS NOT NULL),
    (SELECT jsonb_object_agg(connector.mode, connector.id) FROM loyalty_connector connector
        WHERE connector.merchant_id = book.merchant_id AND connector.is_on)
FROM loyalty_rulebook book WHERE book.merchant_id = %s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """What a sale has to ask besides: the rest of these offers, and these coupons.

    ``by_code`` says that the merchant has offers by code, ``per_member`` are those of which one
    person gets only so much or has stamps, ``personal`` those for whom they were given to;
    ``tiers`` says that there are tiers or bonuses; ``guesser`` are the buckets in which wrong codes
    of this till are counted, since ``since``. Where the merchant ``spends``, its points can be
    spent: what the shopper chose on the phone counts. Where it ``shares`` points, so do those of
    other shops.
    """

    limited: frozenset[int] = frozenset()
    by_code: bool = False
    per_member: frozenset[int] = frozenset()
    personal: frozenset[int] = frozenset()
    tiers: bool = False
    codes: tuple[str, ...] = ()
    guesser: tuple[str, ...] = ()
    since: datetime | None = None
    spends: bool = False
    shares: bool = False

    @property
    def wants_own(self) -> bool:
        """Say whether to ask for what only this shopper has."""
        own = self.by_code or self.spends or self.tiers or self.shares
        return own or bool(self.per_member or self.personal or self.codes)

    def about(self, *whom: Any) -> list[Any]:
        """Return the arguments of ``OWN`` for a merchant, a person and a mode.

        Where the merchant shares points, those of ``loyalty_shared`` follow.
        """
        coupons = [list(self.codes), list(self.guesser), self.since]
        offers = [*whom, list(self.per_member), *whom, list(self.personal)]
        shared = whom if self.shares else ()
        return [*whom, *coupons, *offers, *whom, self.spends, *whom, self.tiers, *shared]


NOTHING_ASKED = Asks()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What stands beside the rules at one moment.

    ``version`` is that of the merchant's rules, 0 where nothing was published; ``newest_category``
    tells one tree of categories from the next; ``left`` is what is left of the ``limited`` offers
    asked for, ``per_member`` those whose use by this person was. ``own`` is what only this shopper
    has, None where that was not asked.
    """

    version: int
    newest_category: int | None
    member: MemberSnapshot | None
    left: Mapping[int, Left]
    limited: frozenset[int]
    own: Own | None = None
    per_member: frozenset[int] = frozenset()
    personal: frozenset[int] = frozenset()
    spends: bool = False
    tiers: bool = False
    shares: bool = False


def snapshot(
    *, merchant_id: int, person_id: int | None, mode: str, asks: Asks = NOTHING_ASKED
) -> Snapshot:
    """Return the snapshot for a sale; a person of the other mode is nobody here."""
    whom = [merchant_id, person_id, mode]
    asked = [*whom, list(asks.limited)]
    if asks.wants_own:
        statement = SNAPSHOT_AND_SHARED if asks.shares else SNAPSHOT_AND_OWN
        rows = db.call(statement, [*asks.about(*whom), *asked])
    else:
        rows = db.call(SNAPSHOT, asked)
    return snapshot_of(rows[0] if rows else (None,) * 7, asks)


def snapshot_of(row: Sequence[Any], asks: Asks) -> Snapshot:
    """Return the snapshot in a row of ``loyalty_snapshot``; all None where nothing is published.

    ``asks`` is what it was asked for; where that was coupons, the answer follows the row.
    """
    version, newest_category, member_id, points, carry, joined_at, left, *own = row
    shoppers = own_of(own[0]) if own else NOTHING_OWN if asks.wants_own else None
    return Snapshot(
        version=version or 0,
        newest_category=newest_category,
        member=_member(member_id, points, carry, joined_at, shoppers) if member_id else None,
        left={int(offer): Left(*rest) for offer, rest in json.loads(left or "{}").items()},
        limited=asks.limited,
        own=shoppers,
        per_member=asks.per_member,
        personal=asks.personal,
        spends=asks.spends,
        tiers=asks.tiers,
        shares=asks.shares,
    )


def _member(
    member_id: int, points: int, carry: int, joined_at: datetime, own: Own | None
) -> MemberSnapshot:
    if own is None:
        return MemberSnapshot(member_id, points, carry, joined_at)
    return MemberSnapshot(
        member_id,
        points + own.shared,
        carry,
        joined_at,
        assigned=own.assigned,
        uses={offer: uses for offer, (uses, _amount) in own.got.items()},
        got={offer: amount for offer, (_uses, amount) in own.got.items()},
        stamps=own.stamps,
        tier=own.tier,
        tier_amount=own.tier_amount,
        bonuses=own.bonuses,
        pool=own.pool,
    )


@dataclass(frozen=True, slots=True)
class PublishedRules:
    """A merchant's rules as they are stored: rows as mappings, categories with the one above.

    ``floors`` are the least that is to be paid for products whose cost is known, by SKU, in minor
    units per piece or per 1,000 gram or millilitre. ``connectors`` are the other loyalty systems
    to ask, by mode.
    """

    version: int
    newest_category: int | None
    programme: Mapping[str, Any] | None
    offers: list[Mapping[str, Any]]
    parents: Mapping[str, str | None]
    spending: Mapping[str, Any] | None = None
    rewards: Sequence[Mapping[str, Any]] = ()
    floors: Mapping[str, int] = field(default_factory=dict)
    connectors: Mapping[str, int] = field(default_factory=dict)


def published_rules(merchant_id: int) -> PublishedRules | None:
    """Return all that is in force, as of one moment; None where nothing was published."""
    rows = db.call(RULES, (merchant_id,))
    if not rows:
        return None
    version, newest_category, programme, spending, rewards, offers, parents, *rest = rows[0]
    floors, others = rest
    return PublishedRules(
        version=version,
        newest_category=newest_category,
        programme=json.loads(programme) if programme else None,
        offers=json.loads(offers or "[]"),
        parents=json.loads(parents or "{}"),
        spending=json.loads(spending) if spending else None,
        rewards=json.loads(rewards or "[]"),
        floors=json.loads(floors or "{}"),
        connectors=json.loads(others or "{}"),
    )


@dataclass(frozen=True, slots=True)
class Points:
    """What a member can spend, what the merchant calls it, and their tier, per language.

    ``elsewhere`` are points of other shops, which count here as well.
    """

    balance: int
    name: Mapping[str, str]
    tier: Mapping[str, str] | None
    elsewhere: int


POINTS = """
SELECT loyalty_points(member.id, member.programme_id, member.mode), programme.points_name,
    (SELECT rung.said -> 'name'
        FROM loyalty_member_tier stands, jsonb_array_elements(programme.tiers) AS rung (said)
        WHERE stands.member_id = member.id AND (rung.said ->> 'key')::int = stands.tier),
    loyalty_points_elsewhere(member.id)
FROM loyalty_member member JOIN loyalty_programme programme ON programme.id = member.programme_id
WHERE member.merchant_id = %s AND member.person_id = %s AND member.mode = %s
"""


def points_of(*, merchant_id: int, person_id: int, mode: str) -> Points | None:
    """Return a person's points at a merchant as they are now; None without a membership."""
    rows = db.call(POINTS, (merchant_id, person_id, mode))
    if not rows:
        return None
    balance, name, tier, elsewhere = rows[0]
    return Points(balance, json.loads(name), json.loads(tier) if tier else None, elsewhere)
