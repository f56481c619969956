"""Have people's phones tell them something, each thing once; who has none turned on hears nothing.

It travels later: this only writes down what is to be said, in the transaction that made it true.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from okplatform.kernel.db import call, transaction_required

# Only for people with a phone that shows notifications, and who want to hear of this.
TELL = """
WITH said AS (
    SELECT * FROM unnest(
        %(people)s::bigint[], %(kinds)s::text[], %(abouts)s::text[], %(urls)s::text[],
        %(facts)s::jsonb[], %(ends)s::timestamptz[], %(quiet_phones)s::uuid[])
    AS said (person_id, kind, about, url, facts, ends_at, quiet_phone)
), phone AS (
    SELECT phone.id, phone.person_id, session.device
    FROM wallet_push_subscription phone
    JOIN parties_browser_session session ON session.id = phone.session_id
    WHERE phone.person_id = ANY(%(people)s)
), notice AS (
    INSERT INTO wallet_push_notice (person_id, kind, about, url, facts, made_at, ends_at)
    SELECT said.person_id, said.kind, said.about, said.url, said.facts, %(now)s, said.ends_at
    FROM said JOIN wallet_push_settings settings ON settings.person_id = said.person_id
    WHERE (said.kind = 'test' OR said.kind = ANY(settings.kinds)) AND said.ends_at > %(now)s
      AND EXISTS (
          SELECT FROM phone WHERE phone.person_id = said.person_id
          AND (said.quiet_phone IS NULL OR phone.device IS DISTINCT FROM said.quiet_phone))
    ON CONFLICT (person_id, kind, about) DO NOTHING
    RETURNING id, person_id, kind, about
)
INSERT INTO wallet_push_delivery (notice_id, subscription_id, state, due_at, attempts, error)
SELECT notice.id, phone.id, 'waiting', %(now)s, 0, ''
FROM notice JOIN said USING (person_id, kind, about) JOIN phone USING (person_id)
WHERE said.quiet_phone IS NULL OR phone.device IS DISTINCT FROM said.quiet_phone
ON CONFLICT DO NOTHING
RETURNING notice_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """Something to tell a person: ``about`` names it within its kind, ``url`` is its page.

    ``facts`` are what ``push_texts`` makes a sentence of; after ``ends_at`` it is of no use.
    ``quiet_phone`` is the device that need not hear of it, because it is what did it.
    """

    person_id: int
    kind: str
    about: str
    url: str
    ends_at: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)
    quiet_phone: UUID | None = None


@transaction_required
def tell_people(*, said: Sequence[Tell], now: datetime) -> int:
    """Tell them as a part of a larger action; return how many phones will.

    What was told before is not told again.
    """
    if not said:
        return 0
    return len(
        call(
            TELL,
            {
                "now": now,
                "people": [one.person_id for one in said],
                "kinds": [str(one.kind) for one in said],
                "abouts": [one.about for one in said],
                "urls": [one.url for one in said],
                "facts": [json.dumps(one.facts) for one in said],
                "ends": [one.ends_at for one in said],
                "quiet_phones": [one.quiet_phone and str(one.quiet_phone) for one in said],
            },
        )
    )
