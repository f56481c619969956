"""Fold what was booked into the balances, so that reading one stays cheap."""

from okplatform.kernel.db import call


def fold_balances() -> int:
    """Add finished transactions' entries to their accounts' balances; return how many accounts.

    One statement; nobody waits for it, and a second one at the same time does nothing. A long
    transaction that writes, anywhere on the server, holds the watermark back: balances stay exact,
    only their tails grow.
    """
    return int(call("SELECT ledger_fold()")[0][0])
