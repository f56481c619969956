"""Place members in the tiers of their programme, as what they earned says today."""

from collections.abc import Collection
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from loyalty.tiers import Ladder, ladder_of, standing
from okplatform.kernel import audit, db
from okplatform.kernel.audit import SYSTEM

AT_ONCE = 500

OF_SALES = """
SELECT DISTINCT member.id FROM loyalty_earning earning
JOIN loyalty_member member ON member.id = earning.member_id
JOIN loyalty_programme programme ON programme.id = member.programme_id
WHERE earning.sale_id = ANY (%s) AND programme.tiers_version > 0
ORDER BY member.id
"""
MEMBERS = """
SELECT member.id, member.merchant_id, member.mode, programme.id, programme.tiers_version,
    merchant.timezone, jsonb_build_object('tiers', programme.tiers, 'tier_period',
        programme.tier_period, 'tier_basis', programme.tier_basis, 'tier_grace_days',
        programme.tier_grace_days)
FROM loyalty_member member
JOIN loyalty_programme programme ON programme.id = member.programme_id
JOIN parties_merchant merchant ON merchant.id = member.merchant_id
WHERE member.id = ANY (%s) ORDER BY member.id
"""
BEGIN = """
INSERT INTO loyalty_member_tier (member_id, merchant_id, mode, amount, version)
SELECT member.id, member.merchant_id, member.mode, 0, 0 FROM loyalty_member member
WHERE member.id = ANY (%s) ORDER BY member.id
ON CONFLICT (member_id) DO NOTHING
"""
LOCK = """
SELECT member_id, tier FROM loyalty_member_tier
WHERE member_id = ANY (%s) ORDER BY member_id FOR UPDATE
"""
HISTORY = "SELECT member_id, day, amount FROM loyalty_tier_history(%s::bigint[]) ORDER BY member_id"
PLACE = """
UPDATE loyalty_member_tier
SET tier = %s, amount = %s, review_on = %s, version = %s, placed_at = %s WHERE member_id = %s
"""
DUE = """
SELECT stands.member_id FROM loyalty_member_tier stands
JOIN parties_merchant merchant ON merchant.id = stands.merchant_id
WHERE stands.review_on <= (%s AT TIME ZONE merchant.timezone)::date
ORDER BY stands.member_id LIMIT %s
"""
BEHIND = """
SELECT member.id FROM loyalty_member member
LEFT JOIN loyalty_member_tier stands ON stands.member_id = member.id
WHERE member.programme_id = %s AND coalesce(stands.version, 0) <> %s
ORDER BY member.id LIMIT %s
"""
WAITING = "SELECT id, tiers_version FROM loyalty_programme WHERE NOT tiers_laid_out ORDER BY id"
FOLLOWED = """
UPDATE loyalty_programme SET tiers_laid_out = true WHERE id = %s AND tiers_version = %s
"""


@db.transaction_required
def place_members_of(*, sale_ids: Collection[int], now: datetime) -> int:
    """Place whom these sales earned something; return how many that is."""
    members = [row[0] for row in db.call(OF_SALES, [list(sale_ids)])]
    if members:
        _place(members, now)
    return len(members)


def place_members(*, member_ids: Collection[int], now: datetime) -> int:
    """Place these members by the merchant's day at ``now``; return how many.

    Doing it again finds the same, and of two at once the second counts what the first has seen.
    """
    members = sorted(set(member_ids))
    for first in range(0, len(members), AT_ONCE):
        with db.transaction():
            _place(members[first : first + AT_ONCE], now)
    return len(members)


def review_tiers(*, now: datetime) -> int:
    """Place members whose tier is over, and all whose programme has other tiers than before."""
    placed = 0
    while due := [row[0] for row in db.call(DUE, [now, AT_ONCE])]:
        placed += place_members(member_ids=due, now=now)
    for programme_id, version in db.call(WAITING):
        while behind := [row[0] for row in db.call(BEHIND, [programme_id, version, AT_ONCE])]:
            placed += place_members(member_ids=behind, now=now)
        with db.transaction():
            db.call(FOLLOWED, [programme_id, version])
    return placed


@db.transaction_required
def _place(members: list[int], now: datetime) -> None:
    db.call(BEGIN, [members])
    before = dict(db.call(LOCK, [members]))
    # A statement of its own, after the locks: it sees what whoever held them has seen.
    history = {
        member_id: [(day, amount) for _member, day, amount in rows]
        for member_id, rows in groupby(db.call(HISTORY, [members]), key=itemgetter(0))
    }
    for member_id, merchant_id, _mode, programme_id, version, zone, columns in db.call(
        MEMBERS, [members]
    ):
        ladder = ladder_of(orjson.loads(columns))
        today = now.astimezone(ZoneInfo(zone)).date()
        tier, *found = _found(history.get(member_id, []), ladder, today)
        db.call(PLACE, [tier, *found, version, now, member_id])
        if tier != before[member_id]:
            audit.record(
                actor=SYSTEM,
                action="member_placed",
                object_type="member",
                object_id=member_id,
                merchant_id=merchant_id,
                data={"programme": programme_id, "from": before[member_id], "to": tier},
            )


def _found(history: list[tuple[date, int]], ladder: Ladder, today: date) -> list[Any]:
    stands = standing(history, ladder, today)
    tier = ladder.tiers[stands.place].key if stands.place >= 0 else None
    return [tier, stands.amount, stands.goes_on]
