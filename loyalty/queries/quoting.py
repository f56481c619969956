"""What the engine needs: the rules, and what stands beside them for one sale."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from loyalty.engine import Left, MemberSnapshot
from okplatform.kernel import db

SNAPSHOT = """
SELECT version, newest_category, member_id, points, carry, joined_at, left_of
FROM loyalty_snapshot(%s, %s, %s, %s::bigint[])
"""

# One statement, so one moment: no rule of another version slips in.
RULES = """
SELECT book.version,
    (SELECT max(category.id) FROM trade_category category
        WHERE category.merchant_id = book.merchant_id),
    (SELECT to_jsonb(programme) FROM loyalty_programme programme
        WHERE programme.merchant_id = book.merchant_id),
    (SELECT jsonb_agg(to_jsonb(offer)) FROM loyalty_offer offer
        WHERE offer.merchant_id = book.merchant_id AND offer.state = 'active'),
    (SELECT jsonb_object_agg(category.reference, above.reference)
        FROM trade_category category
        LEFT JOIN trade_category above ON above.id = category.parent_id
        WHERE category.merchant_id = book.merchant_id)
FROM loyalty_rulebook book WHERE book.merchant_id = %s
"""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What stands beside the rules at one moment.

    ``version`` is that of the merchant's rules, 0 where nothing was published; ``newest_category``
    tells one tree of categories from the next; ``left`` is what is left of the ``limited`` offers
    asked for.
    """

    version: int
    newest_category: int | None
    member: MemberSnapshot | None
    left: Mapping[int, Left]
    limited: frozenset[int]


def snapshot(
    *, merchant_id: int, person_id: int | None, mode: str, limited: frozenset[int] = frozenset()
) -> Snapshot:
    """Return the snapshot for a sale; a person of the other mode is nobody here."""
    rows = db.call(SNAPSHOT, (merchant_id, person_id, mode, list(limited)))
    return snapshot_of(rows[0] if rows else (None,) * 7, limited)


def snapshot_of(row: Sequence[Any], limited: frozenset[int]) -> Snapshot:
    """Return the snapshot in a row of ``loyalty_snapshot``; all None where nothing is published.

    ``limited`` are the offers it was asked for.
    """
    version, newest_category, member_id, points, carry, joined_at, left = row
    return Snapshot(
        version=version or 0,
        newest_category=newest_category,
        member=MemberSnapshot(member_id, points, carry, joined_at) if member_id else None,
        left={int(offer): Left(*rest) for offer, rest in json.loads(left or "{}").items()},
        limited=limited,
    )


@dataclass(frozen=True, slots=True)
class PublishedRules:
    """A merchant's rules as they are stored: rows as mappings, categories with the one above."""

    version: int
    newest_category: int | None
    programme: Mapping[str, Any] | None
    offers: list[Mapping[str, Any]]
    parents: Mapping[str, str | None]


def published_rules(merchant_id: int) -> PublishedRules | None:
    """Return all that is in force, as of one moment; None where nothing was published."""
    rows = db.call(RULES, (merchant_id,))
    if not rows:
        return None
    version, newest_category, programme, offers, parents = rows[0]
    return PublishedRules(
        version=version,
        newest_category=newest_category,
        programme=json.loads(programme) if programme else None,
        offers=json.loads(offers or "[]"),
        parents=json.loads(parents or "{}"),
    )


@dataclass(frozen=True, slots=True)
class Points:
    """What a member can spend, and what the merchant calls it, per language."""

    balance: int
    name: Mapping[str, str]


POINTS = """
SELECT loyalty_points(member.id, member.programme_id, member.mode), programme.points_name
FROM loyalty_member member JOIN loyalty_programme programme ON programme.id = member.programme_id
WHERE member.merchant_id = %s AND member.person_id = %s AND member.mode = %s
"""


def points_of(*, merchant_id: int, person_id: int, mode: str) -> Points | None:
    """Return a person's points at a merchant as they are now; None without a membership."""
    rows = db.call(POINTS, (merchant_id, person_id, mode))
    return Points(balance=rows[0][0], name=json.loads(rows[0][1])) if rows else None
