"""Tell people of points that are about to end, once for each last day."""

from collections.abc import Callable
from datetime import date, datetime

from loyalty.queries.lots import LAST_DAY
from okplatform.kernel.db import call, transaction
from wallet.actions.remind import AT_ONCE, READERS
from wallet.actions.tell_people import Tell, tell_people
from wallet.models import PushKind
from wallet.push_schedule import REMINDED_FROM_HOUR

# Days are those of the store, and of the hour on the person's own wall; said before is not found
# again. What rolls on ends later than it says itself, never sooner.
ENDING = f"""
WITH reader AS ({READERS}),
ending AS (
    SELECT member.person_id, member.id AS member_id, merchant.reference, merchant.name,
        programme.points_name, moment.day, max(moment.ends) AS ends,
        sum(lot.remaining)::bigint AS points
    FROM reader
    JOIN loyalty_member member ON member.person_id = reader.person_id AND member.keeps_lots
    JOIN loyalty_programme programme ON programme.id = member.programme_id
    JOIN loyalty_lot lot ON lot.member_id = member.id AND lot.remaining > 0
        AND NOT lot.is_pending AND lot.expires_at IS NOT NULL
    JOIN parties_merchant merchant ON merchant.id = lot.merchant_id
    LEFT JOIN trade_sale sale ON sale.id = lot.sale_id
    LEFT JOIN parties_store store ON store.id = sale.store_id
    CROSS JOIN LATERAL (
        SELECT {LAST_DAY} AS day,
            CASE WHEN lot.rolling THEN loyalty_rolling_end(member.id)
                ELSE lot.expires_at END AS ends
    ) AS moment
    WHERE moment.day BETWEEN reader.today AND reader.today + reader.days_before
        AND moment.ends > %(now)s
    GROUP BY member.person_id, member.id, merchant.id, programme.id, moment.day
)
SELECT ending.person_id, ending.member_id, ending.reference, ending.name,
    ending.points_name ->> 'nl', ending.points_name ->> 'en', ending.day, ending.ends,
    ending.points
FROM ending
WHERE NOT EXISTS (
    SELECT FROM wallet_push_notice said WHERE said.person_id = ending.person_id
      AND said.kind = 'points' AND said.about = ending.member_id || ' ' || ending.day)
ORDER BY ending.member_id, ending.day LIMIT %(most)s
"""  # noqa: S608 -- constants of ours


def remind_of_points(*, page: Callable[[str], str], now: datetime) -> int:
    """Write down what is to be said now; return how much. It may run twice, or side by side.

    ``page`` gives the address of a merchant's programme, by the merchant's reference.
    """

    def of_points(
        person_id: int,
        member_id: int,
        reference: str,
        shop: str,
        name_nl: str,
        name_en: str,
        on: date,
        ends_at: datetime,
        points: int,
    ) -> Tell:
        named = {"name_nl": name_nl, "name_en": name_en}
        return Tell(
            person_id=person_id,
            kind=PushKind.POINTS,
            about=f"{member_id} {on}",
            url=page(reference),
            facts={"shop": shop, "points": points, "on": str(on), **named},
            ends_at=ends_at,
        )

    asked = {"now": now, "kind": PushKind.POINTS.value, "hour": REMINDED_FROM_HOUR, "most": AT_ONCE}
    told = 0
    while True:
        with transaction():
            said = [of_points(*row) for row in call(ENDING, asked)]
            new = tell_people(said=said, now=now)
        told += new
        if len(said) < AT_ONCE or not new:
            return told
