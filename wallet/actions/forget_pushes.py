"""Forget what was told, once it is over."""

from datetime import datetime

from okplatform.kernel.db import call, transaction
from wallet.push_schedule import KEPT_FOR

# PostgreSQL takes its deliveries along. What a reminder was about has ended too: nothing is said
# again because this is gone.
FORGET = "DELETE FROM wallet_push_notice WHERE ends_at < %s RETURNING id"


def forget_pushes(*, now: datetime) -> int:
    """Delete what is of no use any more; return how much there was."""
    with transaction():
        return len(call(FORGET, [now - KEPT_FOR]))
