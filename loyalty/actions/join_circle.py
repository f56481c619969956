"""Join the programmes of shops that share points: one tap, on the terms of each."""

from collections.abc import Mapping
from datetime import datetime

from loyalty.actions.join_programme import ProgrammeUnknown, join
from okplatform.kernel import db
from okplatform.kernel.audit import Actor

# Of this merchant itself too. Who leaves takes nobody in any more.
SHARED = """
SELECT programme.id
FROM loyalty_circle_shop mine
JOIN loyalty_circle_shop shop ON shop.circle_id = mine.circle_id AND shop.state = 'in'
JOIN loyalty_programme programme ON programme.merchant_id = shop.merchant_id
WHERE mine.merchant_id = %s AND mine.state IN ('in', 'leaving')
"""


def join_circle(
    *,
    merchant_id: int,
    person_id: int,
    accepted: Mapping[int, int],
    brought_by: tuple[int, str] | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Make a person a member of these programmes of a circle, all of them or none.

    ``accepted`` are the versions of the terms that were shown, by programme. ``brought_by`` is the
    programme of a member's code that the person came with, and that code. Raises
    ``ProgrammeUnknown`` for a programme that does not share points with this merchant, and
    ``TermsChanged``.
    """
    with db.transaction():
        shared = {programme_id for (programme_id,) in db.call(SHARED, (merchant_id,))}
        if not accepted or not shared.issuperset(accepted):
            raise ProgrammeUnknown
        for programme_id, terms_version in sorted(accepted.items()):
            whose, code = brought_by or (None, "")
            join(
                programme_id=programme_id,
                person_id=person_id,
                terms_version=terms_version,
                brought_by=code if whose == programme_id else "",
                actor=actor,
                now=now,
            )
