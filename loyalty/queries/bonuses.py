"""What bonuses wait for a person, and what they can hand on."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from loyalty.birthdays import birthday_of, year_now
from loyalty.bonuses import Bonuses, bonuses_of
from loyalty.models import BonusKind
from okplatform.kernel import db


@dataclass(frozen=True, slots=True)
class BonusesNow:
    """A programme's bonuses as one person reads them; ``code`` is empty until asked for.

    ``waiting`` are the points that the next purchase brings; ``brought`` how many people came with
    the code; ``knows_birthday`` says that the day was told and this shop may use it.
    """

    terms: Bonuses
    waiting: int
    code: str
    brought: int
    knows_birthday: bool


_NOW = """
SELECT programme.bonuses, coalesce(owned.code, ''),
    CASE WHEN member.id IS NOT NULL THEN loyalty_open_bonuses(member.id) END,
    CASE WHEN member.id IS NOT NULL THEN loyalty_birthday(member.id) END,
    (SELECT count(*) FROM loyalty_referral friend WHERE friend.by_id = member.id),
    (%(now)s AT TIME ZONE merchant.timezone)::date
FROM loyalty_programme programme
JOIN parties_merchant merchant ON merchant.id = programme.merchant_id
LEFT JOIN loyalty_member member ON member.id = %(member)s
LEFT JOIN loyalty_referral_code owned ON owned.member_id = member.id
WHERE programme.id = %(programme)s AND programme.bonuses <> '{}'
"""


def bonuses_now(*, programme_id: int, member_id: int | None, now: datetime) -> BonusesNow | None:
    """Return the bonuses of a programme; None where it has none."""
    rows = db.call(_NOW, {"programme": programme_id, "member": member_id, "now": now})
    if not rows:
        return None
    stored, code, waiting, born, brought, today = rows[0]
    terms = bonuses_of(json.loads(stored))
    worth = {
        BonusKind.FIRST.value: terms.first,
        BonusKind.REFERRED.value: terms.referral,
        BonusKind.REFERRER.value: terms.referral,
        BonusKind.BIRTHDAY.value: terms.birthday,
    }
    first: list[list[Any]] = [[BonusKind.FIRST.value, 0]]
    open_now: list[list[Any]] = json.loads(waiting) if waiting else first
    known = birthday_of(json.loads(born)) if born else None
    if known is not None and (year := year_now(known, today)):
        open_now.append([BonusKind.BIRTHDAY.value, year])
    return BonusesNow(
        terms=terms,
        waiting=sum(worth[kind] for kind, _occasion in open_now),
        code=code,
        brought=brought,
        knows_birthday=known is not None,
    )
