"""Forget files of cards that nobody decided about in time, and reports that were read long ago."""

from datetime import datetime

from okplatform.kernel.db import call, transaction

FORGET = "DELETE FROM wallet_card_import WHERE expires_at <= %s RETURNING 1"


def forget_imports(*, now: datetime) -> int:
    """Delete what has expired, with its photos; return how many. No card changes."""
    with transaction():
        return len(call(FORGET, [now]))
