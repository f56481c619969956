"""OK for tills in Python: a loop that never takes money twice and never gives goods unpaid."""

from ok_till.client import Client, NoAnswerError, RefusedError
from ok_till.journal import JournalInUseError
from ok_till.offline import NotAllowedError, OfflineLog
from ok_till.till import OpenSale, Outcome, Patience, Till

__all__ = [
    "Client",
    "JournalInUseError",
    "NoAnswerError",
    "NotAllowedError",
    "OfflineLog",
    "OpenSale",
    "Outcome",
    "Patience",
    "RefusedError",
    "Till",
]
