"""Sign a till in by its key."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from okplatform.kernel import db
from okplatform.kernel.errors import Refusal
from okplatform.parties import api_keys
from okplatform.parties.queries import find_key
from okplatform.parties.tills import Till

USE_IS_NOTED_EVERY = timedelta(minutes=1)
NOTE_USE = """
UPDATE parties_apikey SET last_used_at = %(now)s
WHERE id = %(id)s AND (last_used_at IS NULL OR last_used_at <= %(before)s)
"""


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
    prefix = api_keys.prefix_of(key)
    found = find_key(prefix) if prefix else None
    if found is None or not api_keys.matches(key, settings.OK_API_KEY_PEPPER, found.digest):
        raise KeyInvalid
    if found.revoked:
        raise KeyRevoked
    if found.withdrawn:
        raise GrantWithdrawn
    before = now - USE_IS_NOTED_EVERY
    if found.last_used_at is None or found.last_used_at <= before:
        db.call(NOTE_USE, {"id": found.id, "now": now, "before": before})
    return found.till
