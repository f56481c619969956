"""Book out the points whose last day is over."""

from datetime import datetime

from loyalty.actions.activate_lots import AT_ONCE
from okplatform.kernel import db

EXPIRE = "SELECT loyalty_expire_lots(%s, %s)"


def expire_lots(*, now: datetime) -> int:
    """Book out what has ended, as breakage; return how many members were looked at.

    Points that live as long as their member buys get the later end instead, where there was a
    purchase. It may run twice, or side by side. The ledger's posting (``points_expired``) and its
    ``Breakage`` are its trace.
    """
    touched = 0
    while True:
        with db.transaction():
            members = int(db.call(EXPIRE, [now, AT_ONCE])[0][0])
        touched += members
        if not members:
            return touched
