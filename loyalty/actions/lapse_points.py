"""Book out the points of somebody who leaves OK: nobody can spend them any more."""

from datetime import datetime

from okplatform.kernel import db

# In one order: who deletes an account holds all its memberships.
LAPSE = """
SELECT loyalty_lapse(member.id, %(now)s)
FROM (SELECT id FROM loyalty_member WHERE person_id = %(person_id)s ORDER BY id) AS member
"""


@db.transaction_required
def lapse_points(*, person_id: int, now: datetime) -> int:
    """Book out all points of a person, pending ones too, as breakage; return how many.

    A part of deleting the account, whose audit row tells of it; doing it again finds nothing. When
    a purchase comes back afterwards, its points are taken out of the breakage again.
    """
    return sum(points for (points,) in db.call(LAPSE, {"person_id": person_id, "now": now}))
