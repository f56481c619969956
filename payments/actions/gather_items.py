"""Bring what was booked to settlement: to be collected from shoppers, to be paid to merchants."""

from okplatform.kernel.db import call

AT_ONCE = 50_000


def gather_items() -> None:
    """Give every booking since the last time its place in the queues of settlement.

    Reads each entry of the ledger once, in its order. Several at once wait for each other; what
    they find is there once.
    """
    while call("SELECT settlement_gather(%s)", [AT_ONCE])[0][0]:
        pass
