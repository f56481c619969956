"""Tell people of cards and warranties that are about to end, once each and in time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from okplatform.kernel.db import call, transaction
from wallet.actions.tell_people import Tell, tell_people
from wallet.models import PushKind
from wallet.push_schedule import REMINDED_FROM_HOUR

AT_ONCE = 1_000

# By the day and the hour on each person's own wall; said before is not found again.
READERS = """
SELECT settings.person_id, settings.days_before, settings.timezone,
    (%(now)s AT TIME ZONE settings.timezone)::date AS today
FROM wallet_push_settings settings
WHERE %(kind)s = ANY(settings.kinds)
  AND extract(hour FROM %(now)s AT TIME ZONE settings.timezone) >= %(hour)s
  AND EXISTS (SELECT FROM wallet_push_subscription phone
              WHERE phone.person_id = settings.person_id)
"""
CARDS = f"""
WITH reader AS ({READERS})
SELECT card.person_id, card.uuid, card.name, card.expires_on,
    (card.expires_on + 1)::timestamp AT TIME ZONE reader.timezone
FROM reader JOIN wallet_card card ON card.person_id = reader.person_id
WHERE NOT card.removed AND NOT card.archived
  AND card.expires_on BETWEEN reader.today AND reader.today + reader.days_before
  AND NOT EXISTS (
    SELECT FROM wallet_push_notice said WHERE said.person_id = card.person_id
      AND said.kind = 'card' AND said.about = card.uuid || ' ' || card.expires_on)
ORDER BY card.id LIMIT %(most)s
"""  # noqa: S608 -- a constant of ours
WARRANTIES = f"""
WITH reader AS ({READERS})
SELECT warranty.person_id, warranty.id, coalesce(line.name, merchant.name), warranty.ends_on,
    (warranty.ends_on + 1)::timestamp AT TIME ZONE reader.timezone, warranty.receipt_id
FROM reader JOIN wallet_warranty warranty ON warranty.person_id = reader.person_id
JOIN wallet_receipt receipt ON receipt.id = warranty.receipt_id
JOIN parties_merchant merchant ON merchant.id = receipt.merchant_id
LEFT JOIN trade_sale_line line
    ON line.sale_id = receipt.sale_id AND line.number = warranty.line
WHERE warranty.ends_on BETWEEN reader.today AND reader.today + reader.days_before
  AND NOT EXISTS (
    SELECT FROM wallet_push_notice said WHERE said.person_id = warranty.person_id
      AND said.kind = 'warranty' AND said.about = warranty.id || ' ' || warranty.ends_on)
ORDER BY warranty.id LIMIT %(most)s
"""  # noqa: S608 -- a constant of ours


@dataclass(frozen=True, slots=True)
class Pages:
    """Where a card, and the warranties of a receipt, are looked at."""

    card: Callable[[UUID], str]
    warranty: Callable[[int], str]


def remind(*, pages: Pages, now: datetime) -> int:
    """Write down what is to be said now; return how much. It may run twice, or side by side."""

    def of_card(person_id: int, uuid: UUID, name: str, on: date, ends_at: datetime) -> Tell:
        return Tell(
            person_id=person_id,
            kind=PushKind.CARD,
            about=f"{uuid} {on}",
            url=pages.card(uuid),
            facts={"name": name, "on": str(on)},
            ends_at=ends_at,
        )

    def of_warranty(
        person_id: int, warranty: int, name: str, on: date, ends_at: datetime, receipt: int
    ) -> Tell:
        return Tell(
            person_id=person_id,
            kind=PushKind.WARRANTY,
            about=f"{warranty} {on}",
            url=pages.warranty(receipt),
            facts={"name": name, "on": str(on)},
            ends_at=ends_at,
        )

    cards = _all(CARDS, PushKind.CARD, of_card, now=now)
    return cards + _all(WARRANTIES, PushKind.WARRANTY, of_warranty, now=now)


def _all(sql: str, kind: PushKind, said_of: Callable[..., Tell], *, now: datetime) -> int:
    asked = {"now": now, "kind": kind.value, "hour": REMINDED_FROM_HOUR, "most": AT_ONCE}
    told = 0
    while True:
        with transaction():
            said = [said_of(*row) for row in call(sql, asked)]
            new = tell_people(said=said, now=now)
        told += new
        if len(said) < AT_ONCE or not new:
            return told
