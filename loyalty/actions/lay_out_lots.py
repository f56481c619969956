"""Put the points of a programme's members into lots, or take them out, as its terms now say."""

from datetime import datetime

from loyalty.actions.activate_lots import AT_ONCE
from okplatform.kernel import db

WAITING = "SELECT id FROM loyalty_programme WHERE NOT lots_laid_out ORDER BY id"
LAY_OUT = "SELECT touched, upto FROM loyalty_lay_out_lots(%s, %s, %s, %s)"
FROM_THE_FIRST = "-infinity"


def lay_out_lots(*, now: datetime) -> int:
    """Follow what programmes published; return how many members keep their points otherwise now.

    What a member has when a programme begins to keep lots becomes one lot, on the terms of
    ``now``: nobody's points end sooner than points earned today. Where a programme stops, all that
    is there stays, and none of it ends. It may run twice, or be cut short: the next run goes on.
    """
    touched = 0
    for (programme_id,) in db.call(WAITING):
        after: object = FROM_THE_FIRST
        members = AT_ONCE
        while members == AT_ONCE:
            with db.transaction():
                members, after = db.call(LAY_OUT, [programme_id, after, now, AT_ONCE])[0]
            touched += members
    return touched
