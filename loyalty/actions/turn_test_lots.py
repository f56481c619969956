"""Let points of a merchant's test members count, and end, by the clock of its sandbox."""

from datetime import datetime

from okplatform.kernel import db

TURN = "SELECT loyalty_turn_test_lots(%s, %s)"


def turn_test_lots(*, merchant_id: int, now: datetime) -> int:
    """Let count and book out what is due by ``now``; return how many members had something due.

    As ``activate_lots`` and ``expire_lots`` do for everybody; their postings are its trace.
    """
    with db.transaction():
        return int(db.call(TURN, [merchant_id, now])[0][0])
