"""Sign in a till vendor who acts, with a key of its own, for the merchant that it names."""

from datetime import datetime, timedelta

from django.conf import settings

from okplatform.kernel import db
from okplatform.parties import api_keys, networks
from okplatform.parties.actions.key_refusals import (
    CallerNotAllowed,
    GrantWithdrawn,
    KeyInvalid,
    KeyRevoked,
    PartnerNotGranted,
    TillNotOfMerchant,
)
from okplatform.parties.queries import FoundPartnerKey, find_partner_key
from okplatform.parties.tills import Caller, Till

USE_IS_NOTED_EVERY = timedelta(minutes=1)
NOTE_USE = """
UPDATE parties_partner_key SET last_used_at = %(now)s, last_used_from = %(from)s
WHERE id = %(id)s AND (last_used_at IS NULL OR last_used_at <= %(before)s)
"""


def use_partner_key(*, key: str, now: datetime, caller: Caller) -> Till | None:
    """Return the till for the merchant that the call names; None for what is no partner's own key.

    It may do what key and grant both say. Asked anew at every call, never from memory. Raises
    ``KeyInvalid``, ``KeyRevoked``, ``CallerNotAllowed``, ``PartnerNotGranted`` (no such merchant
    too), ``GrantWithdrawn`` and ``TillNotOfMerchant``.
    """
    prefix = api_keys.prefix_of(key)
    found = find_partner_key(prefix, caller) if prefix else None
    if found is None:
        return None
    if not api_keys.matches(key, settings.OK_API_KEY_PEPPER, found.digest):
        raise KeyInvalid
    till = _allowed(found, caller)
    _note_use(found, caller, now)
    return till


def _allowed(found: FoundPartnerKey, caller: Caller) -> Till:
    if found.revoked:
        raise KeyRevoked
    if found.networks and not networks.lies_in(caller.address, found.networks):
        raise CallerNotAllowed
    if found.withdrawn:
        raise GrantWithdrawn
    if found.till is None:
        raise PartnerNotGranted
    if (caller.store is not None and found.till.store_id is None) or (
        caller.terminal is not None and found.till.terminal_id is None
    ):
        raise TillNotOfMerchant
    return found.till


def _note_use(found: FoundPartnerKey, caller: Caller, now: datetime) -> None:
    before = now - USE_IS_NOTED_EVERY
    if found.last_used_at is not None and found.last_used_at > before:
        return
    where = networks.neighbourhood(caller.address)
    db.call(NOTE_USE, {"id": found.id, "now": now, "before": before, "from": where})
