"""Add all balances up anew."""

from okplatform.kernel.db import call, transaction


def rebuild_balances() -> int:
    """Rebuild every balance from the entries; return how many accounts have one.

    Needed after a dump was restored into another server, whose transaction numbers start anew;
    harmless at any other time. Postings wait until it is done. It needs the tables' owner.
    """
    with transaction():
        return int(call("SELECT ledger_rebuild()")[0][0])
