"""Make sure that a person is there, by a PIN or a passkey: strong, and each time anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, durable, transaction
from okplatform.kernel.errors import Refusal
from wallet import passkeys, pins
from wallet.models import PresencePin

# Counted before it is looked at, so that 64 at once get no more tries than one after the other.
TRY = """
UPDATE wallet_presence_pin SET tries = tries + 1, tried_at = %(now)s
WHERE person_id = %(person_id)s AND tries < %(most)s
RETURNING secret_hash, tries
"""

# Only the PIN that was right forgets the wrong tries: it may have been replaced meanwhile.
FORGET = """
UPDATE wallet_presence_pin SET tries = 0 WHERE person_id = %(person_id)s AND secret_hash = %(hash)s
"""


class PinNotSet(Refusal):
    """The person has no PIN."""

    code = "pin_not_set"
    sentence = _("You have no PIN for confirming yet. Choose one first.")


class PinWrong(Refusal):
    """That is not it; ``left`` tries remain."""

    code = "pin_wrong"
    status = 403
    sentence = _("That is not your PIN. Tries left: {left}.")


class PinMissing(Refusal):
    """What was typed is no PIN at all; it does not count as a try."""

    code = "pin_missing"
    status = 422
    sentence = _("Type your PIN: 4 to 8 digits.")


class PinLocked(Refusal):
    """No try is left."""

    code = "pin_locked"
    status = 403
    sentence = _(
        "Your PIN is locked after too many wrong tries."
        " Show with your password that it is you, and choose a new one."
    )


class PasskeyWrong(Refusal):
    """None of the person's passkeys signed this challenge."""

    code = "passkey_wrong"
    status = 403
    sentence = _("Your passkey did not confirm this. Try again, or use your PIN.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyAnswer:
    """What the browser answered to a ``passkeys.Challenge``, beside our side of that challenge."""

    state: Mapping[str, Any]
    answer: Mapping[str, Any]


@durable
def confirm_presence(
    *,
    person_id: int,
    now: datetime,
    actor: Actor,
    pin: str | None = None,
    passkey: PasskeyAnswer | None = None,
) -> str:
    """Return by what the person showed to be there, "passkey" or "pin"; a passkey goes first.

    Raises ``PasskeyWrong``, ``PinMissing``, ``PinNotSet``, ``PinWrong`` or ``PinLocked``. Outside a
    transaction: a wrong try is counted for good, whatever the caller does next.
    """
    if passkey is not None:
        if not passkeys.signs(person_id=person_id, state=passkey.state, answer=passkey.answer):
            raise PasskeyWrong
        _shown(person_id, "passkey", actor)
        return "passkey"
    if pin is None or not pins.is_pin(pin):
        raise PinMissing
    secret_hash, tries = _try(person_id, now, actor)
    if not pins.matches(person_id=person_id, pin=pin, secret_hash=secret_hash):
        left = PresencePin.MOST_TRIES - tries
        raise PinWrong(left=left) if left else PinLocked
    _shown(person_id, "pin", actor, secret_hash=secret_hash)
    return "pin"


def _try(person_id: int, now: datetime, actor: Actor) -> tuple[str, int]:
    """Take one of the tries that are left; return the hash, and which try this is."""
    asked = {"person_id": person_id, "now": now, "most": PresencePin.MOST_TRIES}
    with transaction():
        taken = call(TRY, asked)
        if taken:
            _record(actor, "pin_tried", person_id, {"try": taken[0][1]})
    if taken:
        secret_hash, tries = taken[0]
        return secret_hash, tries
    if PresencePin.objects.filter(person_id=person_id).exists():
        raise PinLocked
    raise PinNotSet


def _shown(person_id: int, method: str, actor: Actor, *, secret_hash: str | None = None) -> None:
    with transaction():
        if secret_hash is not None:
            call(FORGET, {"person_id": person_id, "hash": secret_hash})
        _record(actor, "presence_confirmed", person_id, {"by": method})


def _record(actor: Actor, action: str, person_id: int, data: Mapping[str, Any]) -> None:
    audit.record(actor=actor, action=action, object_type="person", object_id=person_id, data=data)
