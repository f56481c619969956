"""Write down that somebody at a merchant saw something about a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from okplatform.kernel.audit import Actor
from okplatform.kernel.db import later, transaction_required
from wallet.models import Why

RECORD = """wallet_record_disclosures(
    %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
    %s::timestamptz[], %s::text[], %s::text[])
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One line of "who looked".

    ``actor_name`` is what the person reads ("Till 2, Haarlem"); ``what`` names the facts ("name"),
    ``why`` what for, and ``about`` the purchase that it concerned, as its receipt says.
    """

    person_id: int
    merchant_id: int
    actor: Actor
    actor_name: str
    purpose: str
    what: str
    at: datetime
    why: str = Why.TILL.value
    about: str = ""


@transaction_required
def record_disclosure(looks: Sequence[Look]) -> None:
    """Write the lines in the end of the transaction whose answer discloses.

    The line is the record itself, so it needs no audit entry beside it. That a consent was in force
    is proved by ``manage.py verify``, not checked here: what was shown must never go unrecorded.
    """
    if not looks:
        return
    later(
        RECORD,
        [
            [look.person_id for look in looks],
            [look.merchant_id for look in looks],
            [look.actor.kind for look in looks],
            [look.actor.id for look in looks],
            [look.actor_name for look in looks],
            [look.purpose for look in looks],
            [look.what for look in looks],
            [look.at for look in looks],
            [look.why for look in looks],
            [look.about for look in looks],
        ],
    )
