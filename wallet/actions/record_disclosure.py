"""Write down that somebody at a merchant saw something about a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction_required

RECORD = """
INSERT INTO wallet_disclosure
    (person_id, merchant_id, actor_kind, actor_id, actor_name, purpose, what, at)
SELECT * FROM unnest(
    %(person_id)s::bigint[], %(merchant_id)s::bigint[],
    %(actor_kind)s::text[], %(actor_id)s::text[], %(actor_name)s::text[],
    %(purpose)s::text[], %(what)s::text[], %(at)s::timestamptz[])
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One line of "who looked".

    ``actor_name`` is what the person reads ("Till 2, Haarlem"); ``what`` names the facts ("name").
    """

    person_id: int
    merchant_id: int
    actor: Actor
    actor_name: str
    purpose: str
    what: str
    at: datetime


@transaction_required
def record_disclosure(looks: Sequence[Look]) -> None:
    """Write the lines in one statement, with the transaction whose answer discloses.

    The line is the record itself, so it needs no audit entry beside it. That a consent was in force
    is proved by ``manage.py verify``, not checked here: what was shown must never go unrecorded.
    """
    if not looks:
        return
    columns = ("person_id", "merchant_id", "actor_name", "purpose", "what", "at")
    call(
        RECORD,
        {
            **{column: [getattr(look, column) for look in looks] for column in columns},
            "actor_kind": [look.actor.kind for look in looks],
            "actor_id": [look.actor.id for look in looks],
        },
    )
