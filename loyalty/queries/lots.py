"""What a member has that waits, and what ends when."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from okplatform.kernel import db


class PointsOn(NamedTuple):
    """So many points, and the day on which they begin to count, or their last one."""

    points: int
    day: date


@dataclass(frozen=True, slots=True)
class Standing:
    """Pending points by the day from which they count, others by their last; the first comes first.

    Days are those of the store that gave the points. What never ends is in neither.
    """

    pending: tuple[PointsOn, ...] = ()
    ending: tuple[PointsOn, ...] = ()

    @property
    def waiting(self) -> int:
        """Return all that is pending."""
        return sum(one.points for one in self.pending)


NOTHING = Standing()
LAST_DAY = """
((CASE WHEN lot.rolling THEN loyalty_rolling_end(lot.member_id) ELSE lot.expires_at END
    - interval '1 second') AT TIME ZONE coalesce(store.timezone, merchant.timezone))::date
"""
"""The last day of a lot, of ``lot``, ``store`` (perhaps none) and ``merchant``."""
FIRST_DAY = "(lot.spendable_at AT TIME ZONE coalesce(store.timezone, merchant.timezone))::date"
PLACE = """
JOIN parties_merchant merchant ON merchant.id = lot.merchant_id
LEFT JOIN trade_sale sale ON sale.id = lot.sale_id
LEFT JOIN parties_store store ON store.id = sale.store_id
"""
_STANDING = f"""
SELECT lot.member_id, lot.is_pending, moment.day, sum(lot.remaining)::bigint
FROM loyalty_lot lot {PLACE}
CROSS JOIN LATERAL (
    SELECT CASE WHEN lot.is_pending THEN {FIRST_DAY} ELSE {LAST_DAY} END AS day
) AS moment
WHERE lot.member_id = ANY(%(members)s) AND lot.remaining > 0 AND moment.day IS NOT NULL
GROUP BY lot.member_id, lot.is_pending, moment.day ORDER BY moment.day
"""  # noqa: S608 -- all parts are ours


def standings(member_ids: Collection[int]) -> Mapping[int, Standing]:
    """Return how each of these members stands; who keeps no lots need not be asked about."""
    if not member_ids:
        return {}
    rows = db.call(_STANDING, {"members": list(member_ids)})
    return {
        member_id: Standing(
            tuple(
                PointsOn(points, day)
                for of, waits, day, points in rows
                if of == member_id and waits
            ),
            tuple(
                PointsOn(points, day)
                for of, waits, day, points in rows
                if of == member_id and not waits
            ),
        )
        for member_id in member_ids
    }


class Ending(NamedTuple):
    """Points of one programme that end on one day, in the reader's language."""

    reference: str
    merchant: str
    points_name: str
    day: date
    points: int


_ENDING = f"""
SELECT merchant.reference, merchant.name, programme.points_name ->> %(language)s, moment.day,
    sum(lot.remaining)::bigint
FROM loyalty_member member
JOIN loyalty_programme programme ON programme.id = member.programme_id
JOIN loyalty_lot lot
    ON lot.member_id = member.id AND lot.remaining > 0 AND NOT lot.is_pending {PLACE}
CROSS JOIN LATERAL (SELECT {LAST_DAY} AS day) AS moment
WHERE member.person_id = %(person)s AND member.mode = %(mode)s AND member.keeps_lots
    AND moment.day BETWEEN %(first)s AND %(last)s
GROUP BY merchant.id, programme.id, moment.day ORDER BY moment.day, merchant.name
"""  # noqa: S608 -- all parts are ours


def ending_between(
    *, person_id: int, mode: str, language: str, first: date, last: date
) -> list[Ending]:
    """Return what of a person's points ends in these days, the first to end first."""
    params = {
        "person": person_id,
        "mode": mode,
        "language": language,
        "first": first,
        "last": last,
    }
    return [Ending(*row) for row in db.call(_ENDING, params)]
