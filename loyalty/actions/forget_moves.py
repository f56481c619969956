"""Let the words about a member's points go, when they leave OK."""

from datetime import datetime

from okplatform.kernel import db

# What waits is booked no more; who decides on it at this moment holds it, and then it is booked.
REFUSE = """
UPDATE loyalty_correction SET state = 'refused', decided_at = %(now)s
WHERE state = 'waiting'
    AND member_id IN (SELECT id FROM loyalty_member WHERE person_id = %(person)s)
"""
WITHDRAW = """
UPDATE loyalty_points_gift SET state = 'withdrawn'
WHERE state = 'waiting'
    AND giver_id IN (SELECT id FROM loyalty_member WHERE person_id = %(person)s)
"""
UNSAY = """
UPDATE loyalty_correction SET reason = ''
WHERE member_id IN (SELECT id FROM loyalty_member WHERE person_id = %(person)s)
"""
UNSAY_MOVES = """
UPDATE loyalty_points_move SET words = ''
WHERE member_id IN (SELECT id FROM loyalty_member WHERE person_id = %(person)s)
"""


@db.transaction_required
def forget_moves(*, person_id: int, now: datetime) -> None:
    """End corrections and gifts that wait, and empty what shops wrote: a part of leaving.

    The audit row of the leaving tells of it. Their points stay in the books.
    """
    asked = {"person": person_id, "now": now}
    for statement in (REFUSE, WITHDRAW, UNSAY, UNSAY_MOVES):
        db.call(statement, asked)
