"""Register the key by which a till signs what it sells without a network."""

from dataclasses import dataclass
from datetime import datetime

from merchants.checkout.offline import is_key
from merchants.checkout.offline_log import keys_of
from merchants.checkout.offline_refusals import OfflineKeyMalformed, OfflineKeyTaken
from merchants.models import OfflineKey
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction, transaction_required
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.tills import StoreAtTill

# Of many that register at once, one acts at a time: per terminal, and per key wherever it is.
HOLD = "SELECT id FROM parties_terminal WHERE id = %s FOR NO KEY UPDATE"
HOLD_KEY = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


@dataclass(frozen=True, slots=True, kw_only=True)
class DarkTill:
    """A terminal of a merchant, in one mode; who acts at it, and when."""

    merchant_id: int
    mode: str
    place: StoreAtTill
    terminal_id: int
    actor: Actor
    now: datetime


def put_offline_key(*, till: DarkTill, public_key: str) -> OfflineKey:
    """Let a till sign with this key from now on; the one before is retired, and kept for its log.

    The key in force, sent again, stays. Needs the merchant's scope. Raises ``OfflineKeyMalformed``
    or ``OfflineKeyTaken``.
    """
    if not is_key(public_key):
        raise OfflineKeyMalformed
    with transaction():
        call(HOLD, [till.terminal_id])
        db.call(HOLD_KEY, [f"offline key {public_key}"])
        in_force = keys_of(terminal_id=till.terminal_id, mode=till.mode).filter(retired_at=None)
        before = in_force.first()
        if before is not None and before.public_key == public_key:
            return before
        with operator_scope("a key signs for one terminal of all"):
            if OfflineKey.objects.filter(public_key=public_key).exists():
                raise OfflineKeyTaken
        in_force.update(retired_at=till.now)
        return _registered(till, public_key)


@transaction_required
def _registered(till: DarkTill, public_key: str) -> OfflineKey:
    key = OfflineKey.objects.create(
        merchant_id=till.merchant_id,
        store_id=till.place.store_id,
        terminal_id=till.terminal_id,
        mode=till.mode,
        public_key=public_key,
        registered_at=till.now,
    )
    audit.record(
        actor=till.actor,
        action="offline_key_registered",
        object_type="terminal",
        object_id=till.terminal_id,
        merchant_id=till.merchant_id,
        mode=till.mode,
        data={"key": public_key},
    )
    return key
