"""Let pending points count, once what earned them can no longer come back."""

from datetime import datetime

from okplatform.kernel import db

ACTIVATE = "SELECT loyalty_activate_lots(%s, %s)"
AT_ONCE = 200
"""Members in one transaction: their sales wait for it."""


def activate_lots(*, now: datetime) -> int:
    """Let all points count that are due, and pay what their members owe; return the members.

    It may run twice, or side by side. The ledger's posting (``points_activated``) is its trace.
    """
    touched = 0
    while True:
        with db.transaction():
            members = int(db.call(ACTIVATE, [now, AT_ONCE])[0][0])
        touched += members
        if not members:
            return touched
