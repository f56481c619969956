"""Raise the number of a merchant's rules: a part of every action that changes one."""

from datetime import datetime

from loyalty.events import RulesChanged
from okplatform.kernel import db, events

RAISE = """
INSERT INTO loyalty_rulebook AS book (merchant_id, version) VALUES (%s, 1)
ON CONFLICT (merchant_id) DO UPDATE SET version = book.version + 1
RETURNING version
"""


@db.transaction_required
def raise_version(*, merchant_id: int, now: datetime) -> int:
    """Return the new version, and tell it; who else changes this merchant's rules waits here."""
    version: int = db.call(RAISE, (merchant_id,))[0][0]
    changed = RulesChanged(merchant_id=merchant_id, version=version)
    events.publish(changed, now=now, merchant_id=merchant_id)
    return version
