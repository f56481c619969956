"""Sign a till in by its key, or by that of a till vendor who acts for its merchant."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings

from okplatform.kernel import db
from okplatform.kernel.errors import Refusal
from okplatform.parties import api_keys, networks
from okplatform.parties.actions.key_refusals import (
    CallerNotAllowed,
    GrantWithdrawn,
    KeyEnded,
    KeyInvalid,
    KeyRevoked,
    MerchantNotNamed,
    MerchantNotOfKey,
)
from okplatform.parties.actions.use_partner_key import use_partner_key
from okplatform.parties.queries import FoundKey, find_key, partner_key_digest
from okplatform.parties.tills import Caller, Till

USE_IS_NOTED_EVERY = timedelta(minutes=1)
NOTE_USE = """
UPDATE parties_apikey SET last_used_at = %(now)s, last_used_from = %(from)s
WHERE id = %(id)s AND (last_used_at IS NULL OR last_used_at <= %(before)s)
"""

MOST_REMEMBERED = 20_000
"""How many keys a process remembers; the one it met first goes first."""

_remembered: dict[str, FoundKey] = {}

NOBODY = Caller()


def use_api_key(*, key: str, now: datetime, caller: Caller = NOBODY) -> Till:
    """Return the till a key signs in.

    Raises ``KeyInvalid``, ``KeyRevoked``, ``KeyEnded``, ``GrantWithdrawn``, ``CallerNotAllowed``,
    ``MerchantNotOfKey``, and what ``use_partner_key`` refuses. Only who proves to have the secret
    learns more than "not valid". The use is noted at most once a minute, so that a busy till does
    not write a row for every sale.
    """
    if caller.merchant is not None:
        till = use_partner_key(key=key, now=now, caller=caller)
        if till is not None:
            return till
    found = _look_up(key)
    if found.proof.prefix in _remembered:
        # What this process remembers is outdated, or it would not have asked.
        _remembered[found.proof.prefix] = found
    _check(found, caller, now)
    _note_use(found, caller, now)
    return found.till


def recall_api_key(*, key: str, now: datetime, caller: Caller = NOBODY) -> Till:
    """As ``use_api_key``, from memory where this process has seen the merchant's key before.

    Then ``Till.remembered`` is set: the till counts as signed in once PostgreSQL has seen that
    proof. It saves the till a round trip of its own.
    """
    prefix = api_keys.prefix_of(key)
    found = _remembered.get(prefix or "")
    if found is None or not _proves(key, found):
        if caller.merchant is not None:
            till = use_partner_key(key=key, now=now, caller=caller)
            if till is not None:
                return till
        found = _look_up(key)
        till = found.till
    else:
        till = replace(found.till, remembered=found.proof)
    try:
        _check(found, caller, now)
    except Refusal:
        # What was remembered may be outdated: it may be allowed now, or revoked.
        found = _look_up(key)
        till = found.till
        _check(found, caller, now)
    used = _note_use(found, caller, now)
    while len(_remembered) >= MOST_REMEMBERED:
        _remembered.pop(next(iter(_remembered)), None)
    _remembered[found.proof.prefix] = used
    return till


def _look_up(key: str) -> FoundKey:
    prefix = api_keys.prefix_of(key)
    found = find_key(prefix) if prefix else None
    if found is None or not _proves(key, found):
        partners = partner_key_digest(prefix) if prefix and found is None else None
        if partners and api_keys.matches(key, settings.OK_API_KEY_PEPPER, partners):
            raise MerchantNotNamed
        raise KeyInvalid
    if found.revoked:
        raise KeyRevoked
    if found.withdrawn:
        raise GrantWithdrawn
    return found


def _check(found: FoundKey, caller: Caller, now: datetime) -> None:
    """Raise for what depends on the call: its moment, from where it comes, whom it names."""
    if found.ends_at is not None and found.ends_at <= now:
        raise KeyEnded
    if found.networks and not networks.lies_in(caller.address, found.networks):
        raise CallerNotAllowed
    if caller.merchant not in {None, found.merchant_reference}:
        raise MerchantNotOfKey


def _proves(key: str, found: FoundKey) -> bool:
    return api_keys.matches(key, settings.OK_API_KEY_PEPPER, found.digest)


def _note_use(found: FoundKey, caller: Caller, now: datetime) -> FoundKey:
    """Note that the key is in use, if that was not noted lately; return it as it is now."""
    before = now - USE_IS_NOTED_EVERY
    if found.last_used_at is not None and found.last_used_at > before:
        return found
    where = networks.neighbourhood(caller.address)
    db.call(NOTE_USE, {"id": found.id, "now": now, "before": before, "from": where})
    return replace(found, last_used_at=now)
