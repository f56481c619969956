"""Sign a till in by its key."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from okplatform.kernel import db
from okplatform.kernel.errors import Refusal
from okplatform.parties import api_keys
from okplatform.parties.queries import FoundKey, find_key
from okplatform.parties.tills import Till

USE_IS_NOTED_EVERY = timedelta(minutes=1)
NOTE_USE = """
UPDATE parties_apikey SET last_used_at = %(now)s
WHERE id = %(id)s AND (last_used_at IS NULL OR last_used_at <= %(before)s)
"""

MOST_REMEMBERED = 20_000
"""How many keys a process remembers; the one it met first goes first."""

_remembered: dict[str, FoundKey] = {}


class KeyInvalid(Refusal):
    """No key of ours reads like this."""

    code = "key_invalid"
    status = 401
    sentence = _("This API key is not valid. Check the key in the settings of the till.")


class KeyRevoked(Refusal):
    """The merchant took the key back."""

    code = "key_revoked"
    status = 401
    sentence = _("This API key has been revoked. Ask the merchant for a new one.")


class GrantWithdrawn(Refusal):
    """The merchant no longer allows this till vendor."""

    code = "grant_withdrawn"
    status = 401
    sentence = _("The merchant no longer allows this till vendor.")


def use_api_key(*, key: str, now: datetime) -> Till:
    """Return the till a key signs in; raises ``KeyInvalid``, ``KeyRevoked`` or ``GrantWithdrawn``.

    Only who proves to have the secret learns more than "not valid". The use is noted at most once a
    minute, so that a busy till does not write a row for every sale.
    """
    found = _look_up(key)
    _note_use(found, now)
    return found.till


def recall_api_key(*, key: str, now: datetime) -> Till:
    """As ``use_api_key``, from memory where this process has seen the key before.

    Then ``Till.remembered`` is set: the till counts as signed in once PostgreSQL has seen that
    proof. It saves the till a round trip of its own.
    """
    prefix = api_keys.prefix_of(key)
    found = _remembered.get(prefix or "")
    if found is None or not _proves(key, found):
        found = _look_up(key)
        till = found.till
    else:
        till = replace(found.till, remembered=found.proof)
    used = _note_use(found, now)
    while len(_remembered) >= MOST_REMEMBERED:
        _remembered.pop(next(iter(_remembered)), None)
    _remembered[found.proof.prefix] = used
    return till


def _look_up(key: str) -> FoundKey:
    prefix = api_keys.prefix_of(key)
    found = find_key(prefix) if prefix else None
    if found is None or not _proves(key, found):
        raise KeyInvalid
    if found.revoked:
        raise KeyRevoked
    if found.withdrawn:
        raise GrantWithdrawn
    return found


def _proves(key: str, found: FoundKey) -> bool:
    return api_keys.matches(key, settings.OK_API_KEY_PEPPER, found.digest)


def _note_use(found: FoundKey, now: datetime) -> FoundKey:
    """Note that the key is in use, if that was not noted lately; return it as it is now."""
    before = now - USE_IS_NOTED_EVERY
    if found.last_used_at is not None and found.last_used_at > before:
        return found
    db.call(NOTE_USE, {"id": found.id, "now": now, "before": before})
    return replace(found, last_used_at=now)
